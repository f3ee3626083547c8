"""The other side of the warp's measurement: the same field and picture through OpenCV.

    cargo bench -p cueloom-picture --bench render -- opencv venv/bin/python

starts this script (which needs numpy and opencv-python-headless), hands it a folder with the picture and the grid of
displacements, and lets both sides draw in turns: for each line on standard input the script draws a batch of frames
with two threads and answers with the milliseconds of the fastest and of the middle one. A frame is what the program
does for one: the coarse grid to a displacement for every pixel (warpAffine), added to the pixel's own place, then
remap with straight lines between pixels.

Ratio = time of OpenCV / time of the program (above 1: the program is faster). Measured on two busy cores of an AMD EPYC
(Zen 5) with OpenCV 5.0.0, head turned, mouth open, shoulders lifted; of the fastest of 12 frames in each of 25 turns the
median: 1.28 and 1.71 at 512 x 512 (two runs), 1.97 and 2.01 at 1080 x 1080. The program skips what is bare wall.
"""

import json
import statistics
import sys
import time

import cv2
import numpy as np

BATCH = 12


def main():
    folder = sys.argv[1]
    about = json.load(open(folder + "/about.json"))
    width, height = about["width"], about["height"]
    picture = np.fromfile(folder + "/picture.raw", np.uint8).reshape(height, width, 4)
    grid = np.fromfile(folder + "/grid.raw", np.float32).reshape(about["rows"], about["columns"], 2) * height
    cv2.setNumThreads(2)
    # From pixels of the frame to nodes of the grid: cell and origin in pixels, middles of pixels at halves.
    (ox, oy), (cx, cy) = about["origin"], about["cell"]
    to_nodes = np.float32([[1 / (cx * height), 0, (0.5 / height - ox) / cx], [0, 1 / (cy * height), (0.5 / height - oy) / cy]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    # One map for both coordinates keeps memory low; the places of pixels at rest are made once.
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    rest = np.dstack([xs, ys])
    flow = np.empty_like(rest)
    places = np.empty_like(rest)
    out = np.empty_like(picture)

    def draw():
        cv2.warpAffine(grid, to_nodes, (width, height), flow, flags, cv2.BORDER_REPLICATE)
        cv2.add(flow, rest, places)
        cv2.remap(picture, places, None, cv2.INTER_LINEAR, out, cv2.BORDER_REPLICATE)

    draw()
    out.tofile(folder + "/opencv.raw")
    print("ready", cv2.__version__, flush=True)
    for _ in sys.stdin:
        times = []
        for _ in range(BATCH):
            start = time.perf_counter()
            draw()
            times.append((time.perf_counter() - start) * 1e3)
        print(min(times), statistics.median(times), flush=True)


main()
