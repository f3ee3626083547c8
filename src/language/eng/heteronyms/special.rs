//! Heteronyms with rules of their own.

use super::grammar::plural;
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
            } else if ruler.is_empty() || matches!(ruler, "and" | "or" | "help") || plural(ruler) {
                doubt(REED, RED)
            } else if clause_has(&["let", "make", "made", "help", "helped", "watch", "watched", "hear", "heard"]) {
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
            } else if noun && clause_has(&metal) {
                doubt(LED, LEED)
            } else if noun && matches!(before, "the" | "a") && after.is_empty() && earlier != "in" && earlier != "take"
            {
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
        "polish" => {
            const POLE: &str = "P OW1 L IH0 SH";
            const SHINE: &str = "P AA1 L IH0 SH";
            if context.name {
                vec![POLE]
            } else if context.capital && !OBJECTS.contains(&after) {
                doubt(POLE, SHINE)
            } else {
                vec![SHINE]
            }
        }
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
            let old = matches!(before, "the" | "an" | "his" | "her" | "my" | "their")
                && (after.is_empty()
                    || PREPOSITIONS.contains(&after)
                    || matches!(
                        after,
                        "and"
                            | "man"
                            | "woman"
                            | "men"
                            | "women"
                            | "people"
                            | "father"
                            | "mother"
                            | "parents"
                            | "person"
                            | "couple"
                            | "aunt"
                            | "uncle"
                            | "king"
                    ));
            pick(old, "EY1 JH IH0 D", "EY1 JH D")
        }
        "beloved" => {
            pick(matches!(after, "by" | "of") && BE.contains(&before), "B IH0 L AH1 V D", "B IH0 L AH1 V IH0 D")
        }
        "blessed" => pick(
            matches!(before, "the" | "a" | "every" | "this")
                && !after.is_empty()
                && after != "by"
                && !OBJECTS.contains(&after),
            "B L EH1 S IH0 D",
            "B L EH1 S T",
        ),
        "dogged" => {
            pick(matches!(before, "his" | "her" | "the" | "a" | "their" | "with"), "D AO1 G IH0 D", "D AO1 G D")
        }
        "axes" => {
            if clause_has(&["chop", "chopped", "tools", "wood", "sharp", "swung", "trees", "saws", "picks"]) {
                vec!["AE1 K S IH0 Z"]
            } else if clause_has(&[
                "graph",
                "x",
                "y",
                "vertical",
                "horizontal",
                "chart",
                "plot",
                "rotation",
                "coordinate",
            ]) {
                vec!["AE1 K S IY2 Z"]
            } else {
                doubt("AE1 K S IY2 Z", "AE1 K S IH0 Z")
            }
        }
        "bases" => {
            if clause_has(&["loaded", "military", "army", "runners", "stole", "covered", "steal", "navy"]) {
                vec!["B EY1 S IH0 Z"]
            } else if clause_has(&["acids", "chemical", "theoretical"]) {
                vec!["B EY1 S IY0 Z"]
            } else {
                doubt("B EY1 S IH0 Z", "B EY1 S IY0 Z")
            }
        }
        "houses" => {
            vec!["HH AW1 Z IH0 Z"]
        }
        "nice" => pick(
            context.name && matches!(before, "in" | "to" | "from" | "near" | "visit" | "visited"),
            "N IY1 S",
            "N AY1 S",
        ),
        "job" => {
            if context.name && !DETERMINERS.contains(&before) {
                doubt("JH OW1 B", "JH AA1 B")
            } else {
                vec!["JH AA1 B"]
            }
        }
        "reading" if context.name && matches!(before, "in" | "to" | "from" | "near") => {
            doubt("R EH1 D IH0 NG", "R IY1 D IH0 NG")
        }
        "lima" => pick(context.capital && !matches!(after, "bean" | "beans"), "L IY1 M AH0", "L AY1 M AH0"),
        "mobile" => {
            if context.name && matches!(before, "in" | "to" | "from" | "near") {
                doubt("M OW0 B IY1 L", "M OW1 B AH0 L")
            } else if clause_has(&["baby", "crib", "ceiling", "hung", "hangs"]) && DETERMINERS.contains(&before) {
                doubt("M OW1 B IY2 L", "M OW1 B AH0 L")
            } else {
                vec!["M OW1 B AH0 L"]
            }
        }
        "herb" => pick(context.name || context.capital && context.at == 0 && after != "garden", "HH ER1 B", "ER1 B"),
        "moped" => pick(
            HE.contains(&before) || PRONOUNS.contains(&before) || matches!(after, "around" | "about"),
            "M OW1 P T",
            "M OW1 P EH2 D",
        ),
        "primer" => {
            if clause_has(&["paint", "coat", "wall", "walls", "apply", "applied", "spray"]) {
                vec!["P R AY1 M ER0"]
            } else {
                doubt("P R IH1 M ER0", "P R AY1 M ER0")
            }
        }
        "row" => {
            if clause_has(&["argument", "quarrel", "neighbors", "shouting", "loud", "noisy"])
                && DETERMINERS.contains(&before)
            {
                doubt("R AW1", "R OW1")
            } else {
                vec!["R OW1"]
            }
        }
        "winged" => vec!["W IH1 NG D"],
        "putting" => {
            if clause_has(&["golf", "green", "greens", "golfer"]) {
                vec!["P AH1 T IH0 NG"]
            } else {
                vec!["P UH1 T IH0 NG"]
            }
        }
        "slough" => doubt("S L AH1 F", "S L UW1"),
        "unionized" => vec!["Y UW1 N Y AH0 N AY2 Z D"],
        "supply" => vec!["S AH0 P L AY1"],
        "august" => {
            let month = context.capital || BE.contains(&before);
            pick(month || !matches!(before, "an" | "most"), "AO1 G AH0 S T", "AO0 G AH1 S T")
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
