"""Notes as sound: tones of a few harmonics that fade, as a WAV file; numpy only.

a(t) = Σ_k w_k sin(2π k f t) · e^(−t / τ),    f = 440 Hz · 2^((pitch − 69) / 12)
"""

import functools
import io
import wave
from collections.abc import Sequence

import numpy as np

from rnnviz.tasks.music.notes import Note

RATE = 22_050  # samples in a second
_HARMONICS = (1.0, 0.45, 0.22, 0.1, 0.05)
_FADES = 0.7  # seconds until it has 1/e of its loudness
_ATTACK, _RELEASE = 0.008, 0.05  # seconds
_LOUD = 0.85  # of the largest sample that there is, at most
_TAIL = 0.25  # seconds of silence at the end


@functools.lru_cache(maxsize=8)
def played(melody: tuple[Note, ...], tempo: float, swing: float = 0.5) -> bytes:
    """A melody as a WAV file: mono, 16 bits, `RATE` samples in a second.

    tempo: quarters in a minute.
    swing: share of a quarter that the first of its two eighths takes.
    """
    samples = np.concatenate([samples_of(melody, tempo, swing), np.zeros(round(_TAIL * RATE))])
    whole = np.rint(32_767 * samples).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(whole.tobytes())
    return out.getvalue()


def samples_of(melody: Sequence[Note], tempo: float, swing: float = 0.5) -> np.ndarray:
    """The samples (time,) float64 from −1 to 1."""
    lengths = [one.length for one in melody]
    beats = np.array([_quarters(eighths, swing) for eighths in np.cumsum([0, *lengths]).tolist()])
    edges = np.rint(beats * 60.0 / tempo * RATE).astype(int)
    tones = [_tone(one.pitch, end - start) for one, start, end in zip(melody, edges, edges[1:], strict=False)]
    return _LOUD * np.concatenate([np.zeros(0), *tones])


def _quarters(eighths: int, swing: float) -> float:
    """When something begins that is written so many eighths after the start."""
    return eighths // 2 + (swing if eighths % 2 else 0.0)


def _tone(pitch: int, count: int) -> np.ndarray:
    time = np.arange(count) / RATE
    frequency = 440.0 * 2.0 ** ((pitch - 69) / 12)
    waves = [
        weight * np.sin(2 * np.pi * (k + 1) * frequency * time)
        for k, weight in enumerate(_HARMONICS)
        if (k + 1) * frequency < RATE / 2  # a higher one would sound as a low tone
    ]
    shape = np.minimum(1.0, np.minimum(time / _ATTACK, time[::-1] / _RELEASE)) * np.exp(-time / _FADES)
    found: np.ndarray = sum(waves, np.zeros(count)) * shape / sum(_HARMONICS)
    return found
