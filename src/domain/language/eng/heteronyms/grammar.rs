//! Whether a word is a noun (or adjective) or a verb, told by the words around it.
//!
//! No parser: English puts so much of its grammar into little words before a noun or a verb that a few steps to the
//! left and one to the right decide most cases. Each answer says whether it is sure; where it is not, both readings
//! are kept.

use super::tables::{
    ADJECTIVES, ADVERBS, BE, COUNTED, DETERMINERS, HAVE, HE, MANY, OBJECTS, PREPOSITIONS, PRONOUNS, TO_VERB,
};
use super::{Context, Use, possessive};

/// A use, and whether it is sure.
pub(super) type Verdict = Option<(Use, bool)>;

const NOUN: Verdict = Some((Use::Name, true));
const VERB: Verdict = Some((Use::Verb, true));
const LIKE_NOUN: Verdict = Some((Use::Name, false));
const LIKE_VERB: Verdict = Some((Use::Verb, false));

/// After these *to* is followed by a noun.
const TOWARDS: &[&str] = &[
    "according",
    "access",
    "due",
    "thanks",
    "close",
    "next",
    "related",
    "subject",
    "objects",
    "objected",
    "response",
    "prior",
    "addition",
    "regard",
    "similar",
    "respect",
    "damage",
    "changes",
    "back",
    "opposed",
    "contrary",
];
/// Verbs that take a person and a bare verb: *let him record*.
const LETTING: &[&str] =
    &["let", "lets", "make", "makes", "made", "help", "helps", "helped", "see", "saw", "watch", "hear", "heard"];
const CONJUNCTIONS: &[&str] = &["and", "or", "but", "then", "nor"];
const CLAUSES: &[&str] = &[
    "when", "if", "because", "while", "where", "before", "after", "until", "unless", "since", "so", "though",
    "although",
];
/// Auxiliaries and common verbs that, after a word, make it a subject.
const FINITE: &[&str] = &[
    "is", "are", "was", "were", "has", "had", "have", "will", "would", "can", "could", "may", "might", "must",
    "should", "does", "did", "do", "isn't", "wasn't", "aren't", "weren't", "won't", "can't", "doesn't", "didn't",
    "shows", "showed", "made", "makes", "went", "came", "began", "ended", "failed", "fell", "rose", "grew", "took",
    "said", "says", "seems", "became", "looks", "looked", "works", "worked", "needs", "costs", "starts", "started",
    "lies", "stands", "stood",
];

/// The first word to the left that is no adverb, and its index.
fn ruler<'a>(context: &Context<'a>) -> (&'a str, Option<usize>) {
    let mut at = context.at;
    while at > 0 {
        at -= 1;
        let word = context.clause[at];
        let adverb = ADVERBS.contains(&word) || word.ends_with("ly") && word.len() > 4 && word != "family";
        if !adverb || word == "all" && at == 0 {
            return (word, Some(at));
        }
    }
    ("", None)
}

fn word<'a>(context: &Context<'a>, at: Option<usize>) -> &'a str {
    at.and_then(|i| context.clause.get(i)).copied().unwrap_or("")
}

/// Begins a noun with its article, or stands for one: what follows a verb.
fn object(word: &str) -> bool {
    OBJECTS.contains(&word)
        || COUNTED.contains(&word)
        || matches!(word, "that" | "what" | "each" | "every" | "any" | "some" | "all" | "many" | "no" | "you")
}

/// A noun in the plural by its look.
pub(super) fn plural(word: &str) -> bool {
    const PLURALS: &[&str] = &[
        "people", "children", "men", "women", "police", "feet", "teeth", "mice", "fish", "sheep", "data", "others",
        "both",
    ];
    PLURALS.contains(&word)
        || word.len() > 3
            && word.ends_with('s')
            && !word.ends_with("ss")
            && !word.ends_with("us")
            && !word.ends_with("is")
            && !word.ends_with("'s")
            && !matches!(
                word,
                "always" | "perhaps" | "news" | "series" | "sales" | "sports" | "arms" | "goods" | "thanks" | "yes"
            )
}

fn adjective(word: &str) -> bool {
    const ENDINGS: &[&str] =
        &["al", "ic", "ive", "ous", "ful", "less", "able", "ible", "ary", "ish", "ese", "ern", "est"];
    ADJECTIVES.contains(&word)
        || word.len() > 4
            && ENDINGS.iter().any(|e| word.ends_with(e))
            && !matches!(word, "forest" | "public" | "music" | "animal" | "hospital" | "table" | "guest" | "interest")
}

/// How a word in its plain form (`record`) is used.
pub(super) fn plain_form(context: &Context) -> Verdict {
    let (before, at) = ruler(context);
    let earlier = word(context, at.and_then(|i| i.checked_sub(1)));
    let after = word(context, Some(context.at + 1));
    if before.is_empty() {
        return if object(after) && after != "that" || ADVERBS.contains(&after) && !FINITE.contains(&after) {
            VERB
        } else if after == "of" || FINITE.contains(&after) {
            NOUN
        } else {
            None
        };
    }
    if before == "to" {
        return if !TOWARDS.contains(&earlier) {
            VERB
        } else if object(after) {
            LIKE_VERB
        } else {
            LIKE_NOUN
        };
    }
    if matches!(before, "that" | "these" | "those" | "some" | "many" | "most" | "both" | "all" | "few" | "others") {
        let subject = before != "that" || plural(earlier);
        return match (subject && object(after), subject && matches!(after, "to" | "with" | "from" | "against" | "")) {
            (true, _) => LIKE_VERB,
            (_, true) if before == "that" => LIKE_VERB,
            (_, true) if !matches!(after, "") => None,
            _ => NOUN,
        };
    }
    if TO_VERB.contains(&before) || PRONOUNS.contains(&before) || matches!(before, "he" | "she" | "it") {
        return VERB;
    }
    if matches!(before, "me" | "him" | "them" | "us") {
        return if LETTING.contains(&earlier) { VERB } else { LIKE_NOUN };
    }
    if before == "her" && LETTING.contains(&earlier) && object(after) {
        return VERB;
    }
    if DETERMINERS.contains(&before) || possessive(before) || COUNTED.contains(&before) {
        return NOUN;
    }
    if BE.contains(&before) || PREPOSITIONS.contains(&before) {
        return NOUN;
    }
    if HAVE.contains(&before) {
        return LIKE_NOUN;
    }
    if CONJUNCTIONS.contains(&before) {
        let verbs = context.clause[..context.at].iter().any(|w| TO_VERB.contains(w));
        return if object(after) {
            VERB
        } else if verbs && !FINITE.contains(&after) {
            None
        } else {
            LIKE_NOUN
        };
    }
    if CLAUSES.contains(&before) {
        return if object(after) { LIKE_VERB } else { None };
    }
    if adjective(before) {
        return LIKE_NOUN;
    }
    if plural(before) || at == Some(0) && before.ends_with('s') {
        // *she makes frequent trips*: that was a verb.
        if matches!(earlier, "he" | "she" | "it" | "who") || possessive(earlier) && object(after) {
            return NOUN;
        }
        // *the truck collects refuse*: an article two words on makes the s that of a verb.
        let third = word(context, at.and_then(|i| i.checked_sub(2)));
        let subject = !earlier.is_empty() && !plural(earlier) && !COUNTED.contains(&earlier) && !adjective(earlier);
        if subject && DETERMINERS.contains(&third) && after.is_empty() {
            return LIKE_NOUN;
        }
        return if object(after) {
            VERB
        } else if FINITE.contains(&after) {
            LIKE_NOUN
        } else {
            LIKE_VERB
        };
    }
    if before.ends_with("ing") || before.ends_with("ed") {
        return LIKE_NOUN;
    }
    // After a noun in the singular a plain form is no verb, unless the subject has an *and* in it.
    if object(after) && !matches!(after, "that") {
        let several = context.clause[..context.at].contains(&"and");
        return if several { LIKE_VERB } else { None };
    }
    LIKE_NOUN
}

/// How an s-form (`records`) is used.
pub(super) fn s_form(context: &Context) -> Verdict {
    let (before, at) = ruler(context);
    let earlier = word(context, at.and_then(|i| i.checked_sub(1)));
    let after = word(context, Some(context.at + 1));
    let followed = object(after) || after.ends_with("ly") || matches!(after, "me" | "you");
    if before.is_empty() {
        return NOUN;
    }
    if matches!(before, "which" | "that" | "who") {
        return if before == "who" || followed || !plural(earlier) { VERB } else { LIKE_VERB };
    }
    if matches!(before, "this" | "each" | "one" | "everyone" | "nobody" | "he" | "she" | "it") || HE.contains(&before) {
        return VERB;
    }
    if TO_VERB.contains(&before) || PREPOSITIONS.contains(&before) || BE.contains(&before) || HAVE.contains(&before) {
        return NOUN;
    }
    if MANY.contains(&before) || DETERMINERS.contains(&before) || possessive(before) || COUNTED.contains(&before) {
        return NOUN;
    }
    if CONJUNCTIONS.contains(&before) || CLAUSES.contains(&before) {
        return if followed { VERB } else { LIKE_NOUN };
    }
    if adjective(before) || plural(before) || before.ends_with("ing") {
        return LIKE_NOUN;
    }
    if PRONOUNS.contains(&before) || matches!(before, "them" | "us" | "me" | "him") {
        return LIKE_NOUN;
    }
    // After a noun in the singular: its verb, or the second half of a compound.
    if followed {
        return VERB;
    }
    let other_verb = context.clause.iter().enumerate().any(|(i, w)| i != context.at && FINITE.contains(w));
    if FINITE.contains(&after) || other_verb {
        return LIKE_NOUN;
    }
    LIKE_VERB
}
