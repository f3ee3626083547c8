//! Heteronyms with rules of their own.

use super::grammar::plural;
use super::senses::by_sense;
use super::tables::{ADVERBS, BE, DETERMINERS, HAVE, HE, OBJECTS, PRONOUNS, TO_VERB};
use super::{Context, Use, possessive, used_as};

/// Words with rules of their own.
pub(super) fn special(word: &str, context: &Context) -> Option<Vec<&'static str>> {
    let [before, earlier] = context.before;
    let [after, later] = context.after;
    let verb = || used_as(context) == Some(Use::Verb);
    let name = || used_as(context) == Some(Use::Name);
    let pick = |first: bool, a: &'static str, b: &'static str| if first { vec![a] } else { vec![b] };
    let doubt = |a: &'static str, b: &'static str| vec![a, b];
    let clause_has = |list: &[&str]| context.clause.iter().any(|w| list.contains(w));
    Some(match word {
        "read" => {
            const RED: &str = "R EH1 D";
            const REED: &str = "R IY1 D";
            let ruler = if ADVERBS.contains(&before) || matches!(before, "well" | "widely") { earlier } else { before };
            // *have you read*: an auxiliary of the perfect, and nothing between that wants the plain form.
            let left = &context.clause[context.at.saturating_sub(4)..context.at];
            let perfect = left.iter().rposition(|w| HAVE.contains(w));
            let plain = left.iter().rposition(|w| TO_VERB.contains(w));
            let past = ["yesterday", "ago", "last", "once", "earlier", "was", "were", "had", "went", "bought", "told"];
            let habit = ["every", "usually", "always", "often", "sometimes", "daily", "now", "never", "do", "each"];
            if plain.is_some() && plain >= perfect
                || matches!(
                    ruler,
                    "the"
                        | "a"
                        | "good"
                        | "great"
                        | "must"
                        | "interesting"
                        | "quick"
                        | "easy"
                        | "long"
                        | "me"
                        | "us"
                        | "him"
                        | "them"
                )
            {
                vec![REED]
            } else if perfect.is_some()
                || BE.contains(&ruler)
                || matches!(before, "already" | "well" | "widely")
                || !ruler.is_empty() && clause_has(&past)
            {
                vec![RED]
            } else if PRONOUNS.contains(&ruler) && ruler != "who" {
                if clause_has(&habit) {
                    vec![REED]
                } else if OBJECTS.contains(&after) {
                    doubt(RED, REED)
                } else {
                    doubt(REED, RED)
                }
            } else if matches!(ruler, "he" | "she" | "it" | "who" | "everyone" | "nobody" | "sign") {
                vec![RED]
            } else if ruler.is_empty() && (OBJECTS.contains(&after) || !after.is_empty()) && context.at == 0 {
                vec![REED]
            } else if ruler.is_empty()
                || matches!(ruler, "and" | "or" | "help")
                || plural(ruler)
                || clause_has(&["let", "make", "made", "help", "helped", "watch", "watched", "hear", "heard"])
            {
                doubt(REED, RED)
            } else {
                // After a subject in the singular: a present would end in s.
                vec![RED]
            }
        }
        "lead" => {
            const LED: &str = "L EH1 D";
            const LEED: &str = "L IY1 D";
            let metal = [
                "pipe",
                "pipes",
                "paint",
                "metal",
                "melted",
                "heavy",
                "toxic",
                "bullet",
                "bullets",
                "pencil",
                "pencils",
                "element",
                "zinc",
                "copper",
                "iron",
                "tin",
                "battery",
                "batteries",
                "roof",
                "gasoline",
                "poisoning",
                "exposure",
                "gray",
                "weighs",
                "weights",
                "acid",
                "silver",
                "steel",
                "apron",
                "contains",
                "dust",
            ];
            let acts = TO_VERB.contains(&before) || PRONOUNS.contains(&before) || before.is_empty();
            let noun = name() || matches!(before, "and" | "contains" | "molten" | "heavy" | "like" | "liquid" | "into");
            if matches!(
                after,
                "pipe"
                    | "pipes"
                    | "poisoning"
                    | "paint"
                    | "pencil"
                    | "pencils"
                    | "acid"
                    | "weight"
                    | "weights"
                    | "bullet"
                    | "bullets"
                    | "apron"
                    | "crystal"
                    | "levels"
                    | "exposure"
            ) || matches!(before, "contains" | "molten" | "heavy" | "liquid" | "like" | "of")
                && !OBJECTS.contains(&after)
                && noun
            {
                vec![LED]
            } else if clause_has(&metal) && (noun || after.is_empty() && !acts) {
                doubt(LED, LEED)
            } else if noun && matches!(before, "the" | "a") && after.is_empty() && earlier != "in" && earlier != "take"
            {
                doubt(LEED, LED)
            } else if !acts && !noun && (after.is_empty() || clause_has(&metal)) {
                // After an adjective: a clear lead, a soft lead.
                doubt(LEED, LED)
            } else {
                vec![LEED]
            }
        }
        "live" => {
            const STAGE: &[&str] = &[
                "music",
                "show",
                "shows",
                "concert",
                "broadcast",
                "tv",
                "television",
                "stream",
                "streams",
                "video",
                "performance",
                "performances",
                "audience",
                "coverage",
                "animals",
                "animal",
                "wire",
                "ammunition",
                "event",
                "events",
                "recording",
                "band",
                "chat",
                "demo",
                "updates",
                "album",
                "from",
                "captions",
                "captioning",
                "interview",
                "bait",
                "birth",
                "births",
                "theater",
            ];
            let with_be = BE.contains(&before)
                || matches!(
                    before,
                    "go" | "going"
                        | "goes"
                        | "went"
                        | "gone"
                        | "broadcast"
                        | "stream"
                        | "streamed"
                        | "recorded"
                        | "performed"
                        | "perform"
                        | "played"
                        | "sing"
                        | "watch"
                );
            if with_be
                || STAGE.contains(&after) && !PRONOUNS.contains(&before) && !TO_VERB.contains(&before)
                || matches!(before, "the" | "a" | "this" | "some")
            {
                vec!["L AY1 V"]
            } else if TO_VERB.contains(&before)
                || PRONOUNS.contains(&before)
                || ADVERBS.contains(&before)
                || plural(before)
                || matches!(after, "in" | "at" | "with" | "near" | "here" | "there" | "alone" | "together" | "on")
            {
                vec!["L IH1 V"]
            } else {
                doubt("L IH1 V", "L AY1 V")
            }
        }
        "lives" => {
            let noun = DETERMINERS.contains(&before)
                || possessive(before)
                || matches!(
                    before,
                    "save"
                        | "saved"
                        | "saves"
                        | "saving"
                        | "of"
                        | "cost"
                        | "lose"
                        | "lost"
                        | "change"
                        | "changed"
                        | "people's"
                        | "human"
                        | "daily"
                        | "everyday"
                        | "in"
                        | "for"
                        | "live"
                        | "nine"
                        | "past"
                );
            let verb = HE.contains(&before)
                || matches!(after, "in" | "at" | "with" | "near" | "here" | "there" | "alone" | "on" | "next");
            if noun {
                vec!["L AY1 V Z"]
            } else if verb {
                vec!["L IH1 V Z"]
            } else {
                doubt("L AY1 V Z", "L IH1 V Z")
            }
        }
        "close" => {
            const NEAR: &[&str] = &[
                "so",
                "very",
                "too",
                "how",
                "as",
                "really",
                "pretty",
                "quite",
                "get",
                "got",
                "getting",
                "gets",
                "come",
                "came",
                "comes",
                "stay",
                "stayed",
                "stand",
                "stood",
                "sit",
                "sat",
                "keep",
                "a",
                "be",
                "is",
                "was",
                "are",
                "were",
                "am",
                "been",
                "it's",
                "i'm",
                "we're",
                "they're",
                "he's",
                "she's",
                "that's",
                "you're",
                "up",
                "my",
                "his",
                "her",
                "their",
                "our",
                "hold",
                "held",
                "this",
                "extremely",
                "fairly",
                "relatively",
            ];
            const NEAR_AFTER: &[&str] = &[
                "to",
                "friend",
                "friends",
                "by",
                "enough",
                "together",
                "call",
                "relationship",
                "family",
                "attention",
                "look",
                "behind",
                "relative",
                "relatives",
                "game",
                "race",
                "range",
                "proximity",
                "contact",
                "ties",
                "range",
                "watch",
                "as",
            ];
            if TO_VERB.contains(&before) && !(before == "did" || before == "do") && after != "to"
                || OBJECTS.contains(&after) && !NEAR.contains(&before)
                || PRONOUNS.contains(&before)
                || verb() && after != "to" && !NEAR.contains(&before)
                || plural(before) && after != "to"
                || matches!(after, "down" | "at") && !NEAR.contains(&before)
                || matches!(before, "to" | "the") && matches!(after, "" | "of")
            {
                vec!["K L OW1 Z"]
            } else if NEAR.contains(&before) || NEAR_AFTER.contains(&after) || before == "the" {
                vec!["K L OW1 S"]
            } else {
                doubt("K L OW1 Z", "K L OW1 S")
            }
        }
        "wind" => {
            let turn = before.is_empty() && OBJECTS.contains(&after)
                || TO_VERB.contains(&before)
                || PRONOUNS.contains(&before)
                || matches!(after, "up" | "down") && before != "the";
            if turn {
                vec!["W AY1 N D"]
            } else if plural(before) {
                doubt("W AY1 N D", "W IH1 N D")
            } else {
                vec!["W IH1 N D"]
            }
        }
        "winds" => {
            if HE.contains(&before) || after == "up" {
                vec!["W AY1 N D Z"]
            } else if matches!(after, "through" | "around" | "along" | "its" | "past" | "between") {
                doubt("W AY1 N D Z", "W IH1 N D Z")
            } else {
                vec!["W IH1 N D Z"]
            }
        }
        "wound" => {
            let turned = matches!(after, "up" | "around" | "down" | "through" | "round") || HE.contains(&before);
            if turned {
                vec!["W AW1 N D"]
            } else if name() {
                vec!["W UW1 N D"]
            } else if PRONOUNS.contains(&before) || OBJECTS.contains(&after) && !TO_VERB.contains(&before) {
                doubt("W AW1 N D", "W UW1 N D")
            } else {
                vec!["W UW1 N D"]
            }
        }
        "tear" => {
            let rip = TO_VERB.contains(&before)
                || PRONOUNS.contains(&before)
                || matches!(after, "down" | "up" | "apart" | "it" | "off" | "out" | "into" | "in" | "this")
                || before == "wear";
            let weep =
                matches!(after, "gas" | "drop" | "drops" | "duct" | "ducts" | "rolled" | "fell" | "ran" | "stained");
            let counted = DETERMINERS.contains(&before);
            if weep {
                vec!["T IH1 R"]
            } else if counted
                && clause_has(&["eye", "eyes", "cheek", "cheeks", "face", "cry", "cried", "crying", "shed"])
            {
                doubt("T IH1 R", "T EH1 R")
            } else if counted && matches!(after, "in" | "into" | "down" | "off" | "out") {
                doubt("T EH1 R", "T IH1 R")
            } else if rip || before == "and" && earlier == "wear" {
                vec!["T EH1 R"]
            } else if DETERMINERS.contains(&before) || name() {
                doubt("T IH1 R", "T EH1 R")
            } else {
                doubt("T EH1 R", "T IH1 R")
            }
        }
        "tears" => pick(
            HE.contains(&before)
                || matches!(after, "down" | "up" | "apart" | "it" | "off")
                || OBJECTS.contains(&after) && !before.is_empty() && !DETERMINERS.contains(&before),
            "T EH1 R Z",
            "T IH1 R Z",
        ),
        "bow" => {
            const BEND: &str = "B AW1";
            const ARC: &str = "B OW1";
            let ship =
                clause_has(&["ship", "ship's", "boat", "boat's", "stern", "deck", "sail", "sailor", "waves", "canoe"]);
            let arc = clause_has(&[
                "arrow",
                "arrows",
                "violin",
                "cello",
                "hair",
                "ribbon",
                "tie",
                "ties",
                "string",
                "archer",
                "wore",
                "wears",
                "gift",
                "dress",
                "red",
                "pink",
                "shoelaces",
                "package",
                "box",
            ]);
            if matches!(after, "tie" | "ties" | "and") && later == "arrow" || arc && !verb() {
                vec![ARC]
            } else if verb()
                || matches!(after, "down" | "before" | "out")
                || matches!(earlier, "take" | "took" | "takes" | "taking")
                || ship
            {
                vec![BEND]
            } else if plural(before) && !DETERMINERS.contains(&before) {
                doubt(BEND, ARC)
            } else {
                doubt(ARC, BEND)
            }
        }
        "bows" => {
            if HE.contains(&before) || matches!(after, "down" | "his" | "her" | "to" | "before") {
                vec!["B AW1 Z"]
            } else {
                doubt("B OW1 Z", "B AW1 Z")
            }
        }
        "bass" => {
            const FISH: &str = "B AE1 S";
            const LOW: &str = "B EY1 S";
            if matches!(after, "fish" | "fishing")
                || matches!(before, "largemouth" | "sea" | "striped" | "fish" | "smallmouth")
            {
                vec![FISH]
            } else if clause_has(&[
                "lake", "river", "pond", "caught", "catch", "fishing", "fish", "angler", "hook", "grilled",
            ]) {
                doubt(FISH, LOW)
            } else if matches!(after, "guitar" | "drum" | "player" | "line" | "clef" | "guitarist" | "singer" | "voice")
                || clause_has(&[
                    "band", "plays", "play", "played", "guitar", "sing", "sings", "music", "song", "jazz", "choir",
                    "drums",
                ])
            {
                vec![LOW]
            } else {
                doubt(LOW, FISH)
            }
        }
        _ => return by_sense(word, context),
    })
}
