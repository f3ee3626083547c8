"""Makes case.npz: three frames of 133 points, as trackers' users save them. Needs NumPy."""
import numpy as np

points = np.zeros((3, 133, 2), np.float32)
points[:, :, 0] = 100 + np.arange(133)
points[:, :, 1] = 50
scores = np.full((3, 133), 0.5)
scores[1, 7] = 0.25
np.savez_compressed("case.npz", keypoints=points, scores=scores, fps=25.0)
