//! English.

use super::Lists;

pub(super) const LISTS: Lists = &[
    (
        "sentence",
        &[
            "{who} {does} {thing} {place}",
            "{when} {who} {does} {thing}",
            "{thing} {place} {is} {how}",
            "{who} {does} {count} {things}, but {who} {doesnot} {thing}",
            "there {isare} {place}, and {thing} {place}",
            "look over there, {thing} {is} {how}",
            "I think {thing} {is} {very} {how}",
            "you should {do} {thing} {when}",
            "{question} do you {do} {thing} {when}?",
            "first we {do} {thing}, then we {do} {thing}",
            "it was a {size} {noun}, {size} as {likewhat}",
            "nobody {does} {thing} {place}, not even {person}",
            "if you {do} {thing}, {who} will {do} {thing}",
            "{person} told me about {thing} {place}",
            "on the one hand {thing} {is} {how}, on the other hand it {is} {how}",
            "all of us {do} {thing} {when}",
            "my {family} and your {family} {do} {thing} together",
            "why not {do} {thing} {place}?",
            "from here to {town} it takes {count} hours to {do} {thing}",
            "everything {place} {is} {very} {how}",
        ],
    ),
    ("who", &["I", "you", "we", "they", "the twins", "some people", "both girls", "her parents", "those two men"]),
    ("person", &["my aunt", "the judge", "George", "Rachel", "our neighbor", "the young doctor", "his boss", "Joyce"]),
    ("family", &["mother", "brother", "cousin", "sister", "uncle", "daughter", "father", "grandson"]),
    (
        "does",
        &[
            "watch",
            "bring",
            "follow",
            "choose",
            "take",
            "paint",
            "find",
            "need",
            "show",
            "measure",
            "carry",
            "enjoy",
            "wash",
            "push",
            "know",
            "hold",
            "remember",
            "hear",
            "build",
            "sell",
            "throw away",
            "give back",
            "borrow",
        ],
    ),
    (
        "do",
        &[
            "watch", "bring", "visit", "choose", "move", "paint", "find", "use", "share", "measure", "lift", "enjoy",
            "clean", "pull", "draw", "hold", "join", "reach", "check", "open", "close", "mention", "save",
        ],
    ),
    ("doesnot", &["never see", "do not want", "cannot find", "refuse to touch", "forgot", "do not trust"]),
    (
        "noun",
        &[
            "garden", "village", "bridge", "boat", "fish", "cookie", "window", "bottle", "kitten", "house", "coin",
            "mouth", "coat", "jungle", "train", "kite", "bear", "road", "lake", "ship", "feather", "ring", "horse",
            "book", "girl", "machine", "church", "cloud", "picture", "voyage", "mirror", "noise", "chair", "cave",
        ],
    ),
    (
        "thing",
        &[
            "the {noun}",
            "this {noun}",
            "that {size} {noun}",
            "another {noun}",
            "the {colour} {noun}",
            "your {noun}",
            "the {noun} of {person}",
            "my old {noun}",
            "every {noun}",
            "their {noun}",
            "the {noun} and the {noun}",
        ],
    ),
    (
        "things",
        &["houses", "boats", "apples", "fingers", "letters", "stories", "children", "bridges", "judges", "leaves"],
    ),
    ("count", &["two", "three", "four", "five", "seven", "a hundred", "twelve", "about six", "ten"]),
    ("size", &["big", "small", "huge", "tiny", "long", "wide", "tall", "round", "short", "enormous"]),
    ("colour", &["yellow", "blue", "orange", "white", "purple", "dark", "bright", "brown", "gray"]),
    ("likewhat", &["a mountain", "my thumb", "a whale", "this room", "an egg", "the moon", "a mouse"]),
    ("is", &["is", "was", "looks", "seems", "feels"]),
    (
        "isare",
        &[
            "is a {noun}",
            "is nothing",
            "are {count} {things}",
            "was somebody",
            "is the {noun} I mean",
            "were many {things}",
        ],
    ),
    (
        "how",
        &[
            "strange",
            "quiet",
            "smooth",
            "heavy",
            "beautiful",
            "usual",
            "hungry",
            "warm",
            "cold",
            "early",
            "pretty",
            "good",
            "new",
            "dangerous",
            "famous",
            "wrong",
            "possible",
            "cheap",
            "fresh",
            "rough",
            "ugly",
            "joyful",
        ],
    ),
    ("very", &["very", "rather", "so", "not", "too", "really"]),
    (
        "place",
        &[
            "in the garden",
            "at the station",
            "under a bridge",
            "near the old house",
            "behind our school",
            "on the island",
            "with a friend",
            "without any noise",
            "by the river",
            "over there",
            "outside",
            "up on the hill",
            "down in the valley",
            "right here",
            "far away",
            "around the corner",
            "between the trees",
        ],
    ),
    (
        "when",
        &[
            "today",
            "every morning",
            "at night",
            "in July",
            "on Thursday",
            "after the show",
            "all year",
            "very soon",
            "tomorrow",
            "once again",
            "before lunch",
            "these days",
            "last winter",
        ],
    ),
    ("question", &["why", "where", "when", "how", "how often"]),
    ("town", &["Boston", "the coast", "the next village", "my place", "Chicago", "the border"]),
];

/// Words for what is missing: all classes of sounds at their beginning, at their end and within.
pub(super) const WORDS: &str = "pea bee tea key zoo shoe chew two you who see me knee lee we free three boy joy toy cow now how \
    go no so low row day way pay lay may buy die lie my why saw law draw paw jaw raw spa bra ma pa sofa idea panda china \
    extra fur her sir were stir letter water sugar measure cup bit cat dog bed egg hug bag big map top cook book back \
    bridge judge edge age church watch match rich fish bush leaf safe rough bus house this teeth path five love have \
    breathe smooth bathe rose noise please buzz vision beige garage man sun moon sing ring long song lamb room come \
    ball hill pool tell wall car far ear air four door eat it at add apple ask ant odd art up us under over old oak only \
    open eight age aim ice eye island out owl oil oyster all awful autumn earth early urge about again alone arrive \
    use young yes yellow year window wind wet white where yard water voice very vote zebra zero zip these those then \
    that this light rain red leg nose name not milk man moon hat hand hot thin thumb thick sharp ship shop fat face \
    gentle giant jam chain cheese chance pie pink paper table take ten cake kind king cool boat bad day deep dinner game \
    gate give egg create chaos poem lion quiet science idea being going doing seeing playing annoying vowel power hour \
    fire royal radio museum piano area video musician cooperate react biology beyond layer mayor player flower \
    button kitten sudden bottle little middle apple table simple gentle tunnel lesson listen fasten prison heaven even \
    twin queen quick sweet swing dwell few view cute music huge human pure bureau onion million opinion canyon \
    stretch spring splash street scratch square smile snow sleep slow blue black glass green grow cream clay play pray \
    tree dream fly free throw shrink next fifths sixth months depth health wealth width twelfth asked helped watched \
    judged laughed breathed moved buzzed hugged robbed planned claimed banged pulled feared hand lamp tent sink pants \
    bench orange change inch hinge film help belt milk golf health shelf bulb bald solve else false walls arms yarns \
    cars hears airs north harsh march large curve scarf verb word work girl world turn term nurse purse birch merge earl \
    hurry worry sorry mirror parent orient hero zero fury curious serious various warrior barrier error terror \
    good wood put push full pull wool could should sugar bull cushion butcher bosom look took foot put wolf woman room \
    judgment enjoyment achievement movement pavement amazement bathroom toothbrush with us his old this one that is \
    she is he ran they are we all you owe me eat to us so it who else how old why ask buy a cow is joy of boy and";

/// Carrier sentences.
pub(super) const FRAMES: &[&str] = &[
    "say {} again",
    "now read {} aloud",
    "the words {} stand here",
    "write {} on the board",
    "he said {} twice",
    "please repeat {} for me",
    "I heard {} today",
    "you wrote {} in the book",
];
