"""Fixed scales from numbers to colours: the same over a whole training and for all models, so colours compare."""

import dataclasses
import functools

import numpy as np

from rnnviz.cells import OPEN_SHUT

_ANCHORS = {
    "blueorange": "134b852f78b35da2cb9dcae1d2e5eff2f0ebfce0bafbbf74e8932fc5690d994a07",
    # The same for a dark page: zero is the darkest, just above the page itself, and both sides grow as light evenly.
    "blueorange-dark": "8ad5fe06b4f4058fc9016c9e254a69262a2f603f2a92582abf7530e69746ffc07e",
    "viridis": (
        "440154470e61481a6c482575472f7d443a834144873d4e8a39568c35608d31688e2d708e2a788e27818e23888e21918d1f988b"
        "1fa08822a8842ab07f35b77943bf7154c56866cc5d7ad1518fd744a5db36bcdf27d2e21be9e51afde725"
    ),
    "grey": "000000ffffff",  # of the pixels of a picture
    "plasma": (
        "0d088723069033059742039d5002a25d01a66a00a87801a88405a7900da49c179ea72198b12a90ba3488c33d80cb4779d35171"
        "da5a69e16462e76e5bed7953f2834cf68f44fa9a3dfca636fdb32ffec029fcce25f9dc24f5ea27f0f921"
    ),
}
COLOURS = 255  # shades of a palette; one more index stands for "no value"


@dataclasses.dataclass(frozen=True)
class Scale:
    """A range of values, the colours it is drawn in, and what its two ends are called on the legend."""

    scheme: str
    low: float
    high: float
    low_name: str
    high_name: str

    def indices(self, values: np.ndarray) -> np.ndarray:
        """Values of any shape as uint8 indices into `palette`; values past an end take its colour, NaN none."""
        span = (np.asarray(values, np.float32) - self.low) / (self.high - self.low)
        shades = np.clip(np.nan_to_num(span), 0.0, 1.0) * (COLOURS - 1)
        return np.where(np.isnan(span), COLOURS, np.rint(shades)).astype(np.uint8)

    def beyond(self, values: np.ndarray) -> float:
        """The share of values, 0 to 1, that lie past either end."""
        slack = 1e-3 * (self.high - self.low)  # float16 rounds a tanh to 1
        outside = (values < self.low - slack) | (values > self.high + slack)
        return float(outside.mean()) if outside.size else 0.0


@functools.cache
def palette(scheme: str) -> np.ndarray:
    """The colours of a scheme: (COLOURS, 3) uint8, straight lines in RGB between its anchors."""
    anchors = np.frombuffer(bytes.fromhex(_ANCHORS[scheme]), np.uint8).reshape(-1, 3)
    places = np.linspace(0, len(anchors) - 1, COLOURS)
    channels = [np.interp(places, np.arange(len(anchors)), anchors[:, channel]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)


def gate_scale(low: str, high: str) -> Scale:
    """That of a gate, given what its 0 and its 1 are called."""
    return Scale("viridis", 0.0, 1.0, f"0 {low}", f"1 {high}")


GATE = gate_scale(*OPEN_SHUT)
BOUNDED = Scale("blueorange", -1.0, 1.0, "−1", "1")  # whatever a tanh gives
# Past ±3, tanh(c) is within 0.005 of ±1: the cell state may grow, but what it shows to the outside does not.
UNBOUNDED = Scale("blueorange", -3.0, 3.0, "−3", "3")
APART = Scale("blueorange", -0.5, 0.5, "−0.5", "0.5")  # of the difference of two hidden states that a tanh bounds
APART_UNBOUNDED = Scale("blueorange", -1.5, 1.5, "−1.5", "1.5")
SMALLEST_GRADIENT, LARGEST_GRADIENT = 1e-8, 1.0  # below the first, Adam's own epsilon outweighs the gradient
GRADIENT = Scale("plasma", -8.0, 0.0, "10⁻⁸ or less", "1 or more")  # of its logarithm to base 10
INFLUENCE = Scale("plasma", -6.0, 2.0, "10⁻⁶ or less", "100 or more")  # the same of one step's loss, not of their mean
FLOW = Scale("plasma", -3.0, 0.0, "0.001 or less", "1 or more")  # the same, for a network of a few units


def palettes() -> dict[str, str]:
    """Name → six hexadecimal digits for each of a scheme's colours, from low to high: as a browser is told of them."""
    return {scheme: palette(scheme).tobytes().hex() for scheme in _ANCHORS}
