//! The speaking helper, synthesis and alignment with the installed synthesisers. espeak-ng must be there.

use cueloom::language::{
    Language, Phone, PhoneClass, Pronouncer, Reading, ReadingSource, Syllable, Utterance, Word, WordKind,
};
use cueloom::progress::{Progress, Silent};
use cueloom::speech::evaluate::{Half, measure, noisy, onset_errors, scores, slowed};
use cueloom::speech::voice::{Speaking, SpokenEventKind, Voice, VoiceError};
use cueloom::speech::{
    Edges, Engine, Method, Mono, SpeechError, Synthesised, TimedPhone, VoiceOptions, align, align_anchored, align_best,
    flite, part, realign, realign_within, synthesise, synthesise_with, synthesise_with_flite,
};
use cueloom::time::Seconds;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const HELPER: &str = env!("CARGO_BIN_EXE_cueloom-voice");

fn voice() -> Voice {
    Voice::with_program(Path::new(HELPER)).expect("espeak-ng must be installed for these tests: apt install espeak-ng")
}

/// An utterance written as `word:p-h-o.n-e`, breaks as a lone mark; Mandarin syllables end in their tone.
fn written(language: Language, line: &str) -> Utterance {
    let vowels = "a o e er ai ei ao ou an en ang eng ong i u v ɛ ɔ ø œ ə ɑ̃ ɔ̃ ɛ̃ œ̃ ɪ æ ɑ ʊ ʌ ɝ ɚ oʊ eɪ aɪ aʊ ɔɪ y";
    let words = line
        .split_whitespace()
        .map(|item| {
            let Some((text, phones)) = item.rsplit_once(':') else {
                let kind = WordKind::Break;
                return Word { text: item.into(), source: 0..0, kind, readings: Vec::new(), chosen: 0 };
            };
            let syllables = phones
                .split('.')
                .map(|s| {
                    let tone = s.chars().last().and_then(|c| c.to_digit(10)).map(|d| d as u8);
                    let symbols = s.trim_end_matches(|c: char| c.is_ascii_digit());
                    let phones = symbols
                        .split('-')
                        .map(|p| {
                            // French y is a vowel, Mandarin y a glide.
                            let vowel =
                                vowels.split(' ').any(|v| v == p) && !(language == Language::Mandarin && p == "y");
                            let class = if vowel { PhoneClass::Vowel } else { PhoneClass::Consonant };
                            Phone { symbol: p.into(), class }
                        })
                        .collect();
                    Syllable { label: symbols.into(), spelling: String::new(), phones, tone }
                })
                .collect();
            let readings = vec![Reading { label: phones.into(), syllables, source: ReadingSource::User }];
            Word { text: text.into(), source: 0..0, kind: WordKind::Spoken, readings, chosen: 0 }
        })
        .collect();
    Utterance { language, text: line.into(), words, issues: Vec::new() }
}

fn french() -> Utterance {
    written(
        Language::French,
        "bonjour:b-ɔ̃.ʒ-u-ʁ , je:ʒ-ə voudrais:v-u.d-ʁ-ɛ une:y-n baguette:b-a.g-ɛ-t et:e deux:d-ø croissants:k-ʁ-w-a.s-ɑ̃ .",
    )
}

fn mandarin() -> Utterance {
    written(
        Language::Mandarin,
        "今天:j-y-en1.t-y-an1 天气:t-y-an1.q-i4 很:h-en3 好:h-ao3 , 我们:w-o3.m-en5 一起:i4.q-i3 去:q-v4 \
         公园:g-ong1.yu-an2 散步:s-an4.b-u4 吧:b-a5 .",
    )
}

fn english() -> Utterance {
    written(
        Language::AmericanEnglish,
        "the:ð-ə quick:k-w-ɪ-k brown:b-r-aʊ-n fox:f-ɑ-k-s jumps:dʒ-ʌ-m-p-s over:oʊ.v-ɚ the:ð-ə lazy:l-eɪ.z-i \
         dog:d-ɔ-g .",
    )
}

fn espeak() -> VoiceOptions {
    VoiceOptions { engine: Engine::Espeak, ..VoiceOptions::default() }
}

fn mono(spoken: &Synthesised) -> Mono {
    Mono { rate: spoken.rate, samples: spoken.samples.clone() }
}

fn check_times(spoken: &Synthesised, utterance: &Utterance) {
    assert_eq!(spoken.phones.len(), utterance.phones().count());
    let length = spoken.samples.len() as f64 / f64::from(spoken.rate);
    let mut at = 0.0;
    for (timed, phone) in spoken.phones.iter().zip(utterance.phones()) {
        assert!(timed.start.0 >= at - 1e-6 && timed.end >= timed.start, "{} at {}", phone.phone.symbol, timed.start);
        assert!(timed.end.0 - timed.start.0 < 0.5, "{} lasts too long", phone.phone.symbol);
        at = timed.end.0;
    }
    assert!(at <= length);
    let peak = spoken.samples.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
    assert!((0.1..=1.0).contains(&peak), "peak {peak}");
    assert!(spoken.warnings.is_empty(), "{:?}", spoken.warnings);
}

#[test]
fn the_helper_survives_malformed_requests() {
    let mut child = Command::new(HELPER).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let feed = std::thread::spawn(move || {
        let long = format!("{{\"do\":\"speak\",\"text\":\"{}\"}}\n", "a".repeat(3_000_000));
        for line in [
            b"not json\n".as_slice(),
            b"\n\xff\xfe\x00\n",
            b"[]\n{}\n{\"do\":7}\n{\"do\":\"sing\"}\n",
            b"{\"do\":\"speak\",\"voice\":\"fr\",\"text\":\"a\\u0000b\"}\n",
            b"{\"do\":\"speak\",\"voice\":\"../../etc\",\"text\":\"a\"}\n",
            b"{\"do\":\"speak\",\"voice\":\"fr\",\"text\":\"[[\",\"phonemes\":true}\n",
            b"{\"do\":\"speak\",\"voice\":\"fr\",\"text\":\"[[###@@@]] \\ud83d\\ude00\",\"phonemes\":true,\"rate\":99999,\"pitch\":-5}\n",
            long.as_bytes(),
            b"{\"id\":9,\"do\":\"version\"}",
        ] {
            input.write_all(line).unwrap();
        }
    });
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("\"id\":9,\"ok\":true"), "the last request is still answered");
    assert!(text.matches("\"ok\":false").count() >= 7);
}

#[test]
fn the_helper_says_by_exit_code_what_is_missing() {
    let run = |arguments: &[&str], library: Option<&str>| {
        let mut command = Command::new(HELPER);
        if let Some(library) = library {
            command.env("CUELOOM_ESPEAK_LIBRARY", library);
        }
        command.args(arguments).stdin(Stdio::null()).output().unwrap().status.code()
    };
    assert_eq!(run(&[], None), Some(0));
    assert_eq!(run(&["--check"], None), Some(0));
    assert_eq!(run(&["--sing"], None), Some(2));
    assert_eq!(run(&[], Some("/nowhere/libespeak-ng.so.1")), Some(3));
}

#[test]
fn voices_words_and_events_come_from_espeak() {
    let voice = voice();
    let voices = voice.voices().unwrap();
    assert!(voices.iter().any(|v| v.languages.iter().any(|l| l == "cmn-latn-pinyin")), "{}", voices.len());
    assert_eq!(voice.ipa("wizard", Language::AmericanEnglish).as_deref(), Some("wˈɪzɚd"));
    assert_eq!(voice.ipa("parking", Language::French).map(|i| i.contains('(')), Some(false));
    assert_eq!(voice.ipa("银行", Language::Mandarin), None);
    let spoken = voice.speak("hello wizard", &Speaking::new("en-us")).unwrap();
    assert_eq!(spoken.rate, 22_050);
    let phones: Vec<&str> = spoken
        .events
        .iter()
        .filter(|e| e.kind == SpokenEventKind::Phone && !e.id.is_empty())
        .map(|e| e.id.as_str())
        .collect();
    assert_eq!(phones, ["h", "ə", "l", "oʊ", "w", "ɪ", "z", "ɚ", "d"]);
    // A name that does not resolve is refused, not spoken by the voice before it.
    assert!(matches!(voice.speak("hello", &Speaking::new("en-gb")), Err(VoiceError::Refused(_))));
}

#[test]
fn french_is_spoken_from_our_reading() {
    let voice = voice();
    let utterance = french();
    let spoken = synthesise_with(&voice, &utterance, &espeak()).unwrap();
    check_times(&spoken, &utterance);
    // Another reading of the same spelling is heard: est as a verb or as the east.
    let (verb, east) = (written(Language::French, "est:ɛ"), written(Language::French, "est:ɛ-s-t"));
    let short = synthesise_with(&voice, &verb, &espeak()).unwrap();
    let long = synthesise_with(&voice, &east, &espeak()).unwrap();
    assert!(long.samples.len() > short.samples.len() + 2000);
    check_times(&long, &east);
}

#[test]
fn mandarin_is_spoken_as_pinyin_and_every_syllable_has_a_vowel_of_length() {
    let utterance = mandarin();
    let spoken = synthesise_with(&voice(), &utterance, &espeak()).unwrap();
    check_times(&spoken, &utterance);
    for (timed, phone) in spoken.phones.iter().zip(utterance.phones()) {
        if phone.phone.class == PhoneClass::Vowel {
            let ms = (timed.end - timed.start).millis();
            assert!((40.0..450.0).contains(&ms), "{} lasts {ms} ms", phone.phone.symbol);
        }
    }
    // The comma is a pause.
    let comma = spoken.phones.windows(2).map(|w| w[1].start.0 - w[0].end.0).fold(0.0, f64::max);
    assert!((0.15..0.4).contains(&comma), "{comma}");
}

#[test]
fn english_is_spoken_by_both_synthesisers() {
    let utterance = english();
    check_times(&synthesise_with(&voice(), &utterance, &espeak()).unwrap(), &utterance);
    if flite::is_installed() {
        check_times(&synthesise_with_flite(&utterance, &VoiceOptions::default()).unwrap(), &utterance);
        // A reading that flite would not choose is spoken all the same.
        let past = written(Language::AmericanEnglish, "I:aɪ read:r-ɛ-d books:b-ʊ-k-s");
        check_times(&synthesise_with_flite(&past, &VoiceOptions::default()).unwrap(), &past);
    }
    let french = VoiceOptions { engine: Engine::Flite, ..VoiceOptions::default() };
    assert!(matches!(synthesise(&self::french(), &french), Err(SpeechError::Unfit(_))));
}

#[test]
fn a_text_without_sounds_is_refused_kindly() {
    let nothing = written(Language::French, ", . !");
    assert!(matches!(synthesise_with(&voice(), &nothing, &espeak()), Err(SpeechError::NothingToSay)));
    let audio = Mono { rate: 16_000, samples: vec![0.1; 16_000] };
    assert!(matches!(align(&audio, &nothing, None, &Silent), Err(SpeechError::NothingToSay)));
}

#[test]
fn another_voice_in_noise_is_aligned() {
    let voice = voice();
    for (utterance, other) in [(french(), "fr+f2"), (mandarin(), "cmn-latn-pinyin+m3"), (english(), "en-us+f5")] {
        let reference = synthesise_with(&voice, &utterance, &espeak()).unwrap();
        let options = VoiceOptions { voice: Some(other.into()), tempo: 0.8, pitch: 60.0, ..espeak() };
        let spoken = synthesise_with(&voice, &utterance, &options).unwrap();
        let audio = Mono { rate: spoken.rate, samples: noisy(&spoken.samples, 20.0, 1) };
        let found = align(&audio, &utterance, Some(&reference), &Silent).unwrap();
        assert_eq!(found.method, Method::Dtw);
        assert!(found.warnings.is_empty(), "{:?}", found.warnings);
        let errors: Vec<f64> = onset_errors(&found.phones, &spoken.phones, &utterance).iter().map(|e| e.1).collect();
        let s = scores(&errors);
        assert!(s.median_ms < 15.0 && s.p90_ms < 50.0, "{other}: {s:?}");
        assert!(found.phones.windows(2).all(|w| w[0].start <= w[0].end && w[0].end.0 <= w[1].start.0 + 1e-6));
        let mean = found.phones.iter().map(|p| p.confidence).sum::<f32>() / found.phones.len() as f32;
        assert!(mean > 0.7, "{mean}");
    }
}

#[test]
fn slow_cueing_with_pauses_is_aligned_with_and_without_a_synthesiser() {
    let voice = voice();
    let utterance = french();
    let reference = synthesise_with(&voice, &utterance, &espeak()).unwrap();
    let options = VoiceOptions { voice: Some("fr+m7".into()), tempo: 0.7, ..espeak() };
    let spoken = slowed(&synthesise_with(&voice, &utterance, &options).unwrap(), &utterance, 5);
    let audio = Mono { rate: spoken.rate, samples: noisy(&spoken.samples, 25.0, 1) };
    for reference in [Some(&reference), None] {
        let found = align(&audio, &utterance, reference, &Silent).unwrap();
        let errors: Vec<f64> = onset_errors(&found.phones, &spoken.phones, &utterance).iter().map(|e| e.1).collect();
        let s = scores(&errors);
        assert!(s.median_ms < 50.0 && s.p90_ms < 150.0, "{s:?}");
        assert_eq!(found.method, if reference.is_some() { Method::Dtw } else { Method::Energy });
        assert!(found.pauses.len() >= 12, "{}", found.pauses.len());
    }
}

#[test]
fn a_text_that_was_not_said_is_noticed() {
    let voice = voice();
    let said =
        synthesise_with(&voice, &english(), &VoiceOptions { voice: Some("en-us+f2".into()), ..espeak() }).unwrap();
    let audio = Mono { rate: said.rate, samples: noisy(&said.samples, 25.0, 2) };
    let right = synthesise_with(&voice, &english(), &espeak()).unwrap();
    let found = align(&audio, &english(), Some(&right), &Silent).unwrap();
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    for wrong in [french(), mandarin()] {
        let reference = synthesise_with(&voice, &wrong, &espeak()).unwrap();
        let found = align(&audio, &wrong, Some(&reference), &Silent).unwrap();
        assert!(found.warnings.iter().any(|w| w.contains("does not seem to say")), "{:?}", found.warnings);
        assert!(found.phones.iter().all(|p| p.confidence < 0.4));
    }
}

#[test]
fn silence_noise_and_scraps_are_answered() {
    let utterance = french();
    let reference = synthesise_with(&voice(), &utterance, &espeak()).unwrap();
    for samples in [Vec::new(), vec![0.0; 48_000], noisy(&vec![0.05; 48_000], 0.0, 4)] {
        let audio = Mono { rate: 16_000, samples };
        assert!(matches!(align(&audio, &utterance, Some(&reference), &Silent), Err(SpeechError::NoSpeech)));
    }
    // A fifth of a second for a whole sentence: times are shared out and the user is told.
    let half = reference.samples.len() / 2;
    let scrap = Mono { rate: reference.rate, samples: reference.samples[half..half + 4400].to_vec() };
    let found = align(&scrap, &utterance, Some(&reference), &Silent).unwrap();
    assert_eq!(found.phones.len(), utterance.phones().count());
    assert!(!found.warnings.is_empty());
}

#[test]
fn work_can_be_cancelled() {
    struct Impatient;
    impl Progress for Impatient {
        fn report(&self, _: &str, _: usize, _: usize) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let utterance = french();
    let reference = synthesise_with(&voice(), &utterance, &espeak()).unwrap();
    let result = align(&mono(&reference), &utterance, Some(&reference), &Impatient);
    assert!(matches!(result, Err(SpeechError::Cancelled)));
}

#[test]
fn measured_sets_meet_their_targets() {
    let measured = measure(Half::Work, 5, &voice(), &Silent).unwrap();
    for set in &measured.sets {
        let name = set.set.as_str();
        let (median, p90) = match name {
            n if n.starts_with("espeak") => (15.0, 40.0),
            n if n.starts_with("slow") => (50.0, 150.0),
            _ => (30.0, 80.0),
        };
        let s = &set.scores;
        assert!(s.n >= 20 && s.median_ms <= median && s.p90_ms <= p90, "{name}: {s:?}");
        assert_eq!(set.false_alarms, 0, "{name}");
        assert_eq!(set.by_class.values().map(|c| c.n).sum::<usize>(), s.n);
    }
    let (n, found, wrong) =
        measured.departures.iter().fold((0, 0, 0), |sum, d| (sum.0 + d.n, sum.1 + d.found, sum.2 + d.false_alarms));
    assert!(n >= 20 && found * 10 >= n * 8 && wrong * 10 <= n, "{found} of {n}, {wrong} elsewhere");
}

#[test]
fn anchors_are_kept_to_the_bit_and_the_rest_is_found_between_them() {
    let voice = voice();
    let utterance = french();
    let spoken =
        synthesise_with(&voice, &utterance, &VoiceOptions { voice: Some("fr+f2".into()), tempo: 0.8, ..espeak() })
            .unwrap();
    let audio = Mono { rate: spoken.rate, samples: noisy(&spoken.samples, 20.0, 1) };
    // The second phrase: everything behind the comma.
    let comma = utterance.words.iter().position(|w| w.kind == WordKind::Break).unwrap();
    let words = comma + 1..utterance.words.len();
    let own = synthesise_with(&voice, &part(&utterance, words.clone()), &espeak()).unwrap();
    let first = utterance.phones().position(|p| p.word > comma).unwrap();
    let anchored = first + 8;
    for shift in [0.0, 0.123_456_7] {
        let mut current = spoken.phones.clone();
        let mut fixed = vec![false; current.len()];
        for (i, phone) in current.iter_mut().enumerate().skip(first) {
            let off = if i == anchored { shift } else { 0.1 * (i as f64 * 0.7).sin() };
            (phone.start, phone.end) = (phone.start + Seconds(off), phone.end + Seconds(off));
        }
        fixed[anchored] = true;
        let (from, times) = realign(&audio, &utterance, words.clone(), Some(&own), &current, &fixed).unwrap();
        assert_eq!((from, times.len()), (first, current.len() - first));
        assert_eq!(times[anchored - first], current[anchored]);
        let mut at = current[first - 1].end;
        for time in &times {
            assert!(time.start >= at && time.end >= time.start, "{times:?}");
            at = time.end;
        }
        if shift == 0.0 {
            let errors: Vec<f64> =
                times.iter().zip(&spoken.phones[first..]).map(|(f, t)| (f.start - t.start).millis()).collect();
            let s = scores(&errors);
            assert!(s.median_ms < 15.0 && s.p90_ms < 50.0, "{s:?}");
        }
    }
    // A whole recording with one time known.
    let reference = synthesise_with(&voice, &utterance, &espeak()).unwrap();
    let mut anchors = vec![None; spoken.phones.len()];
    let known = TimedPhone { start: spoken.phones[20].start + Seconds(0.03), ..spoken.phones[20] };
    anchors[20] = Some(known);
    let found = align_anchored(&audio, &utterance, Some(&reference), &anchors, &Silent).unwrap();
    assert_eq!(found.phones[20], known);
    assert!(found.phones.windows(2).all(|w| w[0].start <= w[0].end && w[0].end <= w[1].start));
}

#[test]
fn single_edges_are_kept_and_the_other_side_of_their_sounds_is_free() {
    let voice = voice();
    let utterance = french();
    let options = VoiceOptions { voice: Some("fr+f2".into()), tempo: 0.8, ..espeak() };
    let spoken = synthesise_with(&voice, &utterance, &options).unwrap();
    let audio = Mono { rate: spoken.rate, samples: noisy(&spoken.samples, 20.0, 1) };
    let reference = synthesise_with(&voice, &utterance, &espeak()).unwrap();
    let count = spoken.phones.len();
    // All boundaries are wrong but one, which is set right.
    let mut current = spoken.phones.clone();
    for (i, phone) in current.iter_mut().enumerate() {
        let off = |k: usize| Seconds(0.025 * (k as f64 * 1.3).sin());
        (phone.start, phone.end) = (phone.start + off(i), phone.end + off(i + 1));
    }
    let set = (20..count).find(|&i| spoken.phones[i].start == spoken.phones[i - 1].end).unwrap();
    (current[set - 1].end, current[set].start) = (spoken.phones[set].start, spoken.phones[set].start);
    let mut edges = vec![Edges::default(); count];
    (edges[set - 1].end, edges[set].start) = (true, true);
    let room = (Seconds::ZERO, audio.length());
    let found = realign_within(&audio, &utterance, Some(&reference), &current, &edges, room).unwrap();
    assert_eq!((found[set - 1].end, found[set].start), (current[set - 1].end, current[set].start));
    assert_ne!(found[set].end, current[set].end);
    assert!(found.windows(2).all(|w| w[0].start <= w[0].end && w[0].end <= w[1].start));
    let s = scores(&onset_errors(&found, &spoken.phones, &utterance).iter().map(|e| e.1).collect::<Vec<_>>());
    assert!(s.median_ms < 15.0 && s.p90_ms < 50.0, "{s:?}");
    let few = realign_within(&audio, &utterance, None, &current[1..], &edges, room);
    assert!(matches!(few, Err(SpeechError::NothingToSay)));
}

#[test]
fn the_tempo_that_fits_is_found_and_is_the_same_every_time() {
    let voice = voice();
    let utterance = english();
    let reference = synthesise_with(&voice, &utterance, &espeak()).unwrap();
    let options = VoiceOptions { voice: Some("en-us+m7".into()), tempo: 1.6, ..espeak() };
    let spoken = synthesise_with(&voice, &utterance, &options).unwrap();
    let audio = Mono { rate: spoken.rate, samples: noisy(&spoken.samples, 20.0, 1) };
    let asked = std::sync::Mutex::new(Vec::new());
    let speak = |text: &Utterance, manner: &VoiceOptions| {
        asked.lock().unwrap().push(manner.clone());
        synthesise_with(&voice, text, manner).ok()
    };
    let found = align_best(&audio, &utterance, Some(&reference), &speak, &Silent).unwrap();
    let plain = align(&audio, &utterance, Some(&reference), &Silent).unwrap();
    assert!(found.cost < plain.cost, "{} {}", found.cost, plain.cost);
    let chosen = asked.lock().unwrap().last().cloned().unwrap();
    assert!((1.25..2.0).contains(&chosen.tempo), "{chosen:?}");
    assert_eq!(found, align_best(&audio, &utterance, Some(&reference), &speak, &Silent).unwrap());
    // Where nobody else can speak, the usual voice serves.
    assert_eq!(plain, align_best(&audio, &utterance, Some(&reference), &|_, _| None, &Silent).unwrap());
}
