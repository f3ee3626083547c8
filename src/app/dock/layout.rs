//! Where the panes stand: a tree of rows, columns and tabs, with three presets to begin from.
//!
//! Two arrangements are kept, one for a roomy window and one for a narrow one (a small screen, or large text), so that
//! neither spoils the other. Side panes keep their size in points when the window changes; what is in the middle takes
//! the rest. egui_tiles itself knows shares only, so [`Layout::arrange`] turns wanted points into shares before each
//! frame and [`Layout::keep_sizes`] reads them back after the user has dragged an edge.

use super::Pane;
use crate::app::i18n::later;
use egui::{Id, Rect, Vec2, vec2};
use egui_tiles::{Container, Linear, LinearDir, Tile, TileId, Tiles, Tree};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Height of the bar of tabs, points.
pub const TAB_BAR: f32 = 26.0;
/// Gap between panes, points.
pub const GAP: f32 = 2.0;
/// A dock smaller than this gets the narrow arrangement.
const ROOMY: Vec2 = vec2(1000.0, 520.0);

/// An arrangement to begin from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Preset {
    /// Correcting cues: problems at the left, the inspector at the right.
    #[default]
    Cueing,
    /// Refining motion: a high timeline, takes at the left.
    Animation,
    /// Looking through: a large picture and the list of problems.
    Review,
}

impl Preset {
    pub const ALL: [Self; 3] = [Self::Cueing, Self::Animation, Self::Review];

    pub fn name(self) -> &'static str {
        match self {
            Self::Cueing => later("Cueing"),
            Self::Animation => later("Animation"),
            Self::Review => later("Review"),
        }
    }

    fn plan(self, narrow: bool) -> Plan {
        use Pane as P;
        let tabs = Plan::Tabs;
        if narrow {
            let (order, timeline): (&'static [Pane], f32) = match self {
                Self::Cueing => (
                    &[
                        P::Inspector,
                        P::Problems,
                        P::Score,
                        P::Project,
                        P::Takes,
                        P::Hands,
                        P::Alignment,
                        P::History,
                        P::Jobs,
                        P::Messages,
                    ],
                    0.46,
                ),
                Self::Animation => (
                    &[
                        P::Takes,
                        P::Hands,
                        P::Inspector,
                        P::History,
                        P::Problems,
                        P::Score,
                        P::Project,
                        P::Alignment,
                        P::Jobs,
                        P::Messages,
                    ],
                    0.52,
                ),
                Self::Review => (
                    &[
                        P::Problems,
                        P::Score,
                        P::Inspector,
                        P::Project,
                        P::Takes,
                        P::Hands,
                        P::Alignment,
                        P::History,
                        P::Jobs,
                        P::Messages,
                    ],
                    0.36,
                ),
            };
            let top = Plan::Row(vec![(REST, tabs(&[P::Viewport])), (Size(308.0, 0.0), tabs(order))]);
            return Plan::Column(vec![(REST, top), (Size(140.0, timeline), tabs(&[P::Timeline]))]);
        }
        match self {
            Self::Cueing => {
                let left = Plan::Column(vec![
                    (Size(140.0, 0.34), tabs(&[P::Project, P::History])),
                    (REST, tabs(&[P::Problems, P::Jobs, P::Messages])),
                ]);
                let top = Plan::Row(vec![
                    (Size(236.0, 0.0), left),
                    (REST, tabs(&[P::Viewport])),
                    (Size(308.0, 0.0), tabs(&[P::Inspector, P::Takes, P::Hands, P::Score, P::Alignment])),
                ]);
                Plan::Column(vec![(REST, top), (Size(260.0, 0.42), tabs(&[P::Timeline]))])
            }
            Self::Animation => {
                let right = Plan::Column(vec![
                    (REST, tabs(&[P::Inspector, P::Hands, P::Project, P::Score])),
                    (Size(110.0, 0.3), tabs(&[P::History, P::Problems, P::Jobs, P::Messages])),
                ]);
                let top = Plan::Row(vec![
                    (Size(260.0, 0.0), tabs(&[P::Takes, P::Alignment])),
                    (REST, tabs(&[P::Viewport])),
                    (Size(308.0, 0.0), right),
                ]);
                Plan::Column(vec![(REST, top), (Size(260.0, 0.5), tabs(&[P::Timeline]))])
            }
            Self::Review => {
                let middle =
                    Plan::Column(vec![(REST, tabs(&[P::Viewport])), (Size(180.0, 0.28), tabs(&[P::Timeline]))]);
                let right = Plan::Column(vec![
                    (REST, tabs(&[P::Problems, P::Score, P::History])),
                    (
                        Size(140.0, 0.45),
                        tabs(&[P::Inspector, P::Project, P::Takes, P::Hands, P::Alignment, P::Jobs, P::Messages]),
                    ),
                ]);
                Plan::Row(vec![(REST, middle), (Size(320.0, 0.0), right)])
            }
        }
    }
}

/// At least so many points, and at least this share of the room.
#[derive(Clone, Copy, Debug)]
struct Size(f32, f32);

/// Takes what the others leave.
const REST: Size = Size(0.0, 0.0);

/// An arrangement as it is written down.
enum Plan {
    Tabs(&'static [Pane]),
    Row(Vec<(Size, Plan)>),
    Column(Vec<(Size, Plan)>),
}

/// One arrangement of all panes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Layout {
    preset: Preset,
    narrow: bool,
    tree: Tree<Pane>,
    /// Size in points that a child of a row or column is to have, where it is not the one that takes the rest.
    wanted: BTreeMap<u64, f32>,
    /// Least points and share of the room, which become points when the room is known.
    shares: BTreeMap<u64, (f32, f32)>,
}

impl Layout {
    pub fn new(preset: Preset, narrow: bool) -> Self {
        let mut tiles = Tiles::default();
        let mut shares = BTreeMap::new();
        let root = insert(&mut tiles, &preset.plan(narrow), &mut shares);
        let tree = Tree::new(Id::unique(("dock", narrow)), root, tiles);
        Self { preset, narrow, tree, wanted: BTreeMap::new(), shares }
    }

    /// Every pane stands in it once: what was read from the settings of another version may not.
    fn is_whole(&self) -> bool {
        let mut found = BTreeSet::new();
        let mut panes = self.tree.tiles.tiles().filter_map(|t| match t {
            Tile::Pane(pane) => Some(*pane),
            Tile::Container(_) => None,
        });
        let once = panes.all(|pane| found.insert(pane));
        once && found.len() == Pane::ALL.len() && self.tree.root().is_some()
    }

    fn tile(&self, pane: Pane) -> Option<TileId> {
        self.tree.tiles.find_pane(&pane)
    }

    /// Gives every row and column its sizes for this room.
    pub fn arrange(&mut self, room: Rect) {
        let Some(root) = self.tree.root() else { return };
        self.arrange_tile(root, room.size());
    }

    fn arrange_tile(&mut self, id: TileId, room: Vec2) {
        let Some(Tile::Container(container)) = self.tree.tiles.get(id) else { return };
        let linear = match container {
            Container::Linear(linear) => linear,
            other => {
                let children = other.children_vec();
                for child in children {
                    self.arrange_tile(child, vec2(room.x, room.y - TAB_BAR));
                }
                return;
            }
        };
        let dir = linear.dir;
        let along = |size: Vec2| if dir == LinearDir::Horizontal { size.x } else { size.y };
        let children: Vec<TileId> =
            linear.children.iter().copied().filter(|c| self.tree.is_visible_in_layout(*c)).collect();
        if children.is_empty() {
            return;
        }
        let total = (along(room) - GAP * (children.len() as f32 - 1.0)).max(0.0);
        let least: Vec<f32> = children.iter().map(|c| along(self.least(*c))).collect();
        let rest = self.taker(&children);
        let wanted: Vec<f32> = children
            .iter()
            .zip(&least)
            .map(|(child, least)| {
                let (points, share) = self.shares.get(&child.0).copied().unwrap_or_default();
                let first = (share * total).max(points);
                let fallback = if first > 0.0 { first } else { total / children.len() as f32 };
                self.wanted.get(&child.0).copied().unwrap_or(fallback).max(*least)
            })
            .collect();
        let sizes = share_out(&wanted, &least, rest, total);
        for ((child, size), i) in children.iter().zip(&sizes).zip(0..) {
            if i != rest {
                self.wanted.entry(child.0).or_insert(wanted[i]);
            }
            if let Some(Tile::Container(Container::Linear(linear))) = self.tree.tiles.get_mut(id) {
                linear.shares.set_share(*child, *size);
            }
            let inner = if dir == LinearDir::Horizontal { vec2(*size, room.y) } else { vec2(room.x, *size) };
            self.arrange_tile(*child, inner);
        }
    }

    /// Index of the child that takes what the others leave: the one with the picture, else the one with the timeline,
    /// else the last.
    fn taker(&self, children: &[TileId]) -> usize {
        let with = |pane| children.iter().position(|c| self.shows(*c, pane));
        let rest = children.iter().position(|c| !self.wanted.contains_key(&c.0) && !self.shares.contains_key(&c.0));
        with(Pane::Viewport).or_else(|| with(Pane::Timeline)).or(rest).unwrap_or(children.len() - 1)
    }

    fn shows(&self, id: TileId, pane: Pane) -> bool {
        match self.tree.tiles.get(id) {
            Some(Tile::Pane(p)) => *p == pane && self.tree.is_visible(id),
            Some(Tile::Container(c)) => c.children().any(|child| self.shows(*child, pane)),
            None => false,
        }
    }

    /// The least size at which all that is visible under a tile is of use.
    fn least(&self, id: TileId) -> Vec2 {
        let children = |c: &Container| -> Vec<Vec2> {
            c.children().filter(|c| self.tree.is_visible_in_layout(**c)).map(|c| self.least(*c)).collect()
        };
        match self.tree.tiles.get(id) {
            None => Vec2::ZERO,
            Some(Tile::Pane(pane)) => pane.least(),
            Some(Tile::Container(container @ Container::Linear(Linear { dir, .. }))) => {
                let all = children(container);
                let gaps = GAP * all.len().saturating_sub(1) as f32;
                match dir {
                    LinearDir::Horizontal => all.iter().fold(vec2(gaps, 0.0), |s, c| vec2(s.x + c.x, s.y.max(c.y))),
                    LinearDir::Vertical => all.iter().fold(vec2(0.0, gaps), |s, c| vec2(s.x.max(c.x), s.y + c.y)),
                }
            }
            Some(Tile::Container(container)) => {
                children(container).iter().fold(Vec2::ZERO, |s, c| s.max(*c)) + vec2(0.0, TAB_BAR)
            }
        }
    }

    /// Takes over the sizes that the user has dragged.
    pub fn keep_sizes(&mut self) {
        let mut kept = BTreeMap::new();
        for tile in self.tree.tiles.tiles() {
            if let Tile::Container(Container::Linear(linear)) = tile {
                let visible: Vec<TileId> =
                    linear.children.iter().copied().filter(|c| self.tree.is_visible_in_layout(*c)).collect();
                kept.extend(visible.into_iter().map(|c| (c.0, linear.shares[c])));
            }
        }
        self.wanted.extend(kept);
    }
}

fn insert(tiles: &mut Tiles<Pane>, plan: &Plan, shares: &mut BTreeMap<u64, (f32, f32)>) -> TileId {
    let (dir, children) = match plan {
        Plan::Tabs(panes) => {
            let children = panes.iter().map(|p| tiles.insert_pane(*p)).collect();
            return tiles.insert_tab_tile(children);
        }
        Plan::Row(children) => (LinearDir::Horizontal, children),
        Plan::Column(children) => (LinearDir::Vertical, children),
    };
    let ids = children
        .iter()
        .map(|(size, plan)| {
            let id = insert(tiles, plan, shares);
            if size.0 > 0.0 {
                shares.insert(id.0, (size.0, size.1));
            }
            id
        })
        .collect();
    tiles.insert_container(Container::new_linear(dir, ids))
}

/// Divides `total` points: each gets what it wants, `rest` takes what is left over. Where that is less than `rest`
/// needs, the others give from what they have above their least; where even that is not enough, all shrink alike.
fn share_out(wanted: &[f32], least: &[f32], rest: usize, total: f32) -> Vec<f32> {
    let needed: f32 = least.iter().sum();
    if needed >= total {
        let scale = if needed > 0.0 { total / needed } else { 0.0 };
        return least.iter().map(|l| l * scale).collect();
    }
    let others: f32 = wanted.iter().enumerate().filter(|(i, _)| *i != rest).map(|(_, w)| w).sum();
    let spare: f32 = wanted.iter().zip(least).enumerate().filter(|(i, _)| *i != rest).map(|(_, (w, l))| w - l).sum();
    let missing = (least[rest] - (total - others)).max(0.0);
    let give = if spare > 0.0 { (missing / spare).min(1.0) } else { 0.0 };
    let mut sizes: Vec<f32> = wanted.iter().zip(least).map(|(w, l)| w - (w - l) * give).collect();
    let taken: f32 = sizes.iter().enumerate().filter(|(i, _)| *i != rest).map(|(_, s)| s).sum();
    sizes[rest] = total - taken;
    sizes
}

/// The arrangements of the window, and which pane has the keyboard.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Dock {
    roomy: Layout,
    narrow: Layout,
    /// Which of the two is on screen.
    #[serde(skip)]
    is_narrow: bool,
    /// The pane that the keyboard is to go to in the next frame.
    #[serde(skip)]
    pub wanted_focus: Option<Pane>,
    /// The pane that the keyboard is in.
    #[serde(skip)]
    pub focused: Option<Pane>,
    /// The panes in front, while the tree is lent out.
    #[serde(skip)]
    lent: Vec<Pane>,
}

impl Default for Dock {
    fn default() -> Self {
        Self::new(Preset::default())
    }
}

impl Dock {
    pub fn new(preset: Preset) -> Self {
        Self {
            roomy: Layout::new(preset, false),
            narrow: Layout::new(preset, true),
            is_narrow: false,
            wanted_focus: None,
            focused: None,
            lent: Vec::new(),
        }
    }

    /// As read from the settings: an arrangement that lacks a pane gives way to its preset.
    pub fn repaired(mut self) -> Self {
        for layout in [&mut self.roomy, &mut self.narrow] {
            if !layout.is_whole() {
                *layout = Layout::new(layout.preset, layout.narrow);
            }
        }
        self
    }

    fn layout(&self) -> &Layout {
        if self.is_narrow { &self.narrow } else { &self.roomy }
    }

    fn layout_mut(&mut self) -> &mut Layout {
        if self.is_narrow { &mut self.narrow } else { &mut self.roomy }
    }

    pub fn preset(&self) -> Preset {
        self.layout().preset
    }

    /// Begins anew from a preset, in both arrangements.
    pub fn set_preset(&mut self, preset: Preset) {
        let narrow = self.is_narrow;
        *self = Self { is_narrow: narrow, ..Self::new(preset) };
    }

    /// Chooses the arrangement for this room and sizes it.
    pub fn arrange(&mut self, room: Rect) {
        self.is_narrow = room.width() < ROOMY.x || room.height() < ROOMY.y;
        self.layout_mut().arrange(room);
    }

    /// Draws the arrangement on screen; the tree is lent out, because what it draws needs the rest of the studio.
    pub fn take_tree(&mut self) -> Tree<Pane> {
        self.lent = Pane::ALL.into_iter().filter(|pane| self.is_in_front(*pane)).collect();
        let layout = self.layout_mut();
        std::mem::replace(&mut layout.tree, Tree::empty(Id::unique("lent")))
    }

    pub fn put_back(&mut self, tree: Tree<Pane>, resized: bool) {
        self.lent.clear();
        let layout = self.layout_mut();
        layout.tree = tree;
        if resized {
            layout.keep_sizes();
        }
    }

    /// Not hidden by the user; it may still be a tab behind another.
    pub fn is_shown(&self, pane: Pane) -> bool {
        let layout = self.layout();
        layout.tile(pane).is_some_and(|id| layout.tree.is_visible(id))
    }

    /// On screen: shown, and the front one of its tabs.
    pub fn is_in_front(&self, pane: Pane) -> bool {
        if !self.lent.is_empty() {
            // The tree is being drawn.
            return self.lent.contains(&pane);
        }
        let layout = self.layout();
        layout.tile(pane).is_some_and(|id| layout.tree.active_tiles().contains(&id))
    }

    pub fn show(&mut self, pane: Pane) {
        let layout = self.layout_mut();
        if let Some(id) = layout.tile(pane) {
            layout.tree.set_visible(id, true);
            layout.tree.make_active(|tile, _| tile == id);
        }
    }

    pub fn hide(&mut self, pane: Pane) {
        let layout = self.layout_mut();
        if let Some(id) = layout.tile(pane) {
            layout.tree.set_visible(id, false);
        }
    }

    /// Shows a hidden pane or one behind another; hides one that is on screen.
    pub fn toggle(&mut self, pane: Pane) {
        if self.is_in_front(pane) { self.hide(pane) } else { self.show(pane) }
    }

    /// Shows a pane and gives it the keyboard.
    pub fn go_to(&mut self, pane: Pane) {
        self.show(pane);
        self.wanted_focus = Some(pane);
    }

    /// Nothing is shown.
    pub fn is_empty(&self) -> bool {
        self.in_front().is_empty()
    }

    /// The pane at a place of the screen, as it was last drawn.
    pub fn pane_at(&self, place: egui::Pos2) -> Option<Pane> {
        let tree = &self.layout().tree;
        self.in_front().into_iter().find(|pane| {
            tree.tiles.find_pane(pane).and_then(|id| tree.tiles.rect(id)).is_some_and(|r| r.contains(place))
        })
    }

    /// The panes on screen in reading order: from left to right, from top to bottom.
    fn in_front(&self) -> Vec<Pane> {
        fn walk(tree: &Tree<Pane>, id: TileId, out: &mut Vec<Pane>) {
            match tree.tiles.get(id) {
                Some(Tile::Pane(pane)) if tree.is_visible(id) => out.push(*pane),
                Some(Tile::Container(Container::Tabs(tabs))) => {
                    if let Some(front) = tabs.next_active(&tree.tiles) {
                        walk(tree, front, out);
                    }
                }
                Some(Tile::Container(container)) => container.children().for_each(|c| walk(tree, *c, out)),
                _ => {}
            }
        }
        let mut out = Vec::new();
        let tree = &self.layout().tree;
        if let Some(root) = tree.root() {
            walk(tree, root, &mut out);
        }
        out
    }

    /// The keyboard goes to the next pane on screen, or to the one before.
    pub fn cycle(&mut self, forward: bool) {
        let panes = self.in_front();
        if panes.is_empty() {
            return;
        }
        let now = self.focused.and_then(|f| panes.iter().position(|p| *p == f));
        let next = match (now, forward) {
            (None, true) => 0,
            (None, false) => panes.len() - 1,
            (Some(i), true) => (i + 1) % panes.len(),
            (Some(i), false) => (i + panes.len() - 1) % panes.len(),
        };
        self.wanted_focus = Some(panes[next]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    fn room(width: f32, height: f32) -> Rect {
        Rect::from_min_size(pos2(0.0, 28.0), vec2(width, height))
    }

    /// Sizes of the children of the first row or column that holds `pane` directly or below.
    fn size_of(dock: &Dock, pane: Pane, room: Rect) -> Vec2 {
        fn find(layout: &Layout, id: TileId, size: Vec2, pane: TileId) -> Option<Vec2> {
            match layout.tree.tiles.get(id)? {
                Tile::Pane(_) => (id == pane).then_some(size),
                Tile::Container(Container::Linear(linear)) => {
                    let visible: Vec<TileId> =
                        linear.children.iter().copied().filter(|c| layout.tree.is_visible_in_layout(*c)).collect();
                    visible.iter().find_map(|c| {
                        let share = linear.shares[*c];
                        let size =
                            if linear.dir == LinearDir::Horizontal { vec2(share, size.y) } else { vec2(size.x, share) };
                        find(layout, *c, size, pane)
                    })
                }
                Tile::Container(other) => {
                    other.children().find_map(|c| find(layout, *c, vec2(size.x, size.y - TAB_BAR), pane))
                }
            }
        }
        let layout = dock.layout();
        find(layout, layout.tree.root().unwrap(), room.size(), layout.tile(pane).unwrap()).unwrap()
    }

    #[test]
    fn every_preset_holds_every_pane_once() {
        for preset in Preset::ALL {
            for narrow in [false, true] {
                assert!(Layout::new(preset, narrow).is_whole(), "{preset:?} {narrow}");
            }
        }
    }

    #[test]
    fn panes_are_of_use_at_both_window_sizes() {
        for preset in Preset::ALL {
            for area in [room(1280.0, 746.0), room(960.0, 546.0), room(1920.0, 1026.0)] {
                let mut dock = Dock::new(preset);
                dock.arrange(area);
                for pane in dock.in_front() {
                    let size = size_of(&dock, pane, area);
                    let least = pane.least();
                    assert!(
                        size.x + 0.5 >= least.x && size.y + 0.5 >= least.y,
                        "{preset:?} {area:?} {pane:?} {size:?}"
                    );
                }
                assert!(dock.in_front().contains(&Pane::Viewport) && dock.in_front().contains(&Pane::Timeline));
            }
        }
    }

    #[test]
    fn side_panes_keep_their_size_when_the_window_changes() {
        let mut dock = Dock::default();
        let (small, large) = (room(1280.0, 746.0), room(1800.0, 746.0));
        dock.arrange(small);
        let before = size_of(&dock, Pane::Inspector, small).x;
        dock.arrange(large);
        assert!((size_of(&dock, Pane::Inspector, large).x - before).abs() < 0.5);
        dock.arrange(room(1004.0, 746.0));
        dock.arrange(small);
        assert!((size_of(&dock, Pane::Inspector, small).x - before).abs() < 0.5, "and after having been squeezed");
    }

    #[test]
    fn room_is_shared_out_to_the_last_point() {
        for (wanted, least, rest, total) in [
            (vec![200.0, 0.0, 300.0], vec![100.0, 300.0, 290.0], 1, 1000.0),
            (vec![200.0, 0.0, 300.0], vec![100.0, 300.0, 290.0], 1, 700.0),
            (vec![200.0, 0.0, 300.0], vec![100.0, 300.0, 290.0], 1, 300.0),
        ] {
            let sizes = share_out(&wanted, &least, rest, total);
            assert!((sizes.iter().sum::<f32>() - total).abs() < 0.01, "{sizes:?}");
            assert!(sizes.iter().all(|s| *s > 0.0));
        }
        assert_eq!(share_out(&[200.0, 0.0, 300.0], &[100.0, 300.0, 290.0], 1, 1000.0), [200.0, 500.0, 300.0]);
    }

    #[test]
    fn panes_are_hidden_shown_and_brought_to_the_front() {
        let mut dock = Dock::default();
        assert!(dock.is_in_front(Pane::Inspector) && !dock.is_in_front(Pane::Takes) && dock.is_shown(Pane::Takes));
        dock.toggle(Pane::Takes);
        assert!(dock.is_in_front(Pane::Takes) && !dock.is_in_front(Pane::Inspector));
        // What is drawn asks it as well, while the tree is lent out.
        let tree = dock.take_tree();
        assert!(dock.is_in_front(Pane::Takes) && !dock.is_in_front(Pane::Inspector));
        dock.put_back(tree, false);
        dock.toggle(Pane::Takes);
        assert!(!dock.is_shown(Pane::Takes));
        for pane in Pane::ALL {
            dock.hide(pane);
        }
        dock.arrange(room(1280.0, 746.0));
        assert!(dock.in_front().is_empty());
        dock.cycle(true);
        assert_eq!(dock.wanted_focus, None, "with nothing on screen the keyboard stays");
        dock.go_to(Pane::History);
        assert_eq!(dock.in_front(), [Pane::History]);
        dock.set_preset(Preset::Review);
        assert!(dock.is_in_front(Pane::Problems) && dock.preset() == Preset::Review);
    }

    #[test]
    fn the_keyboard_goes_round_the_panes_on_screen() {
        let mut dock = Dock::default();
        let mut seen = Vec::new();
        for _ in 0..dock.in_front().len() {
            dock.cycle(true);
            dock.focused = dock.wanted_focus;
            seen.extend(dock.focused);
        }
        assert_eq!(seen, dock.in_front());
        dock.cycle(true);
        assert_eq!(dock.wanted_focus, Some(seen[0]));
        dock.focused = Some(seen[0]);
        dock.cycle(false);
        assert_eq!(dock.wanted_focus, seen.last().copied());
    }

    #[test]
    fn a_layout_is_read_again_as_it_was_and_a_broken_one_is_replaced() {
        let mut dock = Dock::new(Preset::Animation);
        dock.hide(Pane::Jobs);
        dock.arrange(room(1280.0, 746.0));
        let text = ron::to_string(&dock).unwrap();
        let again: Dock = ron::from_str(&text).unwrap();
        let again = again.repaired();
        assert!(!again.is_shown(Pane::Jobs) && again.preset() == Preset::Animation);
        assert_eq!(again.in_front(), dock.in_front());

        let mut broken = dock.clone();
        let id = broken.roomy.tile(Pane::History).unwrap();
        broken.roomy.tree.remove_recursively(id);
        assert!(broken.repaired().is_shown(Pane::History));
    }
}
