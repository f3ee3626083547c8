//! The interface in its three languages: switched at run time, with nothing of it left in English.

use super::*;
use cueloom::app::i18n;
use egui_kittest::kittest::NodeT as _;

/// Runs a command by its English name, which the palette knows in every language.
fn command(window: &mut Window, name: &str) {
    window.press_with(Modifiers::COMMAND, Key::K);
    let field = window.harness.get_by(|n| n.role() == Role::TextInput && n.is_focused());
    field.type_text(name);
    window.settle();
    window.press(Key::Enter);
}

/// Texts on screen that the tables would have said otherwise.
fn left_in_english(window: &Window) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for node in window.harness.query_all_by(|n| n.label().is_some() || n.value().is_some()) {
        let node = node.accesskit_node();
        found.extend([node.label(), node.value()].into_iter().flatten().filter(|text| i18n::tr_message(text) != *text));
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn nothing_is_left_in_english() {
    for language in ["Français", "简体中文"] {
        let mut window = Window::open();
        window.pick(&["View", "Language", language]);
        let mut faults: Vec<String> = Vec::new();
        let mut look = |window: &Window, place: &str| {
            faults.extend(left_in_english(window).into_iter().map(|text| format!("{language}, {place}: {text:?}")));
        };
        look(&window, "the window");
        window.press(Key::ArrowDown);
        window.press(Key::Num7);
        look(&window, "a changed key");
        for layout in ["Layout for review", "Layout for animation", "Layout for cueing"] {
            command(&mut window, layout);
            look(&window, layout);
        }
        for menu in ["File", "Edit", "Cue", "Play", "Timeline", "View", "Help"] {
            // A panel may have the name of a menu; the menus come first.
            window.harness.query_all_by_label(i18n::tr(menu)).next().expect("a menu").click();
            window.settle();
            look(&window, menu);
            window.press(Key::Escape);
        }
        for name in [
            "Export video…",
            "Save as…",
            "Backups…",
            "Relink media…",
            "Settings…",
            "Change the keys…",
            "Help",
            "Keyboard shortcuts",
            "Close project",
        ] {
            command(&mut window, name);
            look(&window, name);
            window.press(Key::Escape);
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

/// The interface changes its language at once, from the menu and from the palette, with all that the panels say.
#[test]
fn the_interface_speaks_chinese_and_french_at_once() {
    let mut window = Window::open();
    window.select_key(2);
    window.pick(&["View", "Language", "Français"]);
    for text in ["Fichier", "Affichage", "Clé 2", "Configuration 3", "Avance de la main", "Problèmes", "Enregistré"]
    {
        assert!(window.sees(text), "{text}");
    }
    assert!(!window.sees("Move starts") && !window.sees("Keys of this word"));
    assert!(window.sees("\u{a0}; lèvres"), "the glosses follow");
    // A change is named and refused in French; what is asked before closing is too.
    window.click("Configuration 7");
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert!(window.sees("Annulé\u{a0}: Changer la configuration"));
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    window.press_with(Modifiers::COMMAND, Key::W);
    assert!(window.sees("Enregistrer les modifications\u{a0}?"));
    window.click("Annuler");

    // A command is found by its English name too; each language by its own.
    window.press_with(Modifiers::COMMAND, Key::K);
    let field = window.harness.get_by(|n| n.role() == Role::TextInput && n.is_focused());
    field.type_text("简体");
    window.settle();
    window.press(Key::Enter);
    for text in ["文件", "视图", "键 2", "手形 3", "手部提前量", "问题"] {
        assert!(window.sees(text), "{text}");
    }
    assert!(window.sees("；双唇") || window.sees("；唇"), "the glosses follow");
    for (modifiers, key, text) in [
        (Modifiers::SHIFT, Key::F1, "键盘快捷键"),
        (Modifiers::COMMAND, Key::N, "保存更改？"),
        (Modifiers::COMMAND, Key::O, "打开项目"),
        (Modifiers::COMMAND, Key::E, "导出视频"),
    ] {
        window.press_with(modifiers, key);
        assert!(window.sees(text), "{text}");
        window.press(Key::Escape);
    }
    window.press_with(Modifiers::COMMAND, Key::K);
    let field = window.harness.get_by(|n| n.role() == Role::TextInput && n.is_focused());
    field.type_text("english");
    window.settle();
    window.press(Key::Enter);
    assert!(window.sees("Move starts"));
}
