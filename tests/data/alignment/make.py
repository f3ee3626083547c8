"""Makes case.json: an alignment worked out apart from the program, in NumPy, from what src/domain/pose/alignment says.

    python3 make.py          needs NumPy; the numbers follow from SEED alone

The source is the example person (src/domain/pose/reference.rs, written out below) with other bones, in pixels of another
picture, turned a little; four frames, some points missing. Scales: eq. 17 as ratios of weighted medians (weighted 0.9
quantile where the 0.1 quantile is below 0.75 of it), sides together; places: eq. 19-21 on bone vectors.
"""
import json
import numpy as np

SEED = 11
rng = np.random.default_rng(SEED)
STABLE = [0, 16, 27, 28, 29, 30, 33, 36, 39, 42, 45]
HALF = {0: (.380, .345), 1: (.381, .375), 2: (.385, .405), 3: (.391, .434), 4: (.401, .461), 5: (.418, .485),
        6: (.441, .504), 7: (.469, .516), 8: (.500, .520), 17: (.410, .313), 18: (.424, .302), 19: (.442, .299),
        20: (.460, .302), 21: (.476, .308), 27: (.5, .340), 28: (.5, .364), 29: (.5, .387), 30: (.5, .407),
        31: (.479, .416), 32: (.489, .420), 33: (.5, .422), 36: (.428, .346), 37: (.441, .337), 38: (.460, .337),
        39: (.474, .348), 40: (.460, .354), 41: (.442, .354), 48: (.458, .456), 49: (.473, .449), 50: (.489, .445),
        51: (.5, .447), 57: (.5, .473), 58: (.487, .472), 59: (.471, .466), 60: (.463, .4565), 61: (.485, .4565),
        62: (.5, .4570)}


def mirror(i):
    for lo, hi, s in [(0, 16, 16), (17, 26, 43), (31, 35, 66), (36, 39, 81), (42, 45, 81), (40, 41, 87), (46, 47, 87),
                      (48, 54, 102), (55, 59, 114), (60, 64, 124), (65, 67, 132)]:
        if lo <= i <= hi:
            return s - i
    return i


FACE = np.zeros((68, 2))
for i, p in HALF.items():
    FACE[i] = p
    FACE[mirror(i)] = (1 - p[0], p[1])
for i in (27, 28, 29, 30, 33, 51, 57, 62, 8):
    FACE[i, 0] = .5
FACE[66] = (.5, .4575)
FACE[67] = (FACE[61, 0], .4575)
FACE[65] = (FACE[63, 0], .4575)
SHOULDERS = np.array([(.74, .68), (.26, .68)])
HAND, FORE, UPPER = .32, .42, .49
ROOT, HEAD = SHOULDERS.mean(0), FACE[STABLE].mean(0)

# Bones of the hand, shares of its length (adult averages of src/domain/pose/hand.rs).
KNUCKLES = np.array([(.5, .112, -.006), (.505, 0, 0), (.474, -.1, -.008), (.425, -.186, -.028)])
PHALANGES = [(.213, .122, .104), (.238, .141, .116), (.221, .138, .114), (.176, .098, .105)]
THUMB_FOOT, THUMB = np.array((.11, .1, -.04)), (.240, .168, .136)
joint = {1: np.linalg.norm(THUMB_FOOT)}
for k in range(3):
    joint[2 + k] = THUMB[k]
for f in range(4):
    joint[5 + 4 * f] = np.linalg.norm(KNUCKLES[f])
    for k in range(3):
        joint[6 + 4 * f + k] = PHALANGES[f][k]
NAMES = {**{j: "palm" for j in (1, 5, 9, 13, 17)}, **{j: "thumb" for j in (2, 3, 4)}}
for f, n in enumerate(("index", "middle", "ring", "little")):
    NAMES.update({6 + 4 * f + k: n for k in range(3)})

EDGES = []  # (bone, from, to, target); -1 is the middle between the shoulders
for r in (0, 1):
    EDGES += [("shoulders", -1, 5 + r, .24), ("upper arm", 5 + r, 7 + r, UPPER), ("forearm", 7 + r, 9 + r, FORE)]
    first = 91 + 21 * r
    for j in range(1, 21):
        parent = 9 + r if j % 4 == 1 else first + j - 1
        EDGES.append((NAMES[j], parent, first + j, joint[j] * HAND))

# The source.
MAKE = {"neck": 1.1, "shoulders": .9, "upper arm": 1.15, "forearm": .85, "palm": 1.05, "thumb": .95, "index": 1.2,
        "middle": 1.0, "ring": .9, "little": 1.1}
SIZE, TURN = 1.7, .12
rot = lambda a: np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
angles = rng.uniform(-3, 3, len(EDGES))
frames = []
for t in range(4):
    pts = np.zeros((133, 3))
    at = np.array((.6 + .01 * t, .9 - .005 * t))
    where = {-1: at}
    for k, (bone, a, b, length) in enumerate(EDGES):
        angle = (0 if b == 5 else np.pi) if bone == "shoulders" else angles[k] + .2 * np.sin(t + k)
        short = .5 if bone == "upper arm" and t == 3 and b == 8 else 1
        step = length / (MAKE[bone] * SIZE) * short
        where[b] = where[a] + rot(TURN) @ (np.cos(angle) * step, np.sin(angle) * step)
        pts[b] = (*where[b], rng.uniform(.5, .95))
    for r in (0, 1):
        pts[91 + 21 * r] = (*where[9 + r], .9)
    up = at + rot(TURN) @ (HEAD - ROOT) / (MAKE["neck"] * SIZE)
    for i in range(68):
        pts[23 + i] = (*(up + rot(TURN + .03 * np.sin(t)) @ (FACE[i] - HEAD) / SIZE), rng.uniform(.6, .9))
    pts[:, :2] += rng.normal(0, .0006, (133, 2)) * (pts[:, 2:] > 0)
    frames.append(pts)
for t, i in [(0, 8), (1, 94), (2, 10 + 110), (2, 23 + 40), (3, 5)]:
    frames[t][i] = 0
P = np.round(np.array(frames), 5)

# The alignment.
seen = lambda t, i: P[t, i, 2] > .05


def quantile(pairs, q):
    pairs = sorted(pairs)
    total, run = sum(w for _, w in pairs), 0
    for v, w in pairs:
        run += w
        if run >= q * total - 1e-9:
            return v


def similarity(A, B, w):
    w = np.asarray(w)[:, None]
    a, b = (A * w).sum(0) / w.sum(), (B * w).sum(0) / w.sum()
    za, zb = (A - a) @ (1, 1j), (B - b) @ (1, 1j)
    z = (w[:, 0] * np.conj(za) * zb).sum() / (w[:, 0] * abs(za) ** 2).sum()
    M = np.array([[z.real, -z.imag], [z.imag, z.real]])
    return M, b - M @ a


def head_place(rest, t):
    use = [i for i in STABLE if seen(t, 23 + i) and rest[i] is not None]
    M, at = similarity(np.array([rest[i] for i in use]), P[t, [23 + i for i in use], :2], P[t, [23 + i for i in use], 2])
    return at, np.arctan2(M[1, 0], M[0, 0]), np.hypot(M[1, 0], M[0, 0])


def local(place, p):
    return rot(-place[1]) @ (p - place[0]) / place[2]


def centred(rest):
    mid = np.mean([rest[i] for i in STABLE if rest[i] is not None], 0)
    return [None if r is None else r - mid for r in rest]


T = range(4)
shown = [sum(1 + P[t, 23 + i, 2] for i in STABLE if seen(t, 23 + i)) for t in T]
best = int(np.argmax(shown))
start = centred([P[best, 23 + i, :2] if seen(best, 23 + i) else None for i in range(68)])
places = [head_place(start, t) for t in T]
turn0, size0 = (quantile([(p[k], 1) for p in places], .5) for k in (1, 2))
opened = {t: np.linalg.norm(local(places[t], P[t, 85, :2]) - local(places[t], P[t, 89, :2])) for t in T}
shut = quantile([(o, 1) for o in opened.values()], .15)
rest = []
for k in range(68):
    use = [t for t in T if seen(t, 23 + k)]
    if (3 <= k < 14 or k >= 48) and any(opened[t] <= shut for t in use):
        use = [t for t in use if opened[t] <= shut]
    loc = [(local(places[t], P[t, 23 + k, :2]), P[t, 23 + k, 2]) for t in use]
    at = np.array([quantile([(l[a], w) for l, w in loc], .5) for a in (0, 1)])
    rest.append(size0 * rot(turn0) @ at)
rest = centred(rest)
heads = [head_place(rest, t) for t in T]

M, _ = similarity(np.array([rest[i] for i in STABLE]), FACE[STABLE] - HEAD, np.ones(len(STABLE)))
size = np.hypot(M[0, 0], M[1, 0])


def over_clip(values):
    low, high = quantile(values, .1), quantile(values, .9)
    return high if low / high < .75 else quantile(values, .5)


def node(t, i):
    if i == -1:
        return P[t, 5:7, :2].mean(0), min(P[t, 5, 2], P[t, 6, 2])
    if i in (9, 10) and seen(t, 91 + 21 * (i - 9)):
        i = 91 + 21 * (i - 9)
    return P[t, i, :2], P[t, i, 2]


def ok(t, i):
    return (seen(t, 5) and seen(t, 6)) if i == -1 else node(t, i)[1] > .05


sums = {}
for bone, a, b, target in EDGES:
    v = [(np.linalg.norm(node(t, b)[0] - node(t, a)[0]), min(node(t, a)[1], node(t, b)[1])) for t in T if ok(t, a) and ok(t, b)]
    w = sum(x[1] for x in v)
    s = sums.setdefault(bone, [0, 0])
    s[0] += w * over_clip(v)
    s[1] += w * target
v = [(np.linalg.norm(node(t, -1)[0] - heads[t][0]), node(t, -1)[1]) for t in T if ok(t, -1)]
sums["neck"] = [over_clip(v), np.linalg.norm(ROOT - HEAD)]
scales = {b: float(np.clip(s[1] / s[0] / size, .6, 1.6)) for b, s in sums.items()}
GROUPS = {"face": range(0, 17), "brows": range(17, 27), "nose": range(27, 36), "eyes": range(36, 48), "mouth": range(48, 68)}
for g, idx in GROUPS.items():
    idx = list(range(68)) if g == "face" else list(idx)
    R, F = np.array([rest[i] for i in idx]), FACE[idx]
    mr, mf = (np.zeros(2), HEAD) if g == "face" else (R.mean(0), F.mean(0))
    rms = lambda X, m: np.sqrt(((X - m) ** 2).sum(1).mean())
    scales[g] = float(np.clip(rms(F, mf) / rms(R, mr) / size, .6, 1.6))

# The calibrated pose: medians over the clip.
c0 = np.array([quantile([(h[0][k], 1) for h in heads], .5) for k in (0, 1)])
phi, k0 = (quantile([(h[k], 1) for h in heads], .5) for k in (1, 2))
sh = [[quantile([(P[t, i, k], min(P[t, 5, 2], P[t, 6, 2])) for t in T if ok(t, -1)], .5) for k in (0, 1)] for i in (5, 6)]
Q = np.array([c0 + k0 * rot(phi) @ rest[i] for i in STABLE] + sh)
B = np.vstack([FACE[STABLE], SHOULDERS])
Mw, tw = similarity(Q, B, np.ones(len(Q)))
theta = np.arctan2(Mw[1, 0], Mw[0, 0])
root0 = np.mean(sh, 0)

t = 2
scale = lambda b: size * scales[b]
u = {-1: (node(t, -1)[0] - root0) * size}
base = (c0 - root0) * scale("neck")
place = lambda p: HEAD + rot(theta) @ (p - base)
at, turn, k = heads[t]
uh = u[-1] + (at - node(t, -1)[0]) * scale("neck")
out = np.zeros((133, 2))
for bone, a, b, _ in EDGES:
    if ok(t, b):
        near = ok(t, a) and a in u
        u[b] = u[a] + (node(t, b)[0] - node(t, a)[0]) * scale(bone) if near else uh + (node(t, b)[0] - at) * size
        out[b] = place(u[b])
out[91], out[112] = out[9], out[10]
group = {i: g for g, idx in GROUPS.items() for i in idx}
for i in range(68):
    if seen(t, 23 + i):
        g = group[i]
        mid = np.zeros(2) if g == "face" else np.mean([rest[j] for j in GROUPS[g]], 0)
        l = local(heads[t], P[t, 23 + i, :2])
        out[23 + i] = place(uh) + rot(turn + theta) @ (k * (mid * scale("face") + (l - mid) * scale(g)))

whole, wide = np.zeros((133, 2)), np.zeros((133, 2))
qa, ba = Q.mean(0), B.mean(0)
by = ((Q - qa) * (B - ba)).sum(0) / ((Q - qa) ** 2).sum(0)
for i in range(133):
    if seen(t, i):
        whole[i] = Mw @ P[t, i, :2] + tw
        wide[i] = (P[t, i, :2] - qa) * by + ba

points = lambda a: [[round(float(v), 5) for v in p] for p in a]
case = {"frames": [points(f) for f in P], "size": round(float(size), 6), "turn": round(float(np.degrees(theta)), 4),
        "scales": [[b, round(s, 5)] for b, s in scales.items()], "aligned": [points(out), points(whole), points(wide)]}
with open("case.json", "w") as f:
    json.dump(case, f, separators=(",", ":"))
