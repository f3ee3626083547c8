//! The look: every colour, type size and distance of the window, and the only place where they are written down.
//!
//! Code elsewhere asks for a token ([`Tokens`]) and never writes a colour of its own. Three sets exist: dark (the
//! default: the person in the viewport is the brightest thing on screen), light, and high contrast. Tier hues are
//! those of Okabe and Ito, which people with any colour vision can tell apart; hue never stands alone.

use super::i18n::later;
use egui::style::{ScrollStyle, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Vec2, vec2};
use serde::{Deserialize, Serialize};

/// The grid that all distances are multiples of, points.
pub const GRID: f32 = 4.0;
/// Height of one row of controls.
pub const ROW: f32 = 24.0;
/// Rounding of every corner.
pub const RADIUS: u8 = 4;
/// Padding inside panels.
pub const PADDING: i8 = 8;
/// Smallest text.
pub const SMALL: f32 = 11.0;
/// Text of controls and labels.
pub const BODY: f32 = 13.0;
/// Titles of panels and dialogs.
pub const TITLE: f32 = 16.0;

/// Which set of colours is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    #[default]
    Dark,
    Light,
    HighContrast,
}

impl ThemeChoice {
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::HighContrast];

    /// Name shown to the user.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => later("Dark"),
            Self::Light => later("Light"),
            Self::HighContrast => later("High contrast"),
        }
    }

    pub fn tokens(self) -> &'static Tokens {
        match self {
            Self::Dark => &DARK,
            Self::Light => &LIGHT,
            Self::HighContrast => &HIGH_CONTRAST,
        }
    }
}

/// The tiers of the timeline, each with a hue of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tier {
    Sound,
    Words,
    Phones,
    Gloss,
    Shape,
    Position,
}

/// A set of colours by meaning.
#[derive(Debug)]
pub struct Tokens {
    pub dark: bool,
    /// Behind the picture and between panels.
    pub surface0: Color32,
    /// Panels.
    pub surface1: Color32,
    /// Controls and lanes.
    pub surface2: Color32,
    /// Controls under the pointer.
    pub surface3: Color32,
    /// Separators and quiet borders.
    pub line: Color32,
    pub text1: Color32,
    pub text2: Color32,
    pub text3: Color32,
    /// What is selected or most wanted.
    pub accent: Color32,
    /// Text on the accent colour.
    pub on_accent: Color32,
    /// Where the keyboard is.
    pub focus: Color32,
    pub danger: Color32,
    pub warning: Color32,
    pub ok: Color32,
    pub playhead: Color32,
    /// The waveform's peaks; its louder core is drawn with `sound_core`.
    pub sound: Color32,
    pub sound_core: Color32,
    pub shadow: Color32,
    /// Dims the window behind a dialog.
    pub veil: Color32,
    hues: [Color32; 5],
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

static DARK: Tokens = Tokens {
    dark: true,
    surface0: rgb(0x141619),
    surface1: rgb(0x1b1e22),
    surface2: rgb(0x252a30),
    surface3: rgb(0x323841),
    line: rgb(0x2d3239),
    text1: rgb(0xe4e7ea),
    text2: rgb(0xaab0b8),
    text3: rgb(0x8d949e),
    accent: rgb(0x9a96ff),
    on_accent: rgb(0x14131f),
    focus: rgb(0xdfe3ff),
    danger: rgb(0xff6f61),
    warning: rgb(0xf2b134),
    ok: rgb(0x4fc38a),
    playhead: rgb(0xf4f6f8),
    sound: rgb(0x616e7c),
    sound_core: rgb(0x8c9bab),
    shadow: Color32::from_rgba_premultiplied(0, 0, 0, 96),
    veil: Color32::from_rgba_premultiplied(0, 0, 0, 130),
    hues: [rgb(0xe69f00), rgb(0x56b4e9), rgb(0x2fb58c), rgb(0xcc79a7), rgb(0xe8743b)],
};

static LIGHT: Tokens = Tokens {
    dark: false,
    surface0: rgb(0xdfe2e6),
    surface1: rgb(0xf4f5f7),
    surface2: rgb(0xe7eaee),
    surface3: rgb(0xd8dde3),
    line: rgb(0xced4da),
    text1: rgb(0x1a1d21),
    text2: rgb(0x474e57),
    text3: rgb(0x5d6570),
    accent: rgb(0x4a41d8),
    on_accent: rgb(0xffffff),
    focus: rgb(0x2a1fb8),
    danger: rgb(0xb3261e),
    warning: rgb(0x8a5a00),
    ok: rgb(0x0b6b45),
    playhead: rgb(0x101214),
    sound: rgb(0x7d8895),
    sound_core: rgb(0x4f5b68),
    shadow: Color32::from_rgba_premultiplied(0, 0, 0, 40),
    veil: Color32::from_rgba_premultiplied(0, 0, 0, 90),
    hues: [rgb(0xb87800), rgb(0x0072b2), rgb(0x00805c), rgb(0xa8477f), rgb(0xc24e00)],
};

static HIGH_CONTRAST: Tokens = Tokens {
    dark: true,
    surface0: rgb(0x000000),
    surface1: rgb(0x000000),
    surface2: rgb(0x141414),
    surface3: rgb(0x303030),
    line: rgb(0x9a9a9a),
    text1: rgb(0xffffff),
    text2: rgb(0xf0f0f0),
    text3: rgb(0xd6d6d6),
    accent: rgb(0xffe14d),
    on_accent: rgb(0x000000),
    focus: rgb(0x5ff2ff),
    danger: rgb(0xff8a80),
    warning: rgb(0xffc400),
    ok: rgb(0x6dff9e),
    playhead: rgb(0xffffff),
    sound: rgb(0x8f8f8f),
    sound_core: rgb(0xe0e0e0),
    shadow: Color32::BLACK,
    veil: Color32::from_rgba_premultiplied(0, 0, 0, 200),
    hues: [rgb(0xffb52e), rgb(0x7fcbff), rgb(0x35e0ae), rgb(0xffa0d2), rgb(0xff8f5a)],
};

impl Tokens {
    /// The tier's hue: borders and marks.
    pub fn hue(&self, tier: Tier) -> Color32 {
        match tier {
            Tier::Sound => self.sound_core,
            Tier::Words => self.hues[0],
            Tier::Phones => self.hues[1],
            Tier::Gloss => self.hues[2],
            Tier::Shape => self.hues[3],
            Tier::Position => self.hues[4],
        }
    }

    /// The tier's hue laid thinly over a lane: the fill of a segment.
    pub fn fill(&self, tier: Tier) -> Color32 {
        mix(self.surface1, self.hue(tier), if self.dark { 0.20 } else { 0.16 })
    }

    /// Between the lane's ground and the hue, for borders that should not shout.
    pub fn border(&self, tier: Tier) -> Color32 {
        mix(self.surface1, self.hue(tier), if self.dark { 0.66 } else { 0.94 })
    }

    /// The accent laid thinly over a surface: selected rows and buttons.
    pub fn accent_fill(&self) -> Color32 {
        mix(self.surface1, self.accent, if self.dark { 0.26 } else { 0.18 })
    }

    /// Around fields and buttons, so that what can be used is told from what is only shown.
    pub fn control_border(&self) -> Color32 {
        mix(self.surface2, self.text3, 0.7)
    }

    /// A message's colour laid thinly over a panel.
    pub fn tint(&self, color: Color32) -> Color32 {
        mix(self.surface1, color, 0.14)
    }
}

/// `amount` of `over` on `under`, both opaque.
pub fn mix(under: Color32, over: Color32, amount: f32) -> Color32 {
    let t = amount.clamp(0.0, 1.0);
    let f = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * t).round() as u8;
    Color32::from_rgb(f(under.r(), over.r()), f(under.g(), over.g()), f(under.b(), over.b()))
}

/// Bold text of the interface: a family of its own, because egui draws "strong" by colour only.
pub fn bold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("bold".into()))
}

/// Text of the interface.
pub fn regular(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Times, notation and numbers that stand under each other.
pub fn mono(size: f32) -> FontId {
    FontId::new(size, FontFamily::Monospace)
}

/// Gives the whole window the look of `choice`.
pub fn apply(ctx: &egui::Context, choice: ThemeChoice) {
    let t = choice.tokens();
    // The desktop's own light or dark setting must not mix into ours: both of egui's slots get the same style.
    ctx.set_theme(if t.dark { egui::Theme::Dark } else { egui::Theme::Light });
    ctx.all_styles_mut(|style| fill_style(style, t));
    ctx.options_mut(|o| o.zoom_with_keyboard = false);
}

/// Nothing glides: for those whom movement disturbs.
pub fn set_reduced_motion(ctx: &egui::Context, reduced: bool) {
    ctx.all_styles_mut(|style| {
        style.animation_time = if reduced { 0.0 } else { ANIMATION };
        style.scroll_animation = if reduced { egui::style::ScrollAnimation::none() } else { Default::default() };
    });
}

/// Which set of colours is in use.
pub fn choice(ui: &egui::Ui) -> ThemeChoice {
    let now = tokens(ui);
    ThemeChoice::ALL.into_iter().find(|c| std::ptr::eq(c.tokens(), now)).unwrap_or_default()
}

/// How long a panel or a switch glides, seconds.
const ANIMATION: f32 = 0.12;

fn fill_style(style: &mut egui::Style, t: &Tokens) {
    style.text_styles = [
        (TextStyle::Small, regular(SMALL)),
        (TextStyle::Body, regular(BODY)),
        (TextStyle::Button, regular(BODY)),
        (TextStyle::Heading, bold(TITLE)),
        (TextStyle::Monospace, mono(12.0)),
    ]
    .into();
    style.explanation_tooltips = false;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.35;

    let s = &mut style.spacing;
    s.item_spacing = vec2(8.0, 4.0);
    s.button_padding = vec2(8.0, 3.0);
    s.interact_size = vec2(ROW, ROW);
    s.window_margin = Margin::same(16);
    s.menu_margin = Margin::same(4);
    s.menu_width = 240.0;
    s.indent = 16.0;
    s.icon_width = 14.0;
    s.icon_width_inner = 8.0;
    s.icon_spacing = 6.0;
    s.combo_width = 96.0;
    s.text_edit_width = 240.0;
    s.tooltip_width = 320.0;
    s.slider_rail_height = 4.0;
    s.scroll = ScrollStyle { bar_width: 8.0, floating_allocated_width: 0.0, ..ScrollStyle::thin() };

    let corner = CornerRadius::same(RADIUS);
    let widget = |fill: Color32, border: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, border),
        corner_radius: corner,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let v = &mut style.visuals;
    v.dark_mode = t.dark;
    v.override_text_color = None;
    v.weak_text_color = Some(t.text3);
    v.widgets = Widgets {
        noninteractive: widget(t.surface1, t.line, t.text1),
        inactive: widget(t.surface2, t.control_border(), t.text1),
        hovered: widget(t.surface3, t.surface3, t.text1),
        active: widget(t.surface3, t.focus, t.text1),
        open: widget(t.surface3, t.surface3, t.text1),
    };
    if choice_is_high_contrast(t) {
        v.widgets.inactive.bg_stroke.color = t.line;
        v.widgets.hovered.bg_stroke.color = t.text1;
        v.widgets.open.bg_stroke.color = t.text1;
    }
    v.selection.bg_fill = t.accent_fill();
    v.selection.stroke = Stroke::new(1.0, if t.dark { t.focus } else { t.accent });
    v.hyperlink_color = t.accent;
    v.faint_bg_color = mix(t.surface1, t.surface2, 0.5);
    v.extreme_bg_color = t.surface0;
    v.text_edit_bg_color = Some(if t.dark { t.surface0 } else { rgb(0xffffff) });
    v.code_bg_color = t.surface2;
    v.warn_fg_color = t.warning;
    v.error_fg_color = t.danger;
    v.window_corner_radius = CornerRadius::same(RADIUS * 2);
    v.window_fill = t.surface1;
    v.window_stroke = Stroke::new(1.0, t.line);
    v.window_shadow = Shadow { offset: [0, 8], blur: 24, spread: 0, color: t.shadow };
    v.menu_corner_radius = CornerRadius::same(RADIUS);
    v.popup_shadow = Shadow { offset: [0, 4], blur: 12, spread: 0, color: t.shadow };
    v.panel_fill = t.surface1;
    v.resize_corner_size = 8.0;
    v.text_cursor.stroke = Stroke::new(2.0, t.accent);
    v.slider_trailing_fill = true;
    v.indent_has_left_vline = false;
    v.collapsing_header_frame = false;
    v.button_frame = true;
    v.disabled_alpha = 0.45;
}

fn choice_is_high_contrast(t: &Tokens) -> bool {
    t.surface1 == HIGH_CONTRAST.surface1
}

/// The colours in use: read from the style that [`apply`] set, so that nothing has to carry them around.
pub fn tokens(ui: &egui::Ui) -> &'static Tokens {
    let fill = ui.visuals().panel_fill;
    ThemeChoice::ALL.map(ThemeChoice::tokens).into_iter().find(|t| t.surface1 == fill).unwrap_or(&DARK)
}

/// The frame of a panel: padded, flat, its borders drawn as separators by the layout.
pub fn panel_frame(t: &Tokens) -> egui::Frame {
    egui::Frame::new().fill(t.surface1).inner_margin(Margin::same(PADDING))
}

/// The size of an icon button.
pub const ICON_BUTTON: Vec2 = vec2(28.0, ROW);

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(c: Color32) -> f64 {
        let f = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * f(c.r()) + 0.7152 * f(c.g()) + 0.0722 * f(c.b())
    }

    /// WCAG 2 contrast ratio.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_reads_on_every_surface_it_stands_on() {
        for choice in ThemeChoice::ALL {
            let t = choice.tokens();
            for surface in [t.surface0, t.surface1, t.surface2] {
                assert!(contrast(t.text1, surface) >= 7.0, "{choice:?} text1");
                assert!(contrast(t.text2, surface) >= 4.5, "{choice:?} text2");
            }
            for surface in [t.surface0, t.surface1, t.surface2] {
                assert!(contrast(t.text3, surface) >= 4.5, "{choice:?} text3 {}", contrast(t.text3, surface));
            }
            // Rows that are chosen: their quiet text is text2.
            assert!(contrast(t.text1, t.accent_fill()) >= 7.0, "{choice:?} text1 on a chosen row");
            assert!(contrast(t.text2, t.accent_fill()) >= 4.5, "{choice:?} text2 on a chosen row");
            assert!(contrast(t.on_accent, t.accent) >= 4.5, "{choice:?} on accent");
            for c in [t.danger, t.warning, t.ok] {
                assert!(contrast(c, t.surface1) >= 4.5, "{choice:?} {c:?}");
            }
        }
    }

    #[test]
    fn segments_and_marks_are_seen() {
        for choice in ThemeChoice::ALL {
            let t = choice.tokens();
            for tier in [Tier::Words, Tier::Phones, Tier::Gloss, Tier::Shape, Tier::Position] {
                // WCAG 1.4.11: borders and marks 3:1 against what lies beside them; text inside 4.5:1.
                assert!(contrast(t.hue(tier), t.surface1) >= 3.0, "{choice:?} {tier:?}");
                assert!(contrast(t.border(tier), t.surface1) >= 3.0, "{choice:?} {tier:?} border");
                assert!(contrast(t.text1, t.fill(tier)) >= 4.5, "{choice:?} {tier:?} label");
            }
            for surface in [t.surface0, t.surface1, t.surface2] {
                for (name, mark) in [("focus", t.focus), ("playhead", t.playhead), ("accent", t.accent)] {
                    assert!(contrast(mark, surface) >= 3.0, "{choice:?} {name}");
                }
            }
            assert!(contrast(t.sound, t.surface1) >= 3.0 && contrast(t.sound_core, t.surface1) >= 3.0, "{choice:?}");
            // What can be used: its edge against the panel and against the ground of a field.
            let field = if t.dark { t.surface0 } else { rgb(0xffffff) };
            for beside in [t.surface1, field] {
                assert!(contrast(t.control_border(), beside) >= 3.0, "{choice:?} edge of a control");
            }
            // Icons on chosen rows.
            for mark in [t.danger, t.warning, t.ok, t.accent] {
                assert!(contrast(mark, t.accent_fill()) >= 3.0, "{choice:?} {mark:?} on a chosen row");
            }
        }
    }
}
