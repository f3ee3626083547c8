//! Holds code and tables together: every text of the interface is in both tables, with the same places, and nothing
//! else is; every letter of the tables can be drawn.

use super::*;
use crate::app::commands::Command;
use crate::app::fonts;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const TABLES: [(UiLanguage, &str); 2] = [(UiLanguage::Chinese, CHINESE), (UiLanguage::French, FRENCH)];
/// Rooms whose errors and messages reach the window as they are.
const ERRORS_SHOWN: [&str; 3] = ["document", "jobs", "media"];

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
            out.push(path);
        }
    }
}

/// Code of a file without its comments and its tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a source file");
    let text: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).flat_map(|l| [l, "\n"]).collect();
    match text.find("#[cfg(test)]\nmod tests {") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// String literals of a stretch of code, as the compiler reads them.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut letters = code.chars().peekable();
    while let Some(c) = letters.next() {
        if c == '\'' && letters.peek() == Some(&'"') {
            // The letter '"' is no beginning of a text.
            letters.next();
            continue;
        }
        if c != '"' {
            continue;
        }
        let mut text = String::new();
        while let Some(c) = letters.next() {
            match c {
                '"' => break,
                '\\' => match letters.next() {
                    Some('n') => text.push('\n'),
                    Some('\n') => while letters.next_if(|c| c.is_whitespace()).is_some() {},
                    Some('u') => {
                        let digits: String = letters.by_ref().skip(1).take_while(|c| *c != '}').collect();
                        text.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
                    }
                    Some(other) => text.push(other),
                    None => {}
                },
                c => text.push(c),
            }
        }
        found.push(text);
    }
    found
}

/// What stands between the bracket before `start` and its partner; only the first argument with `first`.
fn within(code: &str, start: usize, first: bool) -> &str {
    let (mut depth, mut in_text, mut escaped) = (1, false, false);
    for (i, c) in code[start..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            _ if in_text => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if first && depth == 1 => return &code[start..start + i],
            _ => {}
        }
        if depth == 0 {
            return &code[start..start + i];
        }
    }
    &code[start..]
}

/// Literals within the brackets of every call of `name`.
fn in_calls(code: &str, name: &str, first: bool) -> Vec<String> {
    let call = format!("{name}(");
    let starts = code.match_indices(&call).filter(|(at, _)| {
        let before = code[..*at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    });
    starts.flat_map(|(at, _)| literals(within(code, at + call.len(), first))).collect()
}

/// The text of an error attribute as a text with places: `{0}` for what has no name, formats left out.
fn places_of_format(text: &str) -> String {
    let mut out = String::new();
    let mut unnamed = 0;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((place, after)) = after.split_once('}') else { break };
        let name = place.split(':').next().unwrap_or_default().to_lowercase();
        out.push_str(before);
        if name.is_empty() {
            out.push_str(&format!("{{{unnamed}}}"));
            unnamed += 1;
        } else {
            out.push_str(&format!("{{{name}}}"));
        }
        rest = after;
    }
    out + rest
}

/// Every English text that the window may show, with the file it stands in; and all literals, of which tables may
/// hold any: messages of the rooms below.
fn needed() -> (BTreeMap<String, String>, BTreeSet<String>) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut needed = BTreeMap::new();
    let mut all = BTreeSet::new();
    for path in files {
        let relative = path.strip_prefix(&source).unwrap_or(&path).to_owned();
        let room =
            relative.components().next().map(|c| c.as_os_str().to_string_lossy().into_owned()).unwrap_or_default();
        let code = code(&path);
        all.extend(literals(&code).iter().map(|t| places_of_format(t)));
        let mut texts = Vec::new();
        if room == "app" && !relative.ends_with("i18n.rs") {
            for (call, first) in [("tr", false), ("tr_with", true), ("later", false), ("later_with", true)] {
                texts.extend(in_calls(&code, call, first));
            }
            for call in ["Intent::Drag", "begin_drag", "drag_or_edit"] {
                texts.extend(in_calls(&code, call, false));
            }
        }
        // Stages of work.
        texts.extend(in_calls(&code, "report", true));
        if room == "document" {
            // Names of the steps in the history.
            for (at, _) in code.match_indices("fn name(&self) -> &'static str {") {
                let open = at + code[at..].find('{').unwrap_or_default() + 1;
                texts.extend(literals(within(&code, open, false)));
            }
            texts.extend(in_calls(&code, "begin_drag", false));
        }
        if ERRORS_SHOWN.contains(&room.as_str()) {
            for (at, _) in code.match_indices("#[error(") {
                let text = literals(within(&code, at + 8, true)).into_iter().next().map(|t| places_of_format(&t));
                // "{0}" passes on what stands within.
                texts.extend(text.filter(|t| parts(t).iter().any(|p| matches!(p, Part::Fixed(_)))));
            }
        }
        for text in texts {
            needed.insert(text, relative.display().to_string());
        }
    }
    let own_words = [Command::LanguageEnglish, Command::LanguageChinese, Command::LanguageFrench];
    for command in Command::ALL.iter().filter(|c| !own_words.contains(c)) {
        let info = command.english_info();
        for text in [info.text, info.tooltip] {
            needed.insert(text.to_owned(), "the commands".to_owned());
        }
    }
    (needed, all)
}

fn places(text: &str) -> BTreeSet<String> {
    let place = |part| match part {
        Part::Place(name) => Some(name.to_owned()),
        Part::Fixed(_) => None,
    };
    parts(text).into_iter().filter_map(place).collect()
}

#[test]
fn code_and_tables_hold_the_same_texts_with_the_same_places() {
    let (needed, all) = needed();
    assert!(needed.len() > 400, "the search found only {} texts", needed.len());
    let mut faults = Vec::new();
    for (language, source) in TABLES {
        let texts: HashMap<String, String> = ron::from_str(source).unwrap_or_else(|e| panic!("{language:?}: {e}"));
        let lines = source.lines().filter(|l| l.trim_start().starts_with('"')).count();
        if lines != texts.len() {
            faults.push(format!("{language:?} holds {} of {lines} lines: some text stands there twice", texts.len()));
        }
        for (text, file) in &needed {
            match texts.get(text) {
                None => faults.push(format!("{language:?} lacks {text:?} of {file}")),
                Some(own) if own.trim().is_empty() => faults.push(format!("{language:?} is empty for {text:?}")),
                Some(own) if places(own) != places(text) => {
                    faults.push(format!("{language:?} has other places than {text:?}: {own:?}"));
                }
                Some(_) => {}
            }
        }
        for text in texts.keys().filter(|t| !needed.contains_key(*t) && !all.contains(*t)) {
            faults.push(format!("{language:?} holds {text:?}, which no code says"));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_letter_of_the_tables_has_a_glyph() {
    let mut fonts = egui::epaint::text::Fonts::new(egui::epaint::TextOptions::default(), fonts::definitions());
    let mut view = fonts.with_pixels_per_point(1.0);
    for (language, _) in TABLES {
        let letters: BTreeSet<char> =
            table(language).expect("a table").texts.values().flat_map(|t| t.chars()).filter(|c| *c != '\n').collect();
        assert!(letters.len() > 50);
        for family in [egui::FontFamily::Proportional, egui::FontFamily::Name("bold".into())] {
            for c in &letters {
                let font = egui::FontId::new(13.0, family.clone());
                assert!(view.has_glyph(&font, *c), "{language:?}: {c:?} (U+{:04X}) in {family:?}", *c as u32);
            }
        }
    }
}

#[test]
fn chinese_and_french_keep_their_own_punctuation() {
    let french = table(UiLanguage::French).expect("a table");
    for text in french.texts.values() {
        for mark in [" :", " ;", " ?", " !", " »", "« ", " %"] {
            assert!(!text.contains(mark), "{text}");
        }
        assert!(!text.contains('"') && !text.contains("..."), "{text}");
    }
    for (text, own) in &table(UiLanguage::Chinese).expect("a table").texts {
        let sentence = text.ends_with('.') && text.contains(' ');
        assert!(!sentence || own.ends_with('。') || own.ends_with('}'), "{own}");
        assert!(!own.contains('"') && !own.contains("? ") && !own.contains(", "), "{own}");
    }
}

/// Sets a language for one test and English after it, also when it fails.
struct Speaking;

impl Speaking {
    fn new(language: UiLanguage) -> Self {
        OWN.set(Some(language));
        Self
    }
}

impl Drop for Speaking {
    fn drop(&mut self) {
        OWN.set(None);
    }
}

#[test]
fn texts_come_out_in_the_language_and_unknown_ones_in_english() {
    {
        let _french = Speaking::new(UiLanguage::French);
        assert_eq!(tr("Undo"), "Annuler");
        assert_eq!(tr("No table knows this"), "No table knows this");
        assert_eq!(tr("Save the changes?"), "Enregistrer les modifications\u{a0}?");
        assert_eq!(tr_with("Key {number}", &[("number", "{number}")]), "Clé {number}", "values are not filled again");
        assert_eq!(number(2.5, 1), "2,5");
    }
    let _chinese = Speaking::new(UiLanguage::Chinese);
    assert_eq!(tr("Undo"), "撤销");
    assert_eq!(number(2.5, 1), "2.5");
}

#[test]
fn messages_made_below_are_known_by_their_sentence() {
    let message = "the project contradicts itself (keys overlap); restore it from a backup: /a/b (c).ron";
    assert_eq!(tr_message(message), message);
    let _chinese = Speaking::new(UiLanguage::Chinese);
    assert_eq!(tr_message(message), "项目内容自相矛盾（keys overlap）；请从备份恢复：/a/b (c).ron");
    assert_eq!(tr_message("The key is locked; unlock it first"), "此键已锁定；请先解锁");
    assert_eq!(tr_message("no table knows {this}: at all"), "no table knows {this}: at all");
    let error = crate::document::edit::EditError::NoKey.to_string();
    assert_ne!(tr_message(&error), error, "what the document says is in the table");
    // A cause within a failure is translated with it.
    let nested = "the recording and the text do not go together: The disk is full. Free some space, or choose another \
                  disk: /x";
    assert_eq!(tr_message(nested), "录音与文本不相符：磁盘已满。请腾出空间，或换一个磁盘：/x");
}

#[test]
fn french_spaces_do_not_break_and_apostrophes_curve() {
    assert_eq!(french_spaces("« l'été » : 50 % ?"), "«\u{a0}l’été\u{a0}»\u{a0}: 50\u{a0}%\u{a0}?");
    assert_eq!(french_spaces("0:03.5 a:b"), "0:03.5 a:b");
}
