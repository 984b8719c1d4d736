"""A simple recurrent network with all its numbers, and the word it learns."""

import dataclasses

import numpy as np

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError

CELL = "rnn"  # what a hand is: a simple RNN of several units
LEARNED = ("W_xh", "W_hh", "b_h", "W_hy", "b_y")  # what a step of training changes
PARTS = ("W_xh", "W_hh", "b_h", "h_0", "W_hy", "b_y")  # all arrays of a hand
ACTIVATIONS = ("tanh", "relu", "sigmoid")


@dataclasses.dataclass(frozen=True)
class Entry:
    """One number of a hand.

    part:   the array, one of `PARTS`.
    row:    its row, from 0: a hidden unit; of W_hy and b_y a letter.
    column: its column, from 0; 0 in a vector.
    """

    part: str
    row: int
    column: int = 0


@dataclasses.dataclass(frozen=True, eq=False)
class Hand:
    """A simple RNN of H units that reads a word letter by letter and predicts each next letter.

        h_t = φ(W_xh x_t + W_hh h_{t-1} + b_h),   y_t = W_hy h_t + b_y,   p_t = softmax(y_t)

    word:       T + 1 letters; the first T are read, the last T are to be predicted. V of them are different.
    W_xh:       (H, V), with one column for each letter of `vocabulary`.
    W_hh:       (H, H).
    b_h, h_0:   (H,), the bias and the state before the first letter.
    W_hy:       (V, H).
    b_y:        (V,).
    activation: φ, one of `ACTIVATIONS`.

    The arrays are float64 copies that cannot be written to.

    Raises:
        ExperimentError: a word, a shape or a number that is not allowed.
    """

    word: str
    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray
    h_0: np.ndarray
    W_hy: np.ndarray
    b_y: np.ndarray
    activation: str = "tanh"

    def __post_init__(self) -> None:
        check_word(self.word)
        if self.activation not in ACTIVATIONS:
            raise ExperimentError("activation", f"one of {', '.join(ACTIVATIONS)}", self.activation)
        units = check_units(np.shape(self.W_hh)[0] if np.ndim(self.W_hh) else 0)
        for name, shape in shapes(units, len(self.vocabulary)).items():
            object.__setattr__(self, name, _checked(name, getattr(self, name), shape))

    @property
    def vocabulary(self) -> str:
        """The V different letters in the order in which the word has them."""
        return vocabulary(self.word)

    @property
    def read(self) -> str:
        """The T letters that are read."""
        return self.word[:-1]

    @property
    def targets(self) -> str:
        """The T letters that are to be predicted."""
        return self.word[1:]

    @property
    def units(self) -> int:
        """H."""
        return len(self.b_h)

    def at(self, place: Entry) -> float:
        """One number."""
        return float(getattr(self, place.part)[self.index(place)])

    def put(self, place: Entry, value: float) -> "Hand":
        """The hand with one number changed."""
        array = getattr(self, place.part).copy()
        array[self.index(place)] = value
        return dataclasses.replace(self, **{place.part: array})

    def same(self, other: "Hand") -> bool:
        """Whether all is equal, to the last bit."""
        alike = all(np.array_equal(getattr(self, name), getattr(other, name)) for name in PARTS)
        return alike and (self.word, self.activation) == (other.word, other.activation)

    def index(self, place: Entry) -> tuple[int, ...]:
        """Where a number stands in its array."""
        return (place.row, place.column) if getattr(self, place.part).ndim == 2 else (place.row,)


def vocabulary(word: str) -> str:
    """The different letters of a word, in the order in which it has them."""
    return "".join(dict.fromkeys(word))


def shapes(units: int, letters: int) -> dict[str, tuple[int, ...]]:
    """The shape of every array of a hand."""
    hidden, read, answer = (units,), (units, letters), (letters, units)
    return {"W_xh": read, "W_hh": (units, units), "b_h": hidden, "h_0": hidden, "W_hy": answer, "b_y": (letters,)}


def check_word(word: str) -> str:
    """The word itself, if it can be read.

    Raises:
        ExperimentError: it is too short or long, has too many different letters, a space or what cannot be printed.
    """
    most, different = limits.LONGEST_HAND_WORD, limits.MOST_HAND_LETTERS
    fits = 2 <= len(word) <= most and len(set(word)) <= different
    if not fits or not all(letter.isprintable() and not letter.isspace() for letter in word):
        allowed = f"2 to {most} letters without spaces, at most {different} of them different"
        raise ExperimentError("word", allowed, word)
    return word


def check_units(units: int) -> int:
    """The number itself, if so many hidden units are allowed; otherwise an `ExperimentError`."""
    if not 1 <= units <= limits.MOST_HAND_UNITS:
        raise ExperimentError("hidden units", f"1 to {limits.MOST_HAND_UNITS}", units)
    return units


def _checked(name: str, values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    array = np.array(values, np.float64)
    if array.shape != shape:
        raise ExperimentError(name, f"of shape {shape}", array.shape)
    largest = limits.LARGEST_HAND_NUMBER
    wrong = ~(np.abs(array) <= largest)  # also what is not a number
    if wrong.any():
        raise ExperimentError(name, f"made of numbers from −{largest:,.0f} to {largest:,.0f}", float(array[wrong][0]))
    array.flags.writeable = False
    return array
