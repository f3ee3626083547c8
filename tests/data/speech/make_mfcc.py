# Makes mfcc.json: reference features by librosa (ISC licence) of a sound that the test computes by the same formula.
# Run: pip install librosa && python make_mfcc.py > mfcc.json
import json

import librosa
import numpy as np
import scipy.fft

rate, n = 16000, 4000
t = np.arange(n) / rate
x = 0.4 * np.sin(2 * np.pi * (200 * t + 3000 * t * t)) + 0.2 * np.sin(2 * np.pi * 2500 * t) * (t > 0.1)
mel = librosa.feature.melspectrogram(
    y=x, sr=rate, n_fft=512, win_length=400, hop_length=160, window="hann", center=True, pad_mode="constant",
    power=2.0, n_mels=40, fmin=0.0, fmax=8000.0, htk=False, norm="slaney")
db = 10 * np.log10(np.maximum(mel, 1e-10))
mfcc = scipy.fft.dct(db, axis=0, type=2, norm="ortho")[:13]
delta = librosa.feature.delta(mfcc, width=5, mode="nearest")
frames = [0, 1, 7, 12, 20, 25]
r = lambda a: [[round(float(v), 4) for v in a[:, f]] for f in frames]
print(json.dumps({"librosa": librosa.__version__, "count": mel.shape[1], "frames": frames, "mel_db": r(db), "mfcc": r(mfcc), "delta": r(delta)}))
