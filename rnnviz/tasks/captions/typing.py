"""A drawing that is typed, as the drawing pad writes it too: "red ring 6 8 large; blue square 18 16"."""

import numpy as np

from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.parsing import parse_real
from rnnviz.tasks.captions.drawing import COLOURS, KINDS, MOST, SIDE, Shapes
from rnnviz.tasks.captions.grammar import NOTHING, RADII, SIZES
from rnnviz.tasks.typed import FIELD, whole

HOW = (
    f"up to {MOST} shapes with “;” between them, such as “red ring 6 8 large; blue square 18 16”. Each is a "
    f"colour ({', '.join(COLOURS)}), a kind ({', '.join(KINDS)}), how far from the left and from the top (0 to "
    f"{SIDE}). "
    f"If you like, also a size ({', '.join(SIZES)}). “{NOTHING}” is an empty drawing"
)
_USUAL = 1  # size where none is typed


def read(text: str) -> Shapes:
    """One drawing with the shapes of a text.

    Raises:
        ExperimentError: it is empty, has too many shapes, or one that cannot be read.
    """
    said = whole(text).casefold().strip(" ;")
    parts = [] if said == NOTHING else [part for part in said.split(";") if part.strip()]
    if not said or len(parts) > MOST:
        allowed = f"1 to {MOST} shapes, or “{NOTHING}” for an empty drawing"
        raise ExperimentError(FIELD, allowed, Words(f"{len(parts)} shapes" if parts else "none"))
    rows = np.array([_shape(part) for part in parts], np.float64).reshape(-1, 5).T
    return Shapes(*(row[None].astype(np.int64) for row in rows[:2]), *(row[None] for row in rows[2:]))


def _shape(part: str) -> tuple[float, ...]:
    """Colour, kind, x, y and radius."""
    words = part.replace(",", " ").split()
    *first, last = (words if len(words) == 5 else [*words, SIZES[_USUAL]]) or [""]
    numbers = [_number(word) for word in first[2:]]
    known = len(first) == 4 and first[0] in COLOURS and first[1] in KINDS and last in SIZES
    if not known or not all(0 <= number <= SIDE for number in numbers):
        raise ExperimentError(FIELD, HOW, part.strip())
    return COLOURS.index(first[0]), KINDS.index(first[1]), *numbers, RADII[SIZES.index(last)]


def _number(word: str) -> float:
    try:
        return parse_real(word)
    except ValueError:
        return -1.0


def parts(shapes: Shapes) -> list[str]:
    """The shapes of a drawing that was read, as they are typed, one by one."""
    found = []
    for one in range(shapes.kind.shape[1]):
        x, y = (f"{float(part[0, one]):g}" for part in (shapes.x, shapes.y))
        size = SIZES[RADII.index(float(shapes.radius[0, one]))]
        found.append(f"{COLOURS[shapes.colour[0, one]]} {KINDS[shapes.kind[0, one]]} {x} {y} {size}")
    return found
