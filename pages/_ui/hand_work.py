"""The network that a visitor calculates by hand, with all it was before: what the "By hand" mode keeps in a session."""

import dataclasses

from rnnviz import byhand
from rnnviz.byhand import Hand, Place

_MOST_MOMENTS = 2_000  # kept to go back to
_FIRST = Place("W_hh", 0, 0)  # the weight that is looked at first: it acts at every step


@dataclasses.dataclass(frozen=True)
class Moment:
    """A hand, its loss, and whether it was begun anew, so that losses before it do not compare."""

    hand: Hand
    loss: float
    fresh: bool


def _moment(hand: Hand, fresh: bool = False) -> Moment:
    return Moment(hand, byhand.forward(hand).loss, fresh)


@dataclasses.dataclass
class HandWork:
    """One visitor's hand.

    path:    every hand there was; the last one holds now.
    marks:   how long `path` was before each change that can be undone.
    preset:  what was begun with, a name in `byhand.PRESETS`.
    seed:    of its random numbers.
    at:      the time step that is looked at, from 0.
    way:     which pass is looked at; "" for the first offered.
    weight:  the weight whose gradient is looked at.
    rate:    the learning rate.
    refusal: why the last change was not made, in a sentence; else "".
    """

    path: list[Moment] = dataclasses.field(default_factory=lambda: [_moment(byhand.hello(), fresh=True)])
    marks: list[int] = dataclasses.field(default_factory=list)
    preset: str = "hello"
    seed: int = 0
    at: int = 0
    way: str = ""
    weight: Place = _FIRST
    rate: float = 0.3
    refusal: str = ""

    @property
    def hand(self) -> Hand:
        """The hand that holds now."""
        return self.path[-1].hand

    @property
    def losses(self) -> list[float]:
        """The losses since it was begun with, one for each change."""
        begin = max(i for i, moment in enumerate(self.path) if moment.fresh or i == 0)
        return [moment.loss for moment in self.path[begin:]]

    def change(self, *hands: Hand, fresh: bool = False) -> None:
        """Go on with these hands, one after the other; they are undone together."""
        self.refusal = ""
        self.marks.append(len(self.path))
        self.path += [_moment(hand, fresh) for hand in hands]
        if (surplus := len(self.path) - _MOST_MOMENTS) > 0:
            del self.path[:surplus]
            self.marks = [mark - surplus for mark in self.marks if mark > surplus]
        self._fit()

    def undo(self) -> None:
        """Take back the last change."""
        self.refusal = ""
        if self.marks:
            del self.path[self.marks.pop() :]
        self._fit()

    def _fit(self) -> None:
        """What is looked at must be there."""
        hand, weight = self.hand, self.weight
        self.at = min(self.at, len(hand.read) - 1)
        rows, *columns = getattr(hand, weight.part).shape
        row, column = min(weight.row, rows - 1), min(weight.column, (columns or [1])[0] - 1)
        self.weight = Place(weight.part, row, column)
