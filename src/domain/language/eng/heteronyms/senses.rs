//! Heteronyms told by what is spoken of rather than by grammar: *minute*, *Polish*, *axes*.

use super::tables::{BE, DETERMINERS, HE, OBJECTS, PREPOSITIONS, PRONOUNS};
use super::{Context, Use, possessive, used_as};

/// Readings of a word that its neighbours tell, best first; `None` for all other words.
pub(super) fn by_sense(word: &str, context: &Context) -> Option<Vec<&'static str>> {
    let before = context.before[0];
    let [after, later] = context.after;
    let verb = || used_as(context) == Some(Use::Verb);
    let pick = |first: bool, a: &'static str, b: &'static str| if first { vec![a] } else { vec![b] };
    let doubt = |a: &'static str, b: &'static str| vec![a, b];
    let clause_has = |list: &[&str]| context.clause.iter().any(|w| list.contains(w));
    Some(match word {
        "dove" => {
            let jumped = PRONOUNS.contains(&before) || HE.contains(&before);
            let bird = DETERMINERS.contains(&before) || matches!(before, "white" | "turtle" | "mourning");
            let way = matches!(after, "into" | "in" | "down" | "off" | "under" | "for" | "deep" | "headfirst");
            if jumped || way && !bird {
                vec!["D OW1 V"]
            } else if bird {
                vec!["D AH1 V"]
            } else {
                doubt("D AH1 V", "D OW1 V")
            }
        }
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
                || matches!(before, "feel" | "felt" | "feels" | "perfectly" | "quite" | "very")
                || matches!(before, "look" | "looks" | "looked" | "looking" | "seem" | "seems" | "seemed")
                || matches!(before, "appear" | "appears" | "appeared" | "sound" | "sounds" | "sounded" | "grew")
                || matches!(before, "remain" | "remains" | "remained" | "stay" | "stayed")
            {
                vec!["K AH0 N T EH1 N T"]
            } else if used_as(context) == Some(Use::Name) || !after.is_empty() && !PREPOSITIONS.contains(&after) {
                vec!["K AA1 N T EH0 N T"]
            } else {
                doubt("K AA1 N T EH0 N T", "K AH0 N T EH1 N T")
            }
        }
        "resume" => {
            if verb() {
                vec!["R IH0 Z UW1 M"]
            } else if DETERMINERS.contains(&before) || possessive(before) || PREPOSITIONS.contains(&before) {
                vec!["R EH1 Z AH0 M EY2"]
            } else {
                doubt("R IH0 Z UW1 M", "R EH1 Z AH0 M EY2")
            }
        }
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
        _ => return None,
    })
}
