"""Reference for `src/domain/pose/motion_mask.rs`, made apart from it with NumPy, SciPy and Pillow.

    pip install numpy scipy pillow && python make.py

writes `cases.json` (points and options) and `expected.png` (the grids, 8 bit grey, one under the other). Boxes follow
algorithm 1 of MMGT as printed: integer pixel coordinates, points at 0 left out, the far edges of a box open. Hulls come
from scipy.spatial, dilation from the exact distance transform, blur from scipy.ndimage.gaussian_filter (edges repeated,
cut at four standard deviations). Seeded; the files of the repository were made with NumPy 2 and SciPy 1.
"""

import json
import numpy as np
from PIL import Image
from scipy import ndimage
from scipy.spatial import ConvexHull

W, H = 96, 64
ASPECT = W / H
FACE, LIPS = range(23, 91), range(71, 91)
LEFT, RIGHT = range(91, 112), range(112, 133)


def person(rng):
    """133 points of somebody; a few missing, some outside the picture."""
    points = np.zeros((133, 3))
    points[:, :2] = rng.uniform([-0.1, -0.1], [ASPECT + 0.1, 1.1], (133, 2))
    middle = rng.uniform([0.5, 0.3], [1.0, 0.6])
    points[list(FACE), :2] = middle + rng.normal(0, 0.08, (68, 2))
    points[list(LIPS), :2] = middle + [0, 0.08] + rng.normal(0, 0.02, (20, 2))
    for hand in (LEFT, RIGHT):
        at = rng.uniform([0.0, 0.2], [ASPECT, 1.0])
        points[list(hand), :2] = at + rng.normal(0, 0.06, (21, 2))
    points[:, 2] = 1
    points[rng.integers(0, 133, 6), 2] = 0
    return np.round(points, 4)


def region(points, indices, outline):
    grid = np.zeros((H, W))
    p = np.array([points[i, :2] for i in indices if points[i, 2] > 0])
    if len(p) == 0:
        return grid
    pixels = p / [ASPECT, 1] * [W, H]
    if outline == "box":
        whole = np.trunc(pixels.astype(np.float64)).astype(int)
        whole = whole[(whole[:, 0] > 0) & (whole[:, 1] > 0)]
        if len(whole) == 0:
            return grid
        (x0, y0), (x1, y1) = whole.min(axis=0), whole.max(axis=0)
        if x0 < x1 and y0 < y1:
            grid[y0:y1, x0:x1] = 1
        return grid
    hull = ConvexHull(pixels)
    ys, xs = np.mgrid[0:H, 0:W]
    centres = np.stack([xs.ravel() + 0.5, ys.ravel() + 0.5])
    inside = (hull.equations[:, :2] @ centres + hull.equations[:, 2:] <= 1e-9).all(axis=0)
    return inside.reshape(H, W).astype(float)


def mask(points, kind, outline, dilate, blur):
    parts = [LIPS] if kind == "lips" else [FACE, LEFT, RIGHT]
    if kind != "lips":
        # A hand that is not shown has a wrist without a score.
        parts = [p for p in parts if p is FACE or points[p[0], 2] > 0]
    grid = np.zeros((H, W))
    for part in parts:
        grid = np.maximum(grid, region(points, part, outline))
    if dilate > 0 and grid.any():
        grid = (ndimage.distance_transform_edt(grid == 0) <= dilate).astype(float)
    if blur > 0:
        grid = ndimage.gaussian_filter(grid, blur, mode="nearest", truncate=4.0)
    return 1 - grid if kind == "background" else grid


def main():
    rng = np.random.default_rng(20261121)
    cases, grids = [], []
    for dilate, blur in [(0, 0), (3, 0), (0, 1.5), (4.5, 2.5)]:
        for kind in ["face-and-hands", "lips", "background"]:
            for outline in ["box", "hull"]:
                points = person(rng)
                grids.append(mask(points, kind, outline, dilate, blur))
                cases.append(
                    {
                        "kind": kind,
                        "outline": outline,
                        "dilate": dilate,
                        "blur": blur,
                        "points": points.tolist(),
                    }
                )
    json.dump({"width": W, "height": H, "cases": cases}, open("cases.json", "w"), separators=(",", ":"))
    stack = np.round(np.clip(np.concatenate(grids), 0, 1) * 255).astype(np.uint8)
    Image.fromarray(stack, "L").save("expected.png", optimize=True)


main()
