"""Where tokens stand under the time axis: they must not overlap, on a phone either."""

import dataclasses
import functools
from collections.abc import Sequence

ROW_HEIGHT = 16  # pixels
_NARROWEST = 280  # pixels that the time steps share on a phone or in one of three columns
_MOST_ROWS = 5
_LETTER, _SPACE = 7.0, 5.0  # pixels, one letter of a token and the space beside it
_LARGEST, _SMALLEST = 13, 5  # pixels, letters of single-character tokens
_VISIBLE = {" ": "␣", "\n": "↵", "\t": "⇥"}


@dataclasses.dataclass(frozen=True)
class Tokens:
    """Tokens with their places.

    times:   number of time steps of the sequence.
    letters: whether every token is a single character, so that all stand in one row and shrink with the chart.
    placed:  (time step from 1, row from 0, text) of every token that found a place.
    """

    times: int
    letters: bool
    placed: tuple[tuple[int, int, str], ...]

    @property
    def rows(self) -> int:
        """Rows of text."""
        return max((row for _, row, _ in self.placed), default=-1) + 1

    @property
    def font_size(self) -> str:
        """The size of the letters as a Vega expression of the chart's width; 0 where they could not be read."""
        if not self.letters:
            return str(_LARGEST)
        fits = f"1.6 * width / {self.times}"
        return f"{fits} < {_SMALLEST} ? 0 : min({_LARGEST}, {fits})"


@functools.lru_cache(maxsize=64)
def place(tokens: tuple[str, ...]) -> Tokens:
    """Give each token that is not empty its row: the first in which it touches no other, none if all are full."""
    shown = [(time, _VISIBLE.get(token, token)) for time, token in enumerate(tokens, 1) if token]
    if all(len(token) == 1 for _, token in shown):
        return Tokens(len(tokens), True, tuple((time, 0, token) for time, token in shown))
    step = _NARROWEST / max(1, len(tokens))
    free = [0.0] * _MOST_ROWS  # where each row's last token ends
    placed = []
    for time, token in shown:
        half = (_LETTER * len(token) + _SPACE) / 2
        row = next((row for row in range(_MOST_ROWS) if free[row] <= time * step - half or free[row] == 0.0), None)
        if row is not None:
            free[row] = time * step + half
            placed.append((time, row, token))
    return Tokens(len(tokens), False, tuple(placed))


def token_table(tokens: Tokens, top: float) -> dict[str, Sequence[float | str]]:
    """Columns for a text layer: time step, pixels from the top, text."""
    return {
        "time": [time for time, _, _ in tokens.placed],
        "middle": [top + (row + 0.5) * ROW_HEIGHT for _, row, _ in tokens.placed],
        "token": [token for _, _, token in tokens.placed],
    }
