//! Heteronyms with rules of their own.

use super::tables::{ADVERBS, BE, DETERMINERS, HAVE, HE, OBJECTS, PREPOSITIONS, PRONOUNS, TO_VERB};
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
            let adverb = ADVERBS.contains(&before) || matches!(before, "well" | "widely");
            let ruler = if adverb { earlier } else { before };
            if matches!(ruler, "the" | "a" | "good" | "great" | "must" | "interesting") && !TO_VERB.contains(&ruler)
                || TO_VERB.contains(&ruler)
            {
                vec![REED]
            } else if HAVE.contains(&ruler)
                || BE.contains(&ruler)
                || matches!(before, "already" | "well" | "widely")
                || !ruler.is_empty()
                    && clause_has(&["yesterday", "ago", "last", "once", "earlier", "was", "were", "had"])
            {
                vec![RED]
            } else if PRONOUNS.contains(&ruler) && !matches!(ruler, "who") {
                if clause_has(&["every", "usually", "always", "often", "sometimes", "daily", "now", "never", "do"]) {
                    vec![REED]
                } else {
                    doubt(REED, RED)
                }
            } else if matches!(ruler, "he" | "she" | "it" | "who" | "everyone" | "nobody" | "sign") {
                vec![RED]
            } else if ruler.is_empty()
                || matches!(
                    ruler,
                    "and" | "or" | "people" | "children" | "students" | "help" | "me" | "him" | "them" | "us"
                )
            {
                doubt(REED, RED)
            } else {
                doubt(RED, REED)
            }
        }
        "lead" => {
            let metal =
                matches!(after, "pipe" | "pipes" | "poisoning" | "paint" | "pencil" | "pencils" | "acid" | "weight")
                    || before == "of"
                        && !DETERMINERS.contains(&after)
                        && clause_has(&["made", "contains", "levels", "heavy", "pounds"])
                    || matches!(before, "contains" | "molten" | "heavy" | "like") && after != "to";
            pick(metal, "L EH1 D", "L IY1 D")
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
            } else {
                vec!["L IH1 V"]
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
                "not",
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
        "wind" => pick(
            before.is_empty() && OBJECTS.contains(&after)
                || TO_VERB.contains(&before)
                || PRONOUNS.contains(&before)
                || matches!(after, "up" | "down") && before != "the",
            "W AY1 N D",
            "W IH1 N D",
        ),
        "winds" => pick(HE.contains(&before) || after == "up", "W AY1 N D Z", "W IH1 N D Z"),
        "wound" => pick(
            matches!(after, "up" | "around" | "down" | "through" | "round")
                || PRONOUNS.contains(&before)
                || HE.contains(&before),
            "W AW1 N D",
            "W UW1 N D",
        ),
        "tear" => {
            let rip = TO_VERB.contains(&before)
                || PRONOUNS.contains(&before)
                || matches!(after, "down" | "up" | "apart" | "it" | "off" | "out" | "into" | "in" | "this")
                || before == "wear";
            let weep =
                matches!(after, "gas" | "drop" | "drops" | "duct" | "ducts" | "rolled" | "fell" | "ran" | "stained");
            if weep {
                vec!["T IH1 R"]
            } else if rip || before == "and" && earlier == "wear" {
                vec!["T EH1 R"]
            } else if DETERMINERS.contains(&before) || name() {
                doubt("T IH1 R", "T EH1 R")
            } else {
                doubt("T EH1 R", "T IH1 R")
            }
        }
        "tears" => pick(
            HE.contains(&before) || matches!(after, "down" | "up" | "apart" | "it" | "off"),
            "T EH1 R Z",
            "T IH1 R Z",
        ),
        "bow" => {
            let bend = verb()
                || matches!(after, "down" | "before" | "to" | "out")
                || matches!(earlier, "take" | "took" | "takes" | "taking");
            if bend { vec!["B AW1"] } else { vec!["B OW1"] }
        }
        "bows" => pick(HE.contains(&before) || matches!(after, "down" | "his" | "her" | "to"), "B AW1 Z", "B OW1 Z"),
        "bass" => pick(
            matches!(after, "fish" | "fishing")
                || matches!(before, "largemouth" | "sea" | "striped" | "caught" | "fish" | "smallmouth"),
            "B AE1 S",
            "B EY1 S",
        ),
        "dove" => pick(
            PRONOUNS.contains(&before)
                || HE.contains(&before)
                || matches!(after, "into" | "in" | "down" | "off" | "under" | "for"),
            "D OW1 V",
            "D AH1 V",
        ),
        "minute" => pick(
            matches!(
                after,
                "details"
                    | "detail"
                    | "amount"
                    | "amounts"
                    | "quantities"
                    | "quantity"
                    | "particles"
                    | "differences"
                    | "traces"
                    | "changes"
                    | "fraction"
            ) || matches!(before, "very" | "extremely" | "so"),
            "M AY0 N UW1 T",
            "M IH1 N AH0 T",
        ),
        "content" => {
            if matches!(after, "with" | "to") && after == "with"
                || BE.contains(&before)
                || matches!(before, "feel" | "felt" | "perfectly" | "quite" | "very")
            {
                vec!["K AH0 N T EH1 N T"]
            } else {
                vec!["K AA1 N T EH0 N T"]
            }
        }
        "resume" => pick(
            DETERMINERS.contains(&before) || possessive(before) || PREPOSITIONS.contains(&before),
            "R EH1 Z AH0 M EY2",
            "R IH0 Z UW1 M",
        ),
        "invalid" => pick(
            matches!(before, "an" | "the") && (after.is_empty() || matches!(after, "who" | "and")),
            "IH1 N V AH0 L AH0 D",
            "IH2 N V AE1 L AH0 D",
        ),
        "polish" => pick(context.name, "P OW1 L IH0 SH", "P AA1 L IH0 SH"),
        "used" => {
            if after == "to" {
                let passive = matches!(
                    before,
                    "is" | "are" | "was" | "were" | "be" | "been" | "being" | "it's" | "often" | "commonly" | "can"
                );
                let to_thing = OBJECTS.contains(&later) || later.ends_with("ing") || later.is_empty();
                pick(!passive || to_thing, "Y UW1 S T", "Y UW1 Z D")
            } else {
                vec!["Y UW1 Z D"]
            }
        }
        "learned" => pick(
            matches!(before, "a" | "most" | "very") && !after.is_empty() && !OBJECTS.contains(&after) && after != "to",
            "L ER1 N IH0 D",
            "L ER1 N D",
        ),
        "aged" => {
            pick(before == "the" && (after.is_empty() || PREPOSITIONS.contains(&after)), "EY1 JH IH0 D", "EY1 JH D")
        }
        "sow" => pick(DETERMINERS.contains(&before), "S AW1", "S OW1"),
        "sewer" => vec!["S UW1 ER0"],
        "does" => pick(matches!(before, "the" | "two" | "three" | "of"), "D OW1 Z", "D AH1 Z"),
        "number" => vec!["N AH1 M B ER0"],
        "multiply" => vec!["M AH1 L T AH0 P L AY2"],
        "uses" => {
            let many = [
                "many",
                "several",
                "the",
                "other",
                "its",
                "different",
                "various",
                "of",
                "have",
                "has",
                "common",
                "medical",
                "for",
            ];
            pick(many.contains(&before), "Y UW1 S IH0 Z", "Y UW1 Z IH0 Z")
        }
        _ => return None,
    })
}
