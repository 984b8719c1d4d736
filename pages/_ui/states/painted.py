"""A text as HTML, each character in the colour of a number."""

import itertools

import numpy as np

from pages._ui.widgets.tables import safe
from rnnviz.core.names import number

_LEVELS = 8  # shades on either side of 0: neighbours of one shade are one element


def text(shown: str, values: np.ndarray, marked: np.ndarray | None) -> str:
    """Characters with their values (character,) as colours, orange above 0 and blue below, of the largest size there.

    marked: (character,), 1 where a character is underlined; None for none.
    """
    size = _size(values)
    shades = np.rint(values / size * _LEVELS).astype(int).tolist()
    under = [False] * len(shown) if marked is None else (marked > 0).tolist()
    parts = []
    for (shade, line), run in itertools.groupby(
        zip(shown, shades, under, strict=True), key=lambda one: (one[1], one[2])
    ):
        written = safe("".join(character for character, _, _ in run)).replace("\n", "↵\n")
        kind = "for" if shade > 0 else "against"
        look = f"{kind}{' under' if line else ''}"
        parts.append(f'<span class="{look}" style="--share:{abs(shade) / _LEVELS:.3f}">{written}</span>')
    return f'<pre class="painted">{"".join(parts)}</pre>'


def scale(values: np.ndarray) -> str:
    """The colours with the numbers that they stand for: from minus the largest size there is to plus that."""
    size = number(_size(values))
    below, above = ("".join(map(_shade, levels)) for levels in (range(-_LEVELS, 0, 2), range(2, _LEVELS + 1, 2)))
    return f'<div class="painted-scale"><span>−{size}</span>{below}<span>0</span>{above}<span>{size}</span></div>'


def _shade(level: int) -> str:
    return f'<i class="{"for" if level > 0 else "against"}" style="--share:{abs(level) / _LEVELS:.3f}"></i>'


def _size(values: np.ndarray) -> float:
    """Of what has the strongest colour."""
    return float(np.abs(values).max()) or 1.0


def legend(state: str, unit: int, marked: str) -> str:
    """What the colours say."""
    found = f"Each character has the colour of unit {unit} of the {state} after it was read: orange above 0, "
    found += "blue below, the stronger the larger."
    return found + (f" Underlined: {marked}." if marked else "")


def around(whole: str, at: int, reach: int) -> str:
    """A place of a text with what stands before and behind it, as HTML; the character at the place is set off."""
    before, behind = whole[max(0, at - reach) : at], whole[at + 1 : at + 1 + reach // 2]
    line = str.maketrans({"\n": "↵", "\t": "⇥"})
    parts = [safe(part.translate(line)) for part in (before, whole[at], behind)]
    return f"<code>{parts[0]}<b>{parts[1]}</b><small>{parts[2]}</small></code>"
