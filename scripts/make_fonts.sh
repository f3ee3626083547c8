#!/bin/bash
# Makes assets/fonts from Debian's font packages. Run again only to change the fonts; the results are in the repository.
# Needs apt (Debian 12 or Ubuntu), python3 with venv, and the network. Licences: assets/LICENSES.md.
set -euo pipefail
cd "$(dirname "$0")/.."
out="$PWD/assets/fonts"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

cd "$work"
apt-get download -q fonts-inter fonts-droid-fallback fonts-dejavu-core fonts-noto-core
for package in *.deb; do dpkg -x "$package" root; done
python3 -m venv venv
venv/bin/pip -q install fonttools==4.60.1
fonts="$work/root/usr/share/fonts"

cp "$fonts/truetype/dejavu/DejaVuSansMono.ttf" "$out/"

# Inter: figures of one width by default, so that times and counts do not jitter.
# Droid Sans Fallback: comma, colon and their kin at the left of their square, as simplified Chinese has them; the font
# has them in the middle, as in Taiwan.
# Symbols: only the transport and status signs that the other fonts lack.
venv/bin/python - "$fonts" "$out" <<'PYTHON'
import sys
from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

fonts, out = sys.argv[1:]

for name in ("Inter-Regular", "Inter-SemiBold"):
    font = TTFont(f"{fonts}/opentype/inter/{name}.otf", recalcTimestamp=False)
    gsub = font["GSUB"].table
    lookups = {i for r in gsub.FeatureList.FeatureRecord if r.FeatureTag == "tnum" for i in r.Feature.LookupListIndex}
    tabular = {}
    for i in lookups:
        for table in gsub.LookupList.Lookup[i].SubTable:
            table = getattr(table, "ExtSubTable", table)
            tabular.update(getattr(table, "mapping", {}))
    for table in font["cmap"].tables:
        for code in range(ord("0"), ord("9") + 1):
            if code in table.cmap:
                # Subtables may share their content: a figure that is tabular already stays.
                table.cmap[code] = tabular.get(table.cmap[code], table.cmap[code])
    version = next(str(n) for n in font["name"].names if n.nameID == 5)
    font["name"].setName(f"{version}; tabular figures by default", 5, 3, 1, 0x409)
    font.save(f"{out}/{name}.otf")

font = TTFont(f"{fonts}/truetype/droid/DroidSansFallbackFull.ttf", recalcTimestamp=False)
cmap, glyf, hmtx = font.getBestCmap(), font["glyf"], font["hmtx"]
bearing = hmtx[cmap[ord("。")]][1]
for sign in "，：；！？":
    name = cmap[ord(sign)]
    glyph = glyf[name]
    coordinates, _, _ = glyph.getCoordinates(glyf)
    left = min(x for x, _ in coordinates)
    glyph.coordinates.translate((bearing - left, 0))
    glyph.recalcBounds(glyf)
    hmtx[name] = (hmtx[name][0], glyph.xMin)
version = next(str(n) for n in font["name"].names if n.nameID == 5)
for record in font["name"].names:
    if record.nameID == 5:
        record.string = f"{version}; punctuation of simplified Chinese"
font.save(f"{out}/DroidSansFallbackFull.ttf")

parts = {
    "NotoSansSymbols2-Regular": "⏩⏪⏭⏮⏯⏴⏵⏶⏷⏸⏹⏺🔇🔈🔉🔊🔍🔒🔓🖐✋👁🗑🗀🗁",
    "NotoSansMath-Regular": "⟲⟳⟵⟶⟷⟨⟩⟪⟫",
}
files = []
for name, signs in parts.items():
    font = TTFont(f"{fonts}/truetype/noto/{name}.ttf", recalcTimestamp=False)
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    options.drop_tables += ["MATH", "DSIG"]
    worker = subset.Subsetter(options)
    worker.populate(text=signs)
    worker.subset(font)
    missing = [c for c in signs if ord(c) not in font.getBestCmap()]
    if missing:
        sys.exit(f"{name} lacks {missing}")
    font.save(f"{name}.part.ttf")
    files.append(f"{name}.part.ttf")
font = Merger().merge(files)
# Chinese book-title marks, of which the Chinese font has only the double ones.
for table in font["cmap"].tables:
    table.cmap[0x3008], table.cmap[0x3009] = table.cmap[0x27e8], table.cmap[0x27e9]
for record in font["name"].names:
    if record.nameID in (1, 4):
        record.string = "Cueloom Symbols"
    if record.nameID == 6:
        record.string = "CueloomSymbols"
font.save(f"{out}/Symbols.ttf")
PYTHON
ls -l "$out"
