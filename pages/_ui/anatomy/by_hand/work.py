"""The network that a visitor calculates by hand, with all it was before: what the "By hand" mode keeps in a session."""

import dataclasses

from rnnviz import byhand
from rnnviz.byhand import Entry, Hand
from rnnviz.byhand.gated import offered
from rnnviz.byhand.unrolled import Unrolled, begin

_MOST_MOMENTS = 2_000  # kept to go back to
_EDITIONS = ("numbers", "controls", "at", "gated")
_FIRST = Entry("W_hh", 0, 0)  # the weight that is looked at first: it acts at every step


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """A hand as it was.

    loss:   of its word.
    preset: what it was begun with, a name in `byhand.PRESETS`.
    seed:   of the random numbers that it got.
    fresh:  it was begun anew here, so that losses before it do not compare.
    """

    hand: Hand
    loss: float
    preset: str
    seed: int
    fresh: bool


@dataclasses.dataclass
class HandWork:
    """One visitor's hand.

    path:    every hand there was; the last one holds now.
    marks:   how long `path` was before each change that can be undone.
    at:      the time step that is looked at, from 0.
    way:     which pass is looked at; "" for the first offered.
    weight:  the weight whose gradient is looked at.
    rate:    the learning rate.
    cell:    which cell is calculated; "" for the first offered.
    gated:   each gated cell with its numbers, by its name.
    told:    how often those were changed by anything but their diagram, which then takes them over.
    tab, heard: the page load whose acts on the diagram were heard last, and up to which of its numbers.
    refusal: why the last change was not made, in a sentence; else "".
    editions: how often each group of fields had to be made anew. It is part of their keys: a field that is given
              another number under its old key may send back the old one, if a run is cut short by the next.
    """

    path: list[Snapshot] = dataclasses.field(default_factory=lambda: [_begun("hello", byhand.hello(), 0)])
    marks: list[int] = dataclasses.field(default_factory=list)
    at: int = 0
    way: str = ""
    weight: Entry = _FIRST
    rate: float = 0.3
    cell: str = ""
    gated: dict[str, Unrolled] = dataclasses.field(default_factory=lambda: {cell: begin(cell) for cell in offered()})
    told: int = 0
    tab: str = ""
    heard: int = 0
    refusal: str = ""
    editions: dict[str, int] = dataclasses.field(
        default_factory=lambda: {"numbers": 0, "controls": 0, "at": 0, "gated": 0}
    )

    @property
    def hand(self) -> Hand:
        """The hand that holds now."""
        return self.path[-1].hand

    @property
    def preset(self) -> str:
        """What it was begun with."""
        return self.path[-1].preset

    @property
    def seed(self) -> int:
        """Of its random numbers."""
        return self.path[-1].seed

    @property
    def losses(self) -> list[float]:
        """The losses since it was begun, one for each change."""
        begin = max(i for i, moment in enumerate(self.path) if moment.fresh or i == 0)
        return [moment.loss for moment in self.path[begin:]]

    def begin(self, preset: str, seed: int) -> None:
        """Begin anew; the word, the number of units and the activation stay where the preset has none of its own."""
        now = self.hand
        self._add([_begun(preset, byhand.preset(preset, now.word, now.units, now.activation, seed), seed)])

    def change(self, *hands: Hand) -> None:
        """Go on with these hands, one after the other; they are undone together."""
        now = self.path[-1]
        self._add([
            Snapshot(one, byhand.forward(one).loss, now.preset, now.seed, one.word != now.hand.word) for one in hands
        ])  # fmt: skip

    def undo(self) -> None:
        """Take back the last change."""
        self.refusal = ""
        if self.marks:
            del self.path[self.marks.pop() :]
        self._fit()

    def _add(self, moments: list[Snapshot]) -> None:
        self.refusal = ""
        self.marks.append(len(self.path))
        self.path += moments
        if (surplus := len(self.path) - _MOST_MOMENTS) > 0:
            del self.path[:surplus]
            self.marks = [mark - surplus for mark in self.marks if mark > surplus]
        self._fit()

    def _fit(self) -> None:
        """What is looked at must be there."""
        hand, weight = self.hand, self.weight
        self.at = min(self.at, len(hand.read) - 1)
        rows, *columns = getattr(hand, weight.part).shape
        row, column = min(weight.row, rows - 1), min(weight.column, (columns or [1])[0] - 1)
        self.weight = Entry(weight.part, row, column)


def _begun(preset: str, hand: Hand, seed: int) -> Snapshot:
    return Snapshot(hand, byhand.forward(hand).loss, preset, seed, fresh=True)
