"""What is said of a drawing: a small grammar, and drawings made for its sentences.

nothing
a SIZE COLOUR KIND                              one shape; SIZE is small or large
two COLOUR KINDs · three COLOUR KINDs           alike, wherever they stand
a COLOUR KIND above a COLOUR KIND               two that differ in colour or kind;
a COLOUR KIND left of a COLOUR KIND             the upper one is named first, else the left one
"""

import numpy as np

from rnnviz.tasks.batch import PAD
from rnnviz.tasks.captions.drawing import COLOURS, KINDS, SIDE, Shapes

SIZES = ("small", "medium", "large")
RADII = (2.8, 3.6, 4.8)  # pixels; of what is typed
NOTHING, ABOVE, LEFT = "nothing", "above", "left of"
NUMBERS = ("a", "two", "three")
MORE = ("rings", "squares", "triangles", "crosses")  # of KINDS
WORDS = (NOTHING, *NUMBERS, SIZES[0], SIZES[2], *COLOURS, *KINDS, *MORE, ABOVE, *LEFT.split())
LONGEST = 8  # words
SNAP = 2  # pixels: the middle of every shape lies on a grid of so many
_SHARES = (0.04, 0.24, 0.32, 0.40)  # of drawings with nothing, one shape, several alike, two that differ
_SMALL, _LARGE, _ANY = (2.6, 3.0), (4.4, 5.2), (2.9, 4.2)  # radii from and to
_TRIES = 8  # places for the shapes of one drawing, of which the first that will do is taken
_EDGE, _APART = 0.5, 1.0  # pixels left free at the edges, and between two shapes
_CLEARLY = 1.6  # so many times as far in one direction as in the other


def drawn(rng: np.random.Generator, size: int, empty: bool = True) -> Shapes:
    """Random drawings, each of which has exactly one caption; `empty`: some of them without a shape."""
    sort = rng.choice(len(_SHARES), size, p=_SHARES)
    sort = sort if empty else np.maximum(sort, 1)
    count = np.where(sort == 2, rng.integers(2, 4, size), np.array([0, 1, 2, 2])[sort])
    colour, kind = rng.integers(0, len(COLOURS), (size, 3)), rng.integers(0, len(KINDS), (size, 3))
    alike = sort == 2
    colour[alike], kind[alike] = colour[alike, :1], kind[alike, :1]
    same = (sort == 3) & (colour[:, 0] == colour[:, 1]) & (kind[:, 0] == kind[:, 1])
    kind[same, 1] = (kind[same, 1] + rng.integers(1, len(KINDS), same.sum())) % len(KINDS)
    beyond = np.arange(3) >= count[:, None]
    colour[beyond] = kind[beyond] = PAD
    x, y, radius = (np.empty((size, 3), np.float32) for _ in range(3))
    again = np.arange(size)
    while again.size:
        tried = np.repeat(again, _TRIES)
        places = _placed(rng, sort[tried])
        clear = _clear(Shapes(colour[tried], kind[tried], *places), sort[tried] == 3).reshape(-1, _TRIES)
        first = np.flatnonzero(clear.any(1))
        rows = first * _TRIES + clear[first].argmax(1)
        x[again[first]], y[again[first]], radius[again[first]] = (part[rows] for part in places)
        again = again[~clear.any(1)]
    return _in_order(Shapes(colour, kind, x, y, radius), sort == 3)


def _placed(rng: np.random.Generator, sort: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where shapes stand and how large they are: x, y and radius (sample, 3)."""
    part = rng.random((3, len(sort), 3))
    low, high = (np.full((len(sort), 3), edge) for edge in _ANY)
    large = rng.random(len(sort)) < 0.5
    for chosen, (least, most) in ((~large, _SMALL), (large, _LARGE)):
        low[chosen & (sort == 1)], high[chosen & (sort == 1)] = least, most
    radius = low + part[2] * (high - low)
    edge = np.ceil((radius + _EDGE) / SNAP)
    x, y = (SNAP * (edge + np.floor(one * (SIDE / SNAP - 2 * edge + 1))) for one in part[:2])
    return x, y, radius


def _clear(shapes: Shapes, differ: np.ndarray) -> np.ndarray:
    """(sample,) bool: no two shapes touch, and of two that differ one is clearly above or left of the other."""
    fine = np.ones(len(differ), bool)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        away = np.hypot(shapes.x[:, one] - shapes.x[:, other], shapes.y[:, one] - shapes.y[:, other])
        there = shapes.kind[:, other] != PAD
        fine &= ~there | (away > shapes.radius[:, one] + shapes.radius[:, other] + _APART)
    across, down = (np.abs(part[:, 0] - part[:, 1]) for part in (shapes.x, shapes.y))
    found: np.ndarray = fine & (~differ | (np.maximum(across, down) > _CLEARLY * np.minimum(across, down)))
    return found


def _in_order(shapes: Shapes, differ: np.ndarray) -> Shapes:
    """Of two that differ, the one that is named first comes first."""
    across, down = shapes.x[:, 0] - shapes.x[:, 1], shapes.y[:, 0] - shapes.y[:, 1]
    turned = differ & (np.where(np.abs(down) > np.abs(across), down, across) > 0)
    order = np.where(turned[:, None], [1, 0, 2], [0, 1, 2])
    fields = (shapes.colour, shapes.kind, shapes.x, shapes.y, shapes.radius)
    return Shapes(*(np.take_along_axis(part, order, 1) for part in fields))


def told(shapes: Shapes) -> np.ndarray:
    """The captions of drawings by `drawn`, as places in `WORDS` (word, sample), `PAD` behind each."""
    count, found = (shapes.kind != PAD).sum(1), np.full((LONGEST, len(shapes.kind)), PAD, np.int64)
    colour, kind = (part + WORDS.index(first) for part, first in ((shapes.colour, COLOURS[0]), (shapes.kind, KINDS[0])))
    across, down = (np.abs(part[:, 0] - part[:, 1]) for part in (shapes.x, shapes.y))
    same = (colour[:, 0] == colour[:, 1]) & (kind[:, 0] == kind[:, 1])
    large = np.where(shapes.radius[:, 0] >= _LARGE[0], WORDS.index(SIZES[2]), WORDS.index(SIZES[0]))
    number = WORDS.index(NUMBERS[0]) + np.maximum(count, 1) - 1
    one, more, differ = count == 1, (count > 1) & same, (count > 1) & ~same
    upright, beside = differ & (down > across), differ & (down <= across)
    a, above, left, of = (WORDS.index(word) for word in (NUMBERS[0], ABOVE, *LEFT.split()))
    first, second = ((a, colour[:, which], kind[:, which]) for which in (0, 1))
    for rows, words in (
        (count == 0, (WORDS.index(NOTHING),)),
        (one, (a, large, colour[:, 0], kind[:, 0])),
        (more, (number, colour[:, 0], kind[:, 0] + len(KINDS))),
        (upright, (*first, above, *second)),
        (beside, (*first, left, of, *second)),
    ):
        for place, word in enumerate(words):
            found[place, rows] = np.broadcast_to(word, rows.shape)[rows]
    return found


def caption(shapes: Shapes, sample: int) -> str:
    """What is said of one drawing; "" where the grammar has no sentence for it, as for four shapes or a medium one."""
    there = np.flatnonzero(shapes.kind[sample] != PAD)
    names = [(int(shapes.colour[sample, one]), int(shapes.kind[sample, one])) for one in there]
    if not names:
        return NOTHING
    if len(names) == 1:
        size = _size(float(shapes.radius[sample, there[0]]))
        return f"a {size} {_named(*names[0])}" if size else ""
    if len(set(names)) == 1:
        return f"{NUMBERS[len(names) - 1]} {_named(*names[0], more=True)}" if len(names) <= len(NUMBERS) else ""
    return _beside(shapes, sample, there) if len(names) == 2 else ""


def _beside(shapes: Shapes, sample: int, there: np.ndarray) -> str:
    x, y = shapes.x[sample, there], shapes.y[sample, there]
    upright = abs(y[0] - y[1]) > abs(x[0] - x[1])
    along = y if upright else x
    first, second = there[np.argsort(along, kind="stable")]
    one, other = (_named(int(shapes.colour[sample, at]), int(shapes.kind[sample, at])) for at in (first, second))
    return f"a {one} {ABOVE if upright else LEFT} a {other}"


def unlike(shapes: Shapes) -> str:
    """What sets one drawing apart from all that are trained on, in a sentence; else ""."""
    there = np.flatnonzero(shapes.kind[0] != PAD)
    if not caption(shapes, 0):
        return "No drawing that is trained on has such shapes together, so no caption is right or wrong."
    x, y, radius = (part[0, there] for part in (shapes.x, shapes.y, shapes.radius))
    if ((radius + _EDGE > x) | (x > SIDE - radius - _EDGE) | (radius + _EDGE > y) | (y > SIDE - radius - _EDGE)).any():
        return "In drawings that are trained on, no shape reaches over an edge."
    if (np.remainder(np.concatenate([x, y]), SNAP) != 0).any():
        return f"In drawings that are trained on, the middle of every shape lies on a grid of {SNAP} pixels."
    if len(there) < 2:
        return ""
    names = {(int(shapes.colour[0, one]), int(shapes.kind[0, one])) for one in there}
    empty = ((0, 0), (0, 3 - len(there)))
    every = (shapes.colour, shapes.kind, shapes.x, shapes.y, shapes.radius)
    padded = Shapes(*(np.pad(part[:, there], empty, constant_values=PAD) for part in every))
    if not _clear(padded, np.array([len(names) > 1]))[0]:
        return "In drawings that are trained on, no shapes touch. One of two is clearly above or left of the other."
    return ""


def _size(radius: float) -> str:
    """The word for a single shape's size; "" between those that are trained on."""
    return SIZES[0] if radius <= _SMALL[1] else SIZES[2] if radius >= _LARGE[0] else ""


def _named(colour: int, kind: int, more: bool = False) -> str:
    return f"{COLOURS[colour]} {(MORE if more else KINDS)[kind]}"
