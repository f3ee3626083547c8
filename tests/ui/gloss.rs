//! The gloss as a field, and the service that writes glosses.

use super::*;
use egui_kittest::kittest::NodeT as _;

impl Window {
    /// What stands in the gloss field.
    fn gloss(&self) -> String {
        self.field("Gloss").value().unwrap_or_default()
    }

    fn shape_and_place(&self, index: usize) -> (u8, Position) {
        let key = &self.project().tiers.keys[index];
        (key.shape().0, key.position())
    }
}

#[test]
fn a_key_follows_its_sentence_as_one_step() {
    let mut window = Window::open();
    window.select_key(2);
    let before = window.project().clone();
    let composed = window.gloss();
    window.fill("Gloss", "three fingers, down at the throat");
    assert_eq!(window.project(), &before, "nothing changes while it is typed");
    assert!(window.sees("\"down\" is not understood."));
    window.fill("Gloss", "three fingers at the throat");
    assert!(window.sees("The key will be: Hand shape 3 · throat · no movement"));
    window.press(Key::Enter);
    assert_eq!(window.shape_and_place(1), (3, Position::Throat));
    assert_eq!(window.project().tiers.keys[1].gloss.as_deref(), Some("three fingers at the throat"));
    assert_eq!(window.gloss(), "three fingers at the throat");
    assert!(window.sees("Gloss 2: three fingers at the throat"), "the lane shows it too");
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &before);
    assert_eq!(window.gloss(), composed);

    // Another change of the key takes the user's words away: they would lie.
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    window.press(Key::E);
    assert_eq!(window.shape_and_place(1), (3, Position::Chin));
    assert_eq!(window.project().tiers.keys[1].gloss, None);
    // An empty field brings the composed sentence back.
    window.fill("Gloss", "shape 6, at the chin");
    window.press(Key::Enter);
    assert!(window.project().tiers.keys[1].gloss.is_some());
    window.fill("Gloss", " ");
    window.press(Key::Enter);
    assert_eq!(window.shape_and_place(1), (6, Position::Chin));
    assert_eq!(window.project().tiers.keys[1].gloss, None);
    assert!(window.gloss().starts_with("Thumb and index finger out, at the chin"));
}

#[test]
fn a_slip_is_offered_its_word_and_a_contradiction_waits() {
    let mut window = Window::open();
    window.select_key(2);
    let before = window.project().clone();
    window.fill("Gloss", "shape 4, throut");
    window.click("Write \"throat\"");
    assert_eq!(window.project(), &before, "the sentence is still being worked on");
    assert_eq!(window.gloss(), "shape 4, throat");
    window.press(Key::Enter);
    assert_eq!(window.shape_and_place(1), (4, Position::Throat));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &before, "one step");

    window.fill("Gloss", "shape 4, chin, throat");
    assert!(window.sees("Two positions, chin and throat: keep one"));
    window.press(Key::Enter);
    assert_eq!(window.project(), &before);
    assert_eq!(window.gloss(), "shape 4, chin, throat", "nothing typed is lost");
    window.click("Leave out \"throat\"");
    window.press(Key::Enter);
    assert_eq!(window.shape_and_place(1), (4, Position::Chin));
    // Words of another chart.
    window.fill("Gloss", "beside the face and forward");
    assert!(window.sees("The chart of this language has no position side, forward"));
}

#[test]
fn escape_gives_a_sentence_up_and_leaving_takes_it() {
    let mut window = Window::open();
    window.select_key(2);
    let before = window.project().clone();
    let composed = window.gloss();
    window.fill("Gloss", "shape 7 at the throat");
    window.press(Key::Escape);
    assert_eq!(window.project(), &before);
    assert_eq!(window.gloss(), composed);
    assert!(window.sees("Key 2"), "the key stays selected");

    window.fill("Gloss", "三号手形，喉部");
    window.select_key(4);
    assert_eq!(window.shape_and_place(1), (3, Position::Throat), "read in Chinese, and taken by going elsewhere");
    assert_eq!(window.project().tiers.keys[3], before.tiers.keys[3]);
    // What is not said stays.
    window.fill("Gloss", "gorge");
    window.press(Key::Tab);
    assert_eq!(window.shape_and_place(3), (before.tiers.keys[3].shape().0, Position::Throat));
    // A locked key has a sentence that cannot be changed.
    window.click("Lock the key");
    assert!(window.field("Gloss").accesskit_node().is_disabled());
}

/// A gloss service on this computer, which answers each cue with what `say` makes of its description.
fn gloss_service(say: fn(u64, &str) -> String) -> (String, Arc<std::sync::Mutex<Vec<String>>>) {
    use std::io::{BufRead as _, Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port on the loopback");
    let address = format!("http://{}/v1", listener.local_addr().expect("an address"));
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let theirs = seen.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = std::io::BufReader::new(stream);
            let mut length = 0;
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
                if let Some(n) = line.to_lowercase().strip_prefix("content-length:") {
                    length = n.trim().parse().expect("a number");
                }
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("the whole request");
            let body = String::from_utf8(body).expect("UTF-8");
            let value: serde_json::Value = serde_json::from_str(&body).expect("JSON");
            let cues: serde_json::Value =
                serde_json::from_str(value["messages"][1]["content"].as_str().expect("a text")).expect("JSON");
            let list: Vec<_> = cues["cues"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|c| {
                    let id = c["id"].as_u64().expect("a number");
                    serde_json::json!({ "id": id, "gloss": say(id, c["description"].as_str().expect("a text")) })
                })
                .collect();
            theirs.lock().expect("one thread").push(body);
            let content = serde_json::json!({ "glosses": list }).to_string();
            let answer = serde_json::json!({ "choices": [{ "message": { "content": content } }] }).to_string();
            let length = answer.len();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            let _ = reader.get_mut().write_all((head + &answer).as_bytes());
        }
    });
    (address, seen)
}

#[test]
fn a_service_writes_glosses_that_are_seen_before_and_after() {
    let (address, seen) = gloss_service(|id, plain| match id {
        1 => "Open hand at the cheekbone; flick".into(),
        _ => format!("Show this: {plain}"),
    });
    let mut window = Window::open();
    let before = window.project().clone();
    let count = before.tiers.keys.len();
    window.click("Cue");
    window.click("Write glosses…");
    assert!(!window.sees("This will be sent"), "off until it is turned on");
    window.click("Use a gloss service");
    window.click("Send");
    assert!(window.sees("Write the address of the service"));
    window.fill("Address", &address);
    window.fill("Model", "small-model");
    let key = |window: &Window| {
        let label = "Key (if the service wants one)";
        let node = window.harness.get_by(|n| {
            let field = matches!(n.role(), Role::TextInput | Role::PasswordInput);
            field && n.label().as_deref() == Some(label)
        });
        node.focus();
        node.type_text("sk-very-secret");
    };
    key(&window);
    window.settle();
    assert!(window.sees("This will be sent") && window.sees("chat/completions"));
    let shown = window.field("Content of request 1").value().expect("the JSON");
    assert!(shown.contains("small-model") && !shown.contains("secret"));
    assert!(seen.lock().expect("one thread").is_empty(), "nothing is sent without Send");
    window.click("Send");
    assert_eq!(*seen.lock().expect("one thread"), [shown], "what was shown is what was sent");
    assert!(window.sees(&format!("{} sentences tell their keys, 1 were refused.", count - 1)));
    assert!(window.sees("Key 1: the sentence says Hand shape 5 · cheekbone · Flick, the key is"));
    assert_eq!(window.project(), &before, "nothing is taken unseen");
    window.click(&format!("Take {} glosses", count - 1));
    assert_eq!(window.project().tiers.keys.iter().filter(|k| k.gloss.is_some()).count(), count - 1);
    assert_eq!(window.project().tiers.keys[0], before.tiers.keys[0]);
    window.press_with(Modifiers::COMMAND, Key::S);
    for entry in std::fs::read_dir(window.folder()).expect("the folder").flatten() {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&bytes).contains("very-secret"), "{:?}", entry.path());
    }
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &before, "one step");
}
