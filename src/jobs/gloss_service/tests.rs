//! Against a small server on this computer's own loopback, which can lie, dawdle and babble.

use super::*;
use crate::cueing::chart::ChartSwitches;
use crate::cueing::when::Preset;
use crate::cueing::{HandShape, Key, KeyTimes, Movement, Position};
use crate::document::edit::Document;
use crate::document::{KeyEdits, KeySegment, Settings};
use crate::jobs::runner::Job;
use crate::progress::Silent;
use crate::time::Seconds;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// A request as the server saw it.
#[derive(Clone, Debug, Default)]
struct Seen {
    head: String,
    body: String,
}

/// What the server does with a request.
type Manner = Box<dyn Fn(&Seen, &mut TcpStream) + Send>;

struct Server {
    address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on the loopback");
        let address = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let theirs = seen.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let Some(request) = read_request(&mut stream) else { continue };
                theirs.lock().expect("one thread").push(request.clone());
                manner(&request, &mut stream);
            }
        });
        Self { address, seen }
    }

    /// Answers each request with a status and a body.
    fn answering(answer: impl Fn(&Seen) -> (u16, String) + Send + 'static) -> Self {
        Self::start(Box::new(move |request, stream| {
            let (status, body) = answer(request);
            reply(stream, status, "", &body);
        }))
    }

    /// Answers in the chat protocol with the sentences that `say` makes of number and plain description.
    fn saying(say: impl Fn(u64, &str) -> String + Send + 'static) -> Self {
        Self::answering(move |request| (200, chat(&glosses(request, &say))))
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("one thread").clone()
    }

    fn settings(&self) -> ServiceSettings {
        ServiceSettings {
            on: true,
            address: self.address.clone(),
            model: "some-model".into(),
            key: Secret::new("sk-very-secret"),
        }
    }
}

fn read_request(stream: &mut TcpStream) -> Option<Seen> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(&line);
    }
    let length = head
        .lines()
        .find_map(|l| l.to_lowercase().strip_prefix("content-length:").and_then(|n| n.trim().parse::<usize>().ok()))?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Seen { head, body: String::from_utf8(body).ok()? })
}

fn reply(stream: &mut TcpStream, status: u16, headers: &str, body: &str) {
    let _ = write!(
        stream,
        "HTTP/1.1 {status} Whatever\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}",
        body.len()
    );
}

fn chat(content: &str) -> String {
    json!({ "choices": [{ "message": { "role": "assistant", "content": content } }] }).to_string()
}

/// The cues asked about: number and plain description.
fn cues(request: &Seen) -> Vec<(u64, String)> {
    let body: Value = serde_json::from_str(&request.body).expect("the request is JSON");
    let content: Value = serde_json::from_str(body["messages"][1]["content"].as_str().expect("text")).expect("JSON");
    let cues = content["cues"].as_array().expect("a list");
    cues.iter()
        .map(|c| (c["id"].as_u64().expect("a number"), c["description"].as_str().expect("a text").to_owned()))
        .collect()
}

fn glosses(request: &Seen, say: &dyn Fn(u64, &str) -> String) -> String {
    let list: Vec<Value> =
        cues(request).iter().map(|(id, plain)| json!({ "id": id, "gloss": say(*id, plain) })).collect();
    json!({ "glosses": list }).to_string()
}

/// A French project of `count` keys: index at the chin, with a movement on every third.
fn project(count: usize) -> Project {
    let source = include_str!("../../../projects/french/project.ron");
    let mut project: Project = ron::from_str(source).expect("the sample is a project");
    assert!(project.tiers.keys.len() > 5);
    let model = project.tiers.keys[0].clone();
    let rule = Key { shape: HandShape(1), position: Position::Chin, movement: None, ..model.rule.clone() };
    project.settings =
        Settings { preset: Preset::default(), switches: ChartSwitches::default(), ..Settings::default() };
    project.tiers.keys = (0..count)
        .map(|i| KeySegment {
            id: KeyId(i as u64),
            rule: Key { movement: (i % 3 == 2).then_some(Movement::DoubleTouch), ..rule.clone() },
            signature: vec!["ʒ".into(), "u".into()],
            times: KeyTimes { a3: Seconds(1.0), ..KeyTimes::default() },
            edits: KeyEdits::default(),
            locked: false,
            flags: Vec::new(),
            gloss: None,
        })
        .collect();
    project.tiers.next_key = count as u64;
    project
}

fn plan(project: &Project, settings: &ServiceSettings) -> Plan {
    Plan::new(project, None, UiLanguage::English, settings).expect("the settings are good")
}

fn quick() -> Patience {
    Patience { connect: Duration::from_secs(5), answer: Duration::from_secs(20) }
}

#[test]
fn what_is_shown_is_what_is_sent_and_good_sentences_are_taken() {
    let server = Server::saying(|_, plain| format!("Please: {}", plain.to_lowercase()));
    let project = project(60);
    let plan = plan(&project, &server.settings());
    assert_eq!((plan.requests.len(), plan.keys()), (3, 60));
    assert!(server.seen().is_empty(), "making the plan sends nothing");
    let answers = write(&plan, quick(), &Silent).expect("answers");
    assert_eq!((answers.written.len(), answers.refused.len()), (60, 0), "{:?}", answers.refused);
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    for (request, sent) in plan.requests.iter().zip(&seen) {
        assert_eq!(request.body, sent.body, "to the letter");
        assert!(sent.head.starts_with("POST /v1/chat/completions"));
        assert!(sent.head.contains("Bearer sk-very-secret"));
        assert!(!sent.body.contains("secret"), "the key is in the header only");
    }
    // One step of history, which undo takes back whole.
    let (edit, left_out) = answers.edit(&project);
    assert_eq!(left_out, 0);
    let mut document = Document::new(load_sample());
    let sample = document.project().clone();
    let own = plan_of(&sample, &server.settings());
    let answers = write(&own, quick(), &Silent).expect("answers");
    let count = answers.written.len();
    assert!(count > 5 && answers.refused.is_empty(), "{:?}", answers.refused);
    document.apply(&answers.edit(&sample).0.expect("an edit")).expect("it applies");
    assert_eq!(document.project().tiers.keys.iter().filter(|k| k.gloss.is_some()).count(), count);
    assert_eq!(document.history().done().len(), 1);
    document.undo();
    assert_eq!(document.project(), &sample);
    assert!(edit.is_some());
}

fn load_sample() -> Project {
    ron::from_str(include_str!("../../../projects/french/project.ron")).expect("the sample is a project")
}

fn plan_of(project: &Project, settings: &ServiceSettings) -> Plan {
    Plan::new(project, None, UiLanguage::French, settings).expect("the settings are good")
}

#[test]
fn a_lying_server_is_refused_key_by_key_with_the_reason() {
    let server = Server::answering(|request| {
        let mut list: Vec<Value> = Vec::new();
        for (id, plain) in cues(request) {
            let gloss = match id {
                1 => plain,
                2 => "Three fingers at the chin; lips pursed".into(),
                3 => "Index finger up, at the chin; lips pursed".into(),
                4 => "Index finger up; lips pursed".into(),
                5 => "At the chin; lips pursed".into(),
                6 => "Index finger up, at the chin, at the throat".into(),
                7 => "Index finger up, at the chin; lips spread".into(),
                8 => "Index finger up, at the chin ".repeat(40),
                9 => continue,
                10 => {
                    list.push(json!({ "id": "10", "gloss": plain }));
                    plain
                }
                11 => "Index finger up, side forward".into(),
                _ => "I cannot help with that".into(),
            };
            list.push(json!({ "id": id, "gloss": gloss }));
        }
        list.push(json!({ "id": 999, "gloss": "Open hand at the throat" }));
        list.push(json!({ "nonsense": true }));
        (200, chat(&format!("Sure!\n```json\n{}\n```\nHave a nice day", json!({ "glosses": list }))))
    });
    let project = project(12);
    let answers = write(&plan(&project, &server.settings()), quick(), &Silent).expect("answers");
    assert_eq!(answers.written.iter().map(|w| w.number).collect::<Vec<_>>(), [1]);
    let reasons: HashMap<usize, &Refusal> = answers.refused.iter().map(|r| (r.number, &r.reason)).collect();
    assert_eq!(reasons.len(), 11);
    let is = Cue { shape: HandShape(1), position: Position::Chin, movement: None };
    let tapped = Cue { movement: Some(Movement::DoubleTouch), ..is };
    assert_eq!(reasons[&2], &Refusal::OtherCue(Cue { shape: HandShape(3), ..is }, is));
    assert_eq!(reasons[&3], &Refusal::OtherCue(is, tapped), "the movement is part of the cue");
    assert_eq!(reasons[&4], &Refusal::NoPosition);
    assert_eq!(reasons[&5], &Refusal::NoShape);
    assert!(matches!(reasons[&6], Refusal::Conflict(ConflictKind::TwoPositions(..))));
    assert!(matches!(reasons[&7], Refusal::Conflict(ConflictKind::OtherLips)));
    assert_eq!(reasons[&8], &Refusal::TooLong);
    assert_eq!(reasons[&9], &Refusal::Missing);
    assert_eq!(reasons[&10], &Refusal::Twice);
    assert!(matches!(reasons[&11], Refusal::Conflict(ConflictKind::NotOnChart(Position::SideForward))));
    assert_eq!(reasons[&12], &Refusal::NoShape);
    assert_eq!(reasons[&3].to_string(), "the sentence says shape 1 at chin, the key is shape 1 at chin, double touch");
}

#[test]
fn a_slow_server_is_given_up_at_once_when_cancelled_and_in_the_end_by_itself() {
    let held = Arc::new(AtomicBool::new(true));
    let theirs = held.clone();
    let server = Server::start(Box::new(move |_, stream| {
        while theirs.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(5));
        }
        reply(stream, 200, "", "{}");
    }));
    let plan = plan(&project(2), &server.settings());
    let mut job = Job::start("Writing glosses", Arc::new(|| {}), {
        let plan = plan.clone();
        move |progress| Ok(write(&plan, quick(), progress)?)
    });
    let begun = Instant::now();
    while server.seen().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the request does not come");
        std::thread::sleep(Duration::from_millis(2));
    }
    job.cancel();
    let error = loop {
        assert!(begun.elapsed() < Duration::from_secs(40), "cancelling waits for the server");
        if let Some(result) = job.poll() {
            break result.expect_err("cancelled");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert_eq!(error.downcast_ref(), Some(&ServiceError::Cancelled));
    assert!(crate::jobs::is_cancelled(&error));
    assert!(held.load(Ordering::Relaxed), "the server had not answered yet");
    held.store(false, Ordering::Relaxed);

    let dumb = Server::start(Box::new(|_, _| std::thread::sleep(Duration::from_secs(30))));
    let patience = Patience { answer: Duration::from_millis(200), ..quick() };
    let plan = Plan { url: format!("{}/chat/completions", dumb.address), ..plan };
    assert!(matches!(write(&plan, patience, &Silent), Err(ServiceError::Slow(_))));
}

#[test]
fn garbage_is_told_as_garbage() {
    let answers = [
        "<html>hello</html>".to_owned(),
        "{}".to_owned(),
        "[1, 2".to_owned(),
        chat("I would rather talk about the weather."),
        chat("{\"glosses\": 7}"),
        json!({ "error": { "message": "out of coffee" } }).to_string(),
    ];
    for answer in answers {
        let told = answer.clone();
        let server = Server::answering(move |_| (200, answer.clone()));
        let error = write(&plan(&project(1), &server.settings()), quick(), &Silent).expect_err("garbage");
        assert!(matches!(error, ServiceError::Garbled(_)), "{told}: {error:?}");
    }
    let bytes = Server::start(Box::new(|_, stream| {
        let _ = stream.write_all(b"\xff\xfe\x00 this is no HTTP at all\r\n\r\n");
    }));
    let error = write(&plan(&project(1), &bytes.settings()), quick(), &Silent).expect_err("garbage");
    assert!(matches!(error, ServiceError::Garbled(_) | ServiceError::Unreachable { .. }), "{error:?}");
    let cut = Server::start(Box::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"choices\"");
    }));
    let error = write(&plan(&project(1), &cut.settings()), quick(), &Silent).expect_err("cut off");
    assert!(matches!(error, ServiceError::Garbled(_)), "{error:?}");
}

#[test]
fn each_status_says_what_to_do_and_never_the_key() {
    for (status, expected) in [
        (401, "refused the key (status 401): bad key …, sorry"),
        (404, "no such address or model (status 404)"),
        (429, "wants fewer requests"),
        (500, "the service failed (status 500)"),
    ] {
        let body = json!({ "error": { "message": "bad key sk-very-secret, sorry" } }).to_string();
        let server = Server::answering(move |_| (status, body.clone()));
        let error = write(&plan(&project(1), &server.settings()), quick(), &Silent).expect_err("a status");
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!format!("{error} {error:?}").contains("very-secret"), "{error:?}");
    }
    let other = Server::saying(|_, plain| plain.to_owned());
    let target = other.address.clone();
    let moved = Server::start(Box::new(move |_, stream| {
        reply(stream, 307, &format!("Location: {target}/chat/completions\r\n"), "");
    }));
    let error = write(&plan(&project(1), &moved.settings()), quick(), &Silent).expect_err("moved");
    assert!(matches!(error, ServiceError::Moved { status: 307, .. }), "{error:?}");
    assert!(other.seen().is_empty(), "nothing goes to an address that was not shown");
    let silent = Server::answering(|_| (503, String::new()));
    let error = write(&plan(&project(1), &silent.settings()), quick(), &Silent).expect_err("a status");
    assert!(error.to_string().contains("it does not say why"), "{error}");
}

#[test]
fn without_a_network_it_says_so() {
    // A port that was free a moment ago: nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let settings = ServiceSettings { address: format!("http://127.0.0.1:{port}/v1"), ..server_less() };
    let error = write(&plan(&project(1), &settings), quick(), &Silent).expect_err("nobody there");
    assert!(matches!(error, ServiceError::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().contains("check the address and the network"), "{error}");
}

fn server_less() -> ServiceSettings {
    ServiceSettings { on: true, address: "http://localhost:1/v1".into(), model: "m".into(), key: Secret::default() }
}

#[test]
fn a_later_failure_keeps_what_came_before() {
    let count = Arc::new(Mutex::new(0));
    let server = Server::answering(move |request| {
        let mut count = count.lock().expect("one thread");
        *count += 1;
        if *count < 3 { (200, chat(&glosses(request, &|_, plain| plain.to_owned()))) } else { (500, "out".into()) }
    });
    let answers = write(&plan(&project(60), &server.settings()), quick(), &Silent).expect("two of three");
    assert_eq!(answers.written.len(), 50);
    assert!(matches!(answers.stopped, Some(ServiceError::Status { status: 500, .. })));
}

#[test]
fn settings_are_checked_before_anything_is_sent() {
    let fault = |s: ServiceSettings| s.endpoint().expect_err("a fault");
    let good = server_less();
    assert_eq!(good.endpoint().as_deref(), Ok("http://localhost:1/v1/chat/completions"));
    let slash = ServiceSettings { address: " https://example.org/v1/ ".into(), ..good.clone() };
    assert_eq!(slash.endpoint().as_deref(), Ok("https://example.org/v1/chat/completions"));
    let whole = ServiceSettings { address: "https://example.org/v1/chat/completions".into(), ..good.clone() };
    assert_eq!(whole.endpoint().as_deref(), Ok("https://example.org/v1/chat/completions"));
    assert_eq!(fault(ServiceSettings { address: " ".into(), ..good.clone() }), ServiceError::NoAddress);
    assert_eq!(fault(ServiceSettings { model: " ".into(), ..good.clone() }), ServiceError::NoModel);
    for address in ["example.org", "ftp://example.org", "http://", "http:// x.org", "file:///etc"] {
        let error = fault(ServiceSettings { address: address.into(), ..good.clone() });
        assert!(matches!(error, ServiceError::BadAddress(_)), "{address}");
    }
    let key = Secret::new("k");
    let open = ServiceSettings { address: "http://example.org/v1".into(), key: key.clone(), ..good.clone() };
    assert!(matches!(fault(open), ServiceError::OpenKey(_)));
    for address in ["https://example.org/v1", "http://127.0.0.1:8080/v1", "http://[::1]:8080/v1", "http://localhost/v1"]
    {
        let settings = ServiceSettings { address: address.into(), key: key.clone(), ..good.clone() };
        assert!(settings.endpoint().is_ok(), "{address}");
    }
    for key in ["a b", "clé"] {
        let settings = ServiceSettings { key: Secret::new(key), ..good.clone() };
        assert_eq!(write(&plan(&project(1), &settings), quick(), &Silent), Err(ServiceError::BadKey));
    }
    let settings = ServiceSettings { key: Secret::new("$CUELOOM_NO_SUCH_VARIABLE"), ..good };
    let error = write(&plan(&project(1), &settings), quick(), &Silent);
    assert_eq!(error, Err(ServiceError::NoVariable("CUELOOM_NO_SUCH_VARIABLE".into())));
    assert!(!ServiceSettings::default().on, "off until it is turned on");
}

#[test]
fn a_key_is_never_printed() {
    let settings = ServiceSettings { key: Secret::new("sk-very-secret"), ..server_less() };
    let plan = plan(&project(1), &settings);
    assert!(!format!("{settings:?} {plan:?}").contains("very-secret"));
    assert!(plan.has_key() && !plan.requests[0].body.contains("very-secret"));
}

#[test]
fn locked_and_changed_keys_are_left_alone() {
    let server = Server::saying(|_, plain| plain.to_owned());
    let mut project = project(4);
    project.tiers.keys[1].locked = true;
    let plan = plan(&project, &server.settings());
    assert_eq!((plan.keys(), plan.locked), (3, 1));
    let answers = write(&plan, quick(), &Silent).expect("answers");
    project.tiers.keys[0].edits.shape = Some(HandShape(5));
    project.tiers.keys[3].locked = true;
    let (edit, left_out) = answers.edit(&project);
    assert_eq!(left_out, 2);
    let Some(Edit::Many { edits, .. }) = edit else { panic!("an edit") };
    assert!(matches!(edits[..], [Edit::SetCue { key: KeyId(2), .. }]));
    project.tiers.keys.iter_mut().for_each(|k| k.locked = true);
    let none = Plan::new(&project, None, UiLanguage::English, &server.settings());
    assert_eq!(none, Err(ServiceError::NoKeys));
}
