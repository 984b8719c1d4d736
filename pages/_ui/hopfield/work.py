"""What one visitor has stored, drawn and chosen on the Hopfield page."""

import dataclasses
import functools

import numpy as np

from rnnviz import hopfield
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.hopfield import Capacity, Found, Known, ModernRecall, Network, Recall

FLIP, COVER, DRAWN = "flip", "cover", "drawn"
DAMAGES = {FLIP: "pixels turned over", COVER: "lower half covered", DRAWN: "my own drawing"}
MOST = limits.MOST_HOPFIELD_PATTERNS
LARGEST_SEED = 999_999
EMPTY = "0" * 25
_STARTS = 200  # random ones, for spurious states


def _start_set() -> tuple[str, ...]:
    return tuple(map(hopfield.bits_of, hopfield.start_set()))


@dataclasses.dataclass(frozen=True)
class Choice:
    """All that fixes what the page shows; the address holds it.

    stored: the patterns, in hexadecimal digits (`hopfield.drawing` reads them).
    cue:    the number of the pattern that is damaged, from 0.
    damage: one of `DAMAGES`.
    share:  percent of the pixels that are turned over.
    drawn:  what was drawn last; the start where the damage is `DRAWN`.
    seed:   of the pixels that are turned over and the order of updates.

    Raises:
        ExperimentError: something that is not allowed, in one sentence.
    """

    stored: tuple[str, ...] = dataclasses.field(default_factory=_start_set)
    cue: int = 0
    damage: str = FLIP
    share: int = 30
    drawn: str = EMPTY
    seed: int = 1

    def __post_init__(self) -> None:
        if len(self.stored) > MOST:
            raise ExperimentError("stored patterns", f"{MOST} at most", len(self.stored))
        for bits in (*self.stored, self.drawn):
            hopfield.drawing(bits)
        if self.damage not in DAMAGES:
            raise ExperimentError("start", f"one of {', '.join(DAMAGES)}", self.damage)
        if not 0 <= self.share <= 100:
            raise ExperimentError("share of pixels", "0 to 100 percent", self.share)
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ExperimentError("seed", f"0 to {LARGEST_SEED:,}", self.seed)
        if not 0 <= self.cue < max(1, len(self.stored)):
            allowed = f"1 to {len(self.stored)}" if self.stored else "left out where no pattern is stored"
            raise ExperimentError("pattern", allowed, self.cue + 1)

    @functools.cached_property
    def patterns(self) -> np.ndarray:
        """(P, N), what is stored."""
        return _patterns(self.stored)

    @functools.cached_property
    def network(self) -> Network:
        """The network that stores it."""
        return hopfield.store(self.patterns)

    @property
    def known(self) -> Known:
        """The states that have a name in it."""
        return _known(self.stored)

    @functools.cached_property
    def start(self) -> np.ndarray:
        """(N,), what a recall begins from."""
        if self.damage == DRAWN or not self.stored:
            return hopfield.drawing(self.drawn)
        cue = self.patterns[self.cue]
        if self.damage == COVER:
            return hopfield.covered(cue)
        return hopfield.flipped(cue, self.share / 100, np.random.default_rng((self.seed, 0)))

    @functools.cached_property
    def recall(self) -> Recall:
        """The recall from there."""
        return hopfield.recall(self.network, self.start, np.random.default_rng((self.seed, 1)))

    @property
    def found(self) -> tuple[Found, ...]:
        """Where recalls from random starts end."""
        return _searched(self.stored, self.seed)

    def modern(self, beta: float) -> ModernRecall:
        """The same recall in the modern form."""
        return hopfield.modern_recall(self.patterns, self.start, beta)


@functools.lru_cache(16)
def _known(stored: tuple[str, ...]) -> Known:
    """Shared by all who store the same: the states of all mixtures take up to a megabyte."""
    return Known(_patterns(stored))


def _patterns(stored: tuple[str, ...]) -> np.ndarray:
    return np.array([hopfield.drawing(bits) for bits in stored]).reshape(-1, hopfield.UNITS)


@functools.lru_cache(32)
def _searched(stored: tuple[str, ...], seed: int) -> tuple[Found, ...]:
    """Every stroke of a drawing makes another choice with the same patterns."""
    return hopfield.search(_patterns(stored), _STARTS, np.random.default_rng((seed, 2)))


@dataclasses.dataclass
class HopfieldWork:
    """One visitor's network.

    choice:  what is stored and chosen.
    refusal: why what was last wanted was not done, in a sentence; else "".
    notice:  why the address was not understood; else "".
    linked:  what the address said when it was last read or written.
    touched: a control was used in this very script run.
    tab, heard: the page load whose acts were counted last, and up to which of its numbers.
    edition: how often the controls' values were replaced.
    measured: units and seed → what was measured of the capacity of such networks.
    """

    choice: Choice = dataclasses.field(default_factory=Choice)
    refusal: str = ""
    notice: str = ""
    linked: dict[str, str] = dataclasses.field(default_factory=dict)
    touched: bool = False
    tab: str = ""
    heard: int = 0
    edition: int = 0
    measured: dict[tuple[int, int], Capacity] = dataclasses.field(default_factory=dict)

    def change(self, **fields: object) -> None:
        """Choose something else; what is not allowed is refused in a sentence, and all stays as it was."""
        self.touched, self.refusal, self.notice = True, "", ""
        try:
            self.choice = dataclasses.replace(self.choice, **fields)  # type: ignore[arg-type]
        except ExperimentError as error:
            self.refusal = str(error)

    def cue(self, at: int) -> None:
        """Begin from this pattern, damaged."""
        damage = FLIP if self.choice.damage == DRAWN else self.choice.damage
        self._start(damage, cue=at)

    def draw(self, bits: str) -> None:
        """Begin from this drawing."""
        self._start(DRAWN, drawn=bits)

    def store(self, bits: str) -> None:
        """Store this drawing as one more pattern."""
        stored = self.choice.stored
        if len(stored) == MOST:
            self._refuse(f"There is room for {MOST} patterns: forget one before you store another.")
        elif bits in stored:
            self._refuse(f"This drawing is stored already: it is pattern {stored.index(bits) + 1}.")
        elif bits == EMPTY:
            self._refuse("The drawing is empty: switch some pixels on, then store it.")
        else:
            self._start(DRAWN, stored=(*stored, bits), drawn=bits)

    def forget(self, at: int) -> None:
        """Store all patterns but this one."""
        stored = self.choice.stored
        if 0 <= at < len(stored):
            left = stored[:at] + stored[at + 1 :]
            cue = self.choice.cue - (at < self.choice.cue)
            self.change(stored=left, cue=max(0, min(cue, len(left) - 1)))

    def forget_all(self) -> None:
        """Store none."""
        self.change(stored=(), cue=0)

    def begin_again(self) -> None:
        """As it was at first."""
        self.replace(Choice())
        self.touched, self.refusal, self.notice = True, "", ""

    def replace(self, choice: Choice) -> None:
        """Take over another choice; all controls are to show it."""
        self.choice = choice
        self.edition += 1

    def _start(self, damage: str, **fields: object) -> None:
        """Another start; the control that says which kind it is made anew if it is another kind."""
        before = self.choice.damage
        self.change(damage=damage, **fields)
        self.edition += self.choice.damage != before

    def _refuse(self, why: str) -> None:
        self.touched, self.refusal = True, why
