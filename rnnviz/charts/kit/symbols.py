"""Symbols beside and above what they belong to: characters upright, words aslant unless each has the room it needs."""

import dataclasses
import unicodedata
from collections.abc import Sequence

from rnnviz.charts.kit.tokens import place

LETTER = 7.0  # pixels, one letter of `SIZE`
SIZE = 13  # pixels, letters of a symbol
_SMALL = 11  # pixels, the same where the chart is narrow
NARROW = "(width < 520)"  # whether words stand on end, as there is no room for them aslant
_SLANT, _END = 50, 90  # degrees
_RISE, _RUN = 0.77, 0.65  # pixels up and to the side for each pixel of a word aslant
_SMALLEST = 6  # pixels; smaller letters could not be read
_CHARACTERS = 20  # pixels, height of a row of characters
MOST_LETTERS = 14  # a longer word is cut off


def symbol_label(symbol: str) -> str:
    """A symbol as it is shown: a space, a tab and a new line made visible, a very long word cut off."""
    shown = next((text for *_, text in place((symbol,)).placed), "")
    return shown if letters(shown) <= MOST_LETTERS else shown[: MOST_LETTERS - 1] + "…"


def letters(text: str) -> int:
    """How many letters wide a text is: an accent that stands on a letter takes no room."""
    return sum(unicodedata.category(character) not in ("Mn", "Me", "Cf") for character in text)


def longest(*rows: Sequence[str]) -> int:
    """Letters of the longest symbol, at least 1."""
    return max((letters(symbol_label(symbol)) for row in rows for symbol in row), default=1) or 1


@dataclasses.dataclass(frozen=True)
class Across:
    """Columns of equal width with a symbol over or under each, as Vega expressions of the chart's width.

    columns: how many there is room for.
    letters: of the longest symbol.
    left:    pixels left of the columns.
    tight:   the same where the chart is narrow.
    leaning: whether words lean to the right, so that the last one needs room there.
    widest:  pixels that a column may take at most.
    """

    columns: int
    letters: int
    left: int = 0
    tight: int = 0
    leaning: bool = False
    widest: int = 10_000

    @property
    def words(self) -> bool:
        """Whether symbols may be longer than a character."""
        return self.letters > 1

    @property
    def height(self) -> int:
        """Pixels that the symbols take."""
        return round(self.letters * LETTER * _RISE) + 18 if self.words else _CHARACTERS

    @property
    def overhang(self) -> int:
        """Pixels by which the last word, aslant, may stand out to the right."""
        return round(self.letters * LETTER * _RUN) if self.words else 0

    @property
    def start(self) -> str:
        """Pixels left of the columns."""
        return str(self.left) if self.left == self.tight else f"({NARROW} ? {self.tight} : {self.left})"

    @property
    def column(self) -> str:
        """The width of a column."""
        right = f"({NARROW} ? 2 : {self.overhang})" if self.leaning and self.words else "2"
        return f"min({self.widest}, max(1, width - {self.start} - {right}) / {self.columns})"

    def at(self, place: str) -> str:
        """Pixels from the left for a place that is counted in columns."""
        return f"({self.start} + ({place}) * {self.column})"

    @property
    def upright(self) -> str:
        """Whether every word has room enough to stand level."""
        return f"({self.column} >= {self.letters * LETTER + 6:.1f})" if self.words else "true"

    @property
    def angle(self) -> str:
        """How symbols are turned: they are read upwards."""
        return f"{self.upright} ? 0 : {NARROW} ? -{_END} : -{_SLANT}"

    @property
    def size(self) -> str:
        """The size of letters; 0 for words that would touch the one before, of which every second, third, … is left."""
        if self.words:
            return f"datum.column % ceil({SIZE} / {self.column}) == 0 ? {NARROW} ? {_SMALL} : {SIZE} : 0"
        fits = f"1.6 * {self.column}"
        return f"{fits} < {_SMALLEST} ? 0 : min({SIZE + 1}, {fits})"
