//! Glosses from a service of the user's choice that speaks the OpenAI chat protocol: a program on this computer, or one
//! elsewhere. Nothing is sent before the user has seen it: a [`Plan`] holds the requests to the letter, [`write`]
//! sends exactly those. Answers are not believed: each is read by the grammar, and one that does not tell the very cue
//! of its key is refused with the reason.

use super::gloss;
use crate::cueing::chart::{Chart, OwnChart};
use crate::cueing::gloss::{Conflict, ConflictKind, Cue, Lips, UiLanguage, lips_of, parse};
use crate::document::edit::Edit;
use crate::document::{KeyId, Project};
use crate::language::Language;
use crate::progress::Progress;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Keys in one request: more would make a mistake cost more, fewer would repeat the instructions too often.
pub const KEYS_A_REQUEST: usize = 25;
/// The longest answer that is read, bytes.
const LONGEST_ANSWER: u64 = 4 * 1024 * 1024;
/// How much of an error page is told, characters.
const TOLD: usize = 200;
/// How often a waiting request looks whether it has been cancelled.
const LOOK: Duration = Duration::from_millis(50);

/// A key to the service. It is never printed: not by `{:?}`, not in messages.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text as typed, for the field it is typed into.
    pub fn typed(&mut self) -> &mut String {
        &mut self.0
    }

    /// The key itself; `$NAME` is taken from the environment.
    fn value(&self) -> Result<String, ServiceError> {
        let text = self.0.trim();
        match text.strip_prefix('$') {
            None => Ok(text.to_owned()),
            Some(name) => match std::env::var(name) {
                Ok(value) if !value.trim().is_empty() => Ok(value.trim().to_owned()),
                _ => Err(ServiceError::NoVariable(name.to_owned())),
            },
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "Secret(none)" } else { "Secret(…)" })
    }
}

/// Where glosses come from. Off until the user turns it on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceSettings {
    pub on: bool,
    /// Up to the version: `http://localhost:11434/v1`.
    pub address: String,
    pub model: String,
    pub key: Secret,
}

/// Why the service gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    #[error("the gloss service is switched off")]
    Off,
    #[error("write the address of the service, such as http://localhost:11434/v1")]
    NoAddress,
    #[error("an address begins with http:// or https://: {0}")]
    BadAddress(String),
    #[error("write the name of the model")]
    NoModel,
    #[error("the key would travel unencrypted; use https, or leave the key away: {0}")]
    OpenKey(String),
    #[error("the key holds characters that no key can have; paste it again")]
    BadKey,
    #[error("there is no environment variable {0} with a key")]
    NoVariable(String),
    #[error("there is no key to write a gloss for: all are locked, or none is selected")]
    NoKeys,
    #[error("no connection to the service ({problem}); check the address and the network: {address}")]
    Unreachable { problem: String, address: String },
    #[error("the service did not answer within {0} seconds; try again, or choose a faster model")]
    Slow(u64),
    #[error("the service refused the key (status {status}): {message}")]
    Refused { status: u16, message: String },
    #[error("the service has no such address or model (status {status}): {message}")]
    NotFound { status: u16, message: String },
    #[error("the service wants fewer requests (status {status}); wait a while and try again: {message}")]
    TooMany { status: u16, message: String },
    #[error("the address leads elsewhere, where nothing was sent (status {status}); write the new one: {target}")]
    Moved { status: u16, target: String },
    #[error("the service failed (status {status}): {message}")]
    Status { status: u16, message: String },
    #[error("the answer is longer than 4 MB and was not read")]
    TooLong,
    #[error("the answer cannot be read: {0}")]
    Garbled(String),
    #[error("stopped before an answer came; nothing was changed")]
    Cancelled,
}

impl ServiceSettings {
    /// The address that requests go to.
    ///
    /// # Errors
    /// What is missing or wrong in the settings, the first fault first.
    pub fn endpoint(&self) -> Result<String, ServiceError> {
        let address = self.address.trim();
        if address.is_empty() {
            return Err(ServiceError::NoAddress);
        }
        let lower = address.to_lowercase();
        let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
        let host = rest.map(|r| r.split(['/', '?', '#']).next().unwrap_or_default()).unwrap_or_default();
        if host.is_empty() || address.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(ServiceError::BadAddress(address.to_owned()));
        }
        if self.model.trim().is_empty() {
            return Err(ServiceError::NoModel);
        }
        if lower.starts_with("http://") && !is_loopback(host) && !self.key.is_empty() {
            return Err(ServiceError::OpenKey(address.to_owned()));
        }
        let base = address.trim_end_matches('/');
        let whole = base.to_lowercase().ends_with("/chat/completions");
        Ok(if whole { base.to_owned() } else { format!("{base}/chat/completions") })
    }
}

/// True for this computer itself; what is sent there stays here.
fn is_loopback(host: &str) -> bool {
    let host = host.rsplit('@').next().unwrap_or(host);
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// What is asked about one key.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub key: KeyId,
    /// Its number on the timeline, from 1: the name it has in the request.
    pub number: usize,
    pub cue: Cue,
    lips: Vec<Lips>,
    symbols: Vec<String>,
    word: String,
    sentence: String,
}

/// One request, to the letter.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The JSON that is sent.
    pub body: String,
    pub asks: Vec<Ask>,
}

/// Everything that will be sent, and where to.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub url: String,
    pub ui: UiLanguage,
    pub language: Language,
    /// The chart of the project's own, if it has one.
    pub chart: Option<OwnChart>,
    pub requests: Vec<Request>,
    /// Locked keys, which are not asked about.
    pub locked: usize,
    key: Secret,
}

impl Plan {
    /// The requests for some keys of a project, or for all of them.
    ///
    /// # Errors
    /// Faults of the settings, and [`ServiceError::NoKeys`] when no key is left.
    pub fn new(
        project: &Project,
        keys: Option<&[KeyId]>,
        ui: UiLanguage,
        settings: &ServiceSettings,
    ) -> Result<Self, ServiceError> {
        let url = settings.endpoint()?;
        let mut locked = 0;
        let mut asks = Vec::new();
        for (index, key) in project.tiers.keys.iter().enumerate() {
            if keys.is_some_and(|k| !k.contains(&key.id)) {
                continue;
            }
            if key.locked {
                locked += 1;
                continue;
            }
            asks.push(Ask {
                key: key.id,
                number: index + 1,
                cue: gloss::cue(key),
                lips: lips_of(key.shape(), key.movement(), &key.symbols()),
                symbols: key.signature.clone(),
                word: project.tiers.utterance.words.get(key.rule.word).map_or_else(String::new, |w| w.text.clone()),
                sentence: gloss::composed(key, ui),
            });
        }
        if asks.is_empty() {
            return Err(ServiceError::NoKeys);
        }
        let requests = asks
            .chunks(KEYS_A_REQUEST)
            .map(|asks| Request { body: body(settings.model.trim(), asks, ui), asks: asks.to_vec() })
            .collect();
        Ok(Self {
            url,
            ui,
            language: project.language(),
            chart: project.settings.chart.clone(),
            requests,
            locked,
            key: settings.key.clone(),
        })
    }

    /// Number of keys asked about.
    pub fn keys(&self) -> usize {
        self.requests.iter().map(|r| r.asks.len()).sum()
    }

    /// Whether a key of the user's goes with the requests, in a header of its own.
    pub fn has_key(&self) -> bool {
        !self.key.is_empty()
    }
}

fn body(model: &str, asks: &[Ask], ui: UiLanguage) -> String {
    let language = match ui {
        UiLanguage::English => "English",
        UiLanguage::Chinese => "Simplified Chinese",
        UiLanguage::French => "French",
    };
    let instructions = format!(
        "You describe cues of Cued Speech. For every cue in the list, write one short sentence in {language} that says \
         what the hand, its place and the lips do. Each cue comes with a plain description: say the same in clear, \
         natural words, with the same fingers, the same place, the same movement if there is one, and the same lips. \
         Add nothing else. Answer with JSON only: {{\"glosses\": [{{\"id\": 1, \"gloss\": \"…\"}}]}}"
    );
    let cues: Vec<Value> = asks
        .iter()
        .map(|a| {
            json!({
                "id": a.number,
                "word": a.word,
                "sounds": a.symbols.join(" "),
                "description": a.sentence,
            })
        })
        .collect();
    let value = json!({
        "model": model,
        "temperature": 0,
        "messages": [
            { "role": "system", "content": instructions },
            { "role": "user", "content": json!({ "cues": cues }).to_string() },
        ],
    });
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

/// A sentence that tells its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    pub key: KeyId,
    pub number: usize,
    pub cue: Cue,
    pub gloss: String,
    /// Words of it that say nothing the grammar knows; they change nothing.
    pub unknown: Vec<String>,
}

/// Why a sentence was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the answer has no sentence for this key")]
    Missing,
    #[error("the answer has two sentences for this key")]
    Twice,
    #[error("the sentence is longer than 300 characters")]
    TooLong,
    #[error("the sentence does not say the hand shape")]
    NoShape,
    #[error("the sentence does not say the position")]
    NoPosition,
    #[error("the sentence contradicts itself: {0}")]
    Conflict(ConflictKind),
    #[error("the sentence says {}, the key is {}", told_cue(*.0), told_cue(*.1))]
    OtherCue(Cue, Cue),
}

/// A sentence that was not taken, with the reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    pub key: KeyId,
    pub number: usize,
    /// Empty where there was none.
    pub gloss: String,
    pub reason: Refusal,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    pub written: Vec<Written>,
    pub refused: Vec<Refused>,
    /// Why the keys after these were not asked about any more.
    pub stopped: Option<ServiceError>,
}

impl Answers {
    /// The accepted sentences as one step of history. Keys that have changed since they were asked about are left
    /// out; their number is given beside it.
    pub fn edit(&self, project: &Project) -> (Option<Edit>, usize) {
        let keys: HashMap<KeyId, &crate::document::KeySegment> = project.tiers.keys.iter().map(|k| (k.id, k)).collect();
        let edits: Vec<Edit> = self
            .written
            .iter()
            .filter(|w| keys.get(&w.key).is_some_and(|k| !k.locked && gloss::cue(k) == w.cue))
            .map(|w| Edit::SetCue {
                key: w.key,
                shape: w.cue.shape,
                position: w.cue.position,
                movement: w.cue.movement,
                gloss: Some(w.gloss.clone()),
            })
            .collect();
        let left_out = self.written.len() - edits.len();
        ((!edits.is_empty()).then_some(Edit::Many { name: "Write glosses", edits }), left_out)
    }
}

/// How long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    pub connect: Duration,
    /// For one request from beginning to end: models on small computers are slow.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(15), answer: Duration::from_secs(180) }
    }
}

/// Sends the requests of a plan one after the other and reads the answers.
///
/// # Errors
/// [`ServiceError`] when not even the first request was answered. A later failure, or being cancelled then, is told in
/// [`Answers::stopped`], with what had come before.
pub fn write(plan: &Plan, patience: Patience, progress: &dyn Progress) -> Result<Answers, ServiceError> {
    let total = plan.keys();
    let mut answers = Answers::default();
    let mut done = 0;
    for request in &plan.requests {
        progress.report("Waiting for glosses", done, total);
        match send(plan, &request.body, patience, progress).and_then(|text| content(&text)) {
            Ok(text) => judge(&text, request, plan, &mut answers)?,
            Err(error) if done == 0 => return Err(error),
            Err(error) => {
                answers.stopped = Some(error);
                return Ok(answers);
            }
        }
        done += request.asks.len();
    }
    progress.report("Waiting for glosses", done, total);
    Ok(answers)
}

/// Sends one request on a thread of its own, so that cancelling need not wait for the network. A request given up
/// ends by itself when its time is over; nobody listens to it any more.
fn send(plan: &Plan, body: &str, patience: Patience, progress: &dyn Progress) -> Result<String, ServiceError> {
    if progress.cancelled() {
        return Err(ServiceError::Cancelled);
    }
    let key = plan.key.value()?;
    if key.chars().any(|c| !c.is_ascii_graphic()) {
        return Err(ServiceError::BadKey);
    }
    let (sender, receiver) = channel();
    let (url, body) = (plan.url.clone(), body.to_owned());
    std::thread::spawn(move || {
        let _ = sender.send(post(&url, &key, &body, patience));
    });
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(result) => return result,
            Err(RecvTimeoutError::Timeout) if progress.cancelled() => return Err(ServiceError::Cancelled),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(ServiceError::Garbled("the request ended on an internal error".into()));
            }
        }
    }
}

fn post(url: &str, key: &str, body: &str, patience: Patience) -> Result<String, ServiceError> {
    let lower = url.to_lowercase();
    let host = lower.split("://").nth(1).and_then(|r| r.split('/').next()).unwrap_or_default();
    let mut config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        // What was shown to the user goes to the address that was shown, and nowhere else.
        .max_redirects(0)
        .timeout_connect(Some(patience.connect))
        .timeout_global(Some(patience.answer))
        .user_agent(concat!("cueloom/", env!("CARGO_PKG_VERSION")));
    if is_loopback(host) {
        config = config.proxy(None);
    }
    let agent: ureq::Agent = config.build().into();
    let mut request = agent.post(url).header("Content-Type", "application/json");
    if !key.is_empty() {
        request = request.header("Authorization", format!("Bearer {key}"));
    }
    let failed = |error| failure(error, url, patience);
    let mut response = request.send(body).map_err(failed)?;
    let status = response.status().as_u16();
    let target = response.headers().get("location").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let text = response.body_mut().with_config().limit(LONGEST_ANSWER).lossy_utf8(true).read_to_string();
    if (200..300).contains(&status) {
        return text.map_err(failed);
    }
    // A page that says why is welcome and not needed.
    let message = hide(&told(&text.unwrap_or_default()), key);
    Err(match status {
        300..=399 => ServiceError::Moved { status, target: hide(&target, key) },
        401 | 403 => ServiceError::Refused { status, message },
        404 | 405 => ServiceError::NotFound { status, message },
        429 => ServiceError::TooMany { status, message },
        _ => ServiceError::Status { status, message },
    })
}

fn failure(error: ureq::Error, url: &str, patience: Patience) -> ServiceError {
    let address = url.to_owned();
    match error {
        ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
            ServiceError::Unreachable { problem: "nobody answers there".into(), address }
        }
        ureq::Error::Timeout(_) => ServiceError::Slow(patience.answer.as_secs()),
        ureq::Error::HostNotFound => ServiceError::Unreachable { problem: "there is no such host".into(), address },
        ureq::Error::BodyExceedsLimit(_) => ServiceError::TooLong,
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => ServiceError::BadAddress(address),
        ureq::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::TimedOut => ServiceError::Slow(patience.answer.as_secs()),
            std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::ConnectionReset => {
                ServiceError::Garbled("the connection ended within it".into())
            }
            _ => ServiceError::Unreachable { problem: error.to_string(), address },
        },
        ureq::Error::Protocol(error) => ServiceError::Garbled(error.to_string()),
        other => ServiceError::Unreachable { problem: other.to_string(), address },
    }
}

/// The message within an error page: that of the protocol, or the beginning of the page.
fn told(page: &str) -> String {
    let value: Value = serde_json::from_str(page).unwrap_or_default();
    let message = value["error"]["message"]
        .as_str()
        .or_else(|| value["error"].as_str())
        .or_else(|| value["message"].as_str())
        .unwrap_or(page);
    let text: String = gloss::tidy(message).chars().take(TOLD).collect();
    if text.is_empty() { "it does not say why".to_owned() } else { text }
}

/// Takes the user's key out of what a service says: some repeat it.
fn hide(text: &str, key: &str) -> String {
    if key.len() < 4 { text.to_owned() } else { text.replace(key, "…") }
}

/// The text of an answer in the chat protocol.
fn content(answer: &str) -> Result<String, ServiceError> {
    let value: Value = serde_json::from_str(answer).map_err(|_| ServiceError::Garbled("it is no JSON".to_owned()))?;
    let content = &value["choices"][0]["message"]["content"];
    match content.as_str() {
        Some(text) => Ok(text.to_owned()),
        None if value["error"].is_null() => Err(ServiceError::Garbled("it holds no message".to_owned())),
        None => Err(ServiceError::Garbled(told(answer))),
    }
}

/// Reads the sentences of one answer and decides about each.
fn judge(text: &str, request: &Request, plan: &Plan, answers: &mut Answers) -> Result<(), ServiceError> {
    let Some(sentences) = sentences(text) else {
        // Nothing of this answer can be used; its keys say so one by one.
        let refused =
            |a: &Ask| Refused { key: a.key, number: a.number, gloss: String::new(), reason: Refusal::Missing };
        if plan.requests.len() == 1 {
            return Err(ServiceError::Garbled("its message is not the JSON that was asked for".into()));
        }
        answers.refused.extend(request.asks.iter().map(refused));
        return Ok(());
    };
    for ask in &request.asks {
        let own: Vec<&String> = sentences.iter().filter(|(id, _)| *id == ask.number as u64).map(|(_, s)| s).collect();
        let gloss = own.first().map_or_else(String::new, |s| gloss::tidy(s));
        let decided = match own.as_slice() {
            [] => Err(Refusal::Missing),
            [one] => decide(one, ask, plan),
            _ => Err(Refusal::Twice),
        };
        match decided {
            Ok(unknown) => {
                answers.written.push(Written { key: ask.key, number: ask.number, cue: ask.cue, gloss, unknown });
            }
            Err(reason) => answers.refused.push(Refused { key: ask.key, number: ask.number, gloss, reason }),
        }
    }
    Ok(())
}

/// Numbers and sentences of an answer, `None` when it has none. Talk around the JSON is passed over.
fn sentences(text: &str) -> Option<Vec<(u64, String)>> {
    let from = text.find(['{', '['])?;
    let to = text.rfind(['}', ']'])?;
    let value: Value = serde_json::from_str(text.get(from..=to)?).ok()?;
    let list = value["glosses"].as_array().or_else(|| value.as_array())?;
    let number = |v: &Value| v.as_u64().or_else(|| v.as_str().and_then(|s| s.trim().parse().ok()));
    Some(list.iter().filter_map(|item| Some((number(&item["id"])?, item["gloss"].as_str()?.to_owned()))).collect())
}

/// Whether a sentence tells its key; gives the words of it that say nothing.
fn decide(sentence: &str, ask: &Ask, plan: &Plan) -> Result<Vec<String>, Refusal> {
    if sentence.chars().count() > gloss::LONGEST {
        return Err(Refusal::TooLong);
    }
    let chart = plan.chart.as_deref().unwrap_or_else(|| Chart::builtin(plan.language));
    let parsed = parse(&gloss::tidy(sentence), plan.ui, chart).with_lips(&ask.lips, plan.ui);
    if let Some(Conflict { kind, .. }) = parsed.conflicts.first() {
        return Err(Refusal::Conflict(kind.clone()));
    }
    if parsed.shape.is_none() {
        return Err(Refusal::NoShape);
    }
    if parsed.position.is_none() {
        return Err(Refusal::NoPosition);
    }
    let said = parsed.applied_to(ask.cue);
    if !said.is_legal(chart) || !parsed.tells(ask.cue) {
        return Err(Refusal::OtherCue(said, ask.cue));
    }
    Ok(parsed.unknown.into_iter().map(|u| u.text).collect())
}

/// `shape 3 at side, flick`.
fn told_cue(cue: Cue) -> String {
    use crate::cueing::Movement as M;
    let movement = match cue.movement {
        None => "",
        Some(M::Flick) => ", flick",
        Some(M::DoubleTouch) => ", double touch",
        Some(M::Diphthong) => ", diphthong",
    };
    format!("shape {} at {}{movement}", cue.shape.0, cue.position.name())
}

#[cfg(test)]
mod tests;
