//! Lanes of pose tokens, for generators that think in them: one lane for each part and layer, a number in each token,
//! and generated, edited and locked ones told apart by hue and pattern.

use super::ink::Hatch;
use super::lanes::{Look, Segments};
use super::tiers::TierId;
use crate::app::i18n::{tr, tr_with};
use crate::time::TimeRange;
use std::borrow::Cow;

/// Whose token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenState {
    /// As the generator made it.
    Generated,
    /// Chosen by the user.
    Edited,
    /// Kept as it is when something is generated again.
    Locked,
}

/// One token: a number of the generator's codebook over a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    pub range: TimeRange,
    pub code: u32,
    pub state: TokenState,
}

/// The tokens of one part of the body in one layer, in order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenTier {
    /// One of the four token tiers.
    pub tier: TierId,
    pub tokens: Vec<Token>,
}

/// The lane of one token tier.
pub struct TokenLane<'a> {
    pub tokens: &'a [Token],
    /// Index of the selected token.
    pub selected: Option<usize>,
}

impl Segments for TokenLane<'_> {
    fn count(&self) -> usize {
        self.tokens.len()
    }

    fn range(&self, i: usize) -> TimeRange {
        self.tokens[i].range
    }

    fn look(&self, i: usize) -> Look {
        let state = self.tokens[i].state;
        Look {
            selected: self.selected == Some(i),
            edited: state == TokenState::Edited,
            locked: state == TokenState::Locked,
            hatch: match state {
                TokenState::Generated => Hatch::Rising,
                TokenState::Edited => Hatch::None,
                TokenState::Locked => Hatch::Crossed,
            },
            ..Look::default()
        }
    }

    fn text(&self, i: usize) -> Cow<'_, str> {
        self.tokens[i].code.to_string().into()
    }

    fn name(&self, i: usize) -> String {
        let token = self.tokens[i];
        let state = match token.state {
            TokenState::Generated => tr("generated"),
            TokenState::Edited => tr("edited"),
            TokenState::Locked => tr("locked"),
        };
        let places = [("number", &*(i + 1).to_string()), ("code", &*token.code.to_string()), ("state", state)];
        tr_with("Token {number}: code {code}, {state}", &places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Seconds;

    /// What a generator would hand over: three tokens of 80 ms, one of each kind.
    fn fixture() -> TokenTier {
        let states = [TokenState::Generated, TokenState::Edited, TokenState::Locked];
        let tokens = states.into_iter().enumerate().map(|(i, state)| Token {
            range: TimeRange::new(Seconds(i as f64 * 0.08), Seconds((i + 1) as f64 * 0.08)),
            code: 100 + i as u32,
            state,
        });
        TokenTier { tier: TierId::FaceBase, tokens: tokens.collect() }
    }

    #[test]
    fn the_three_kinds_differ_by_more_than_hue() {
        let tier = fixture();
        let lane = TokenLane { tokens: &tier.tokens, selected: None };
        let looks: Vec<Look> = (0..lane.count()).map(|i| lane.look(i)).collect();
        assert_eq!(looks[0].hatch, Hatch::Rising);
        assert!(looks[1].edited && looks[1].hatch == Hatch::None);
        assert!(looks[2].locked && looks[2].hatch == Hatch::Crossed);
        assert_eq!(lane.name(1), "Token 2: code 101, edited");
    }

    /// The lane as the timeline draws it: every token is an element with its name.
    #[test]
    fn a_lane_of_tokens_is_drawn_and_read_out() {
        use super::super::lanes::Lane;
        use super::super::view::Scale;
        use egui_kittest::Harness;
        use egui_kittest::kittest::Queryable as _;
        let tier = fixture();
        let harness = Harness::builder().with_size(egui::vec2(300.0, 60.0)).build_ui(move |ui| {
            ui.ctx().set_fonts(crate::app::fonts::definitions());
            let segments = TokenLane { tokens: &tier.tokens, selected: Some(1) };
            let lane = Lane { tier: tier.tier, segments: &segments, current: Some(0) };
            let rect = egui::Rect::from_min_size(egui::pos2(0.0, 10.0), egui::vec2(300.0, 30.0));
            let shown = TimeRange::new(Seconds(0.0), Seconds(0.24));
            let scale = Scale { shown, x: egui::Rangef::new(0.0, 300.0) };
            let t = crate::app::theme::ThemeChoice::Dark.tokens();
            lane.show(ui, rect, scale, t, &mut super::super::density::Densities::default());
        });
        for name in ["Token 1: code 100, generated", "Token 2: code 101, edited", "Token 3: code 102, locked"] {
            assert!(harness.query_by_label(name).is_some(), "{name}");
        }
    }
}
