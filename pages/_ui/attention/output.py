"""What one model wrote, as the Attention page shows it: symbol by symbol, right or wrong, and where it looked."""

import dataclasses
import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages._ui.attention.decoding import Seen
from pages._ui.run.sequence_input import Input
from rnnviz.tasks.translating import END, Translating

RIGHT, WRONG, UNKNOWN, OTHER = "right", "wrong", "unknown", "other"
_SIGNS = {RIGHT: "✓", WRONG: "×", UNKNOWN: "", OTHER: "≠"}
_SAID = {RIGHT: "right", WRONG: "wrong", UNKNOWN: "", OTHER: "changed"}


@dataclasses.dataclass(frozen=True, eq=False)
class Output:
    """One output.

    step:     after how many updates of the weights it was written.
    classes:  (output_time,) int64; the last is the end if there is one.
    tokens:   its symbols as they are shown.
    answers:  (output_time, class) probabilities.
    weights:  (output_time, input_time) of the attention; None for a model without.
    verdicts: (output_time,) whether each symbol is right, wrong, or that is not known.
    text:     as it is written, without the end.
    asked:    (right_time,) int64, the classes of the right output with its end; empty where it is not known.
    """

    step: int
    classes: np.ndarray
    tokens: tuple[str, ...]
    answers: np.ndarray
    weights: np.ndarray | None
    verdicts: tuple[str, ...]
    text: str
    asked: np.ndarray

    @property
    def exact(self) -> bool:
        """Whether all of it is right, its end included."""
        return len(self.asked) > 0 and np.array_equal(self.classes, self.asked)

    @property
    def wrong(self) -> tuple[bool, ...]:
        """(output_time,) which symbols are known to be wrong."""
        return tuple(verdict == WRONG for verdict in self.verdicts)

    @property
    def probabilities(self) -> np.ndarray:
        """(output_time,) of the symbols written."""
        found: np.ndarray = self.answers[np.arange(len(self.classes)), self.classes]
        return found


def of(task: Translating, given: Input, seen: Seen) -> Output:
    """What was found of a model, beside what is right."""
    classes = seen.found["classes"]
    asked = _classes(task, given.right)
    verdicts = tuple(_verdict(asked, place, int(one)) for place, one in enumerate(classes))
    tokens = shown(task, classes)
    found = seen.found
    return Output(
        seen.step, classes, tokens, found["answers"], found.get("weights"), verdicts, task.write(classes), asked
    )


def shown(task: Translating, classes: Sequence[int] | np.ndarray) -> tuple[str, ...]:
    """Classes as they stand on the page."""
    return tuple(str(token) for token in task.shown(np.asarray(classes, np.int64), task.classes))


def changed(before: Output, after: Output) -> tuple[bool, ...]:
    """(output_time of `after`,) which symbols are not those of `before`."""
    old = [*before.classes, *[-1] * len(after.classes)]
    return tuple(int(one) != int(other) for one, other in zip(after.classes, old, strict=False))


def verdict(output: Output) -> str:
    """Whether the whole is right, in words."""
    if not len(output.asked):
        return "Whether it is right is not known."
    if output.exact:
        return "✓ exact match: all of it is right"
    if len(output.classes) < len(output.asked) and not any(output.wrong[:-1]):
        return "× it stops too early"
    places = max(len(output.asked), len(output.classes))
    right = sum(one == RIGHT for one in output.verdicts)
    are = "is" if right == 1 else "are"
    return f"× place by place, {right} of {places} {are} right (■ counts)"  # one line in a third of the page


def write(task: Translating, output: Output, about: str, room: int, marks: Sequence[str] = ()) -> None:
    """The symbols in a row, each with its sign, and a line that says what they make.

    about: whose output it is, for those who hear it.
    room:  symbols to keep room for.
    marks: in place of right and wrong.
    """
    items = "".join(map(_item, output.tokens, marks or output.verdicts))
    empty = '<li class="room" aria-hidden="true"><b>0</b><i>✓</i></li>' * (
        0 if task.between else max(0, room - len(output.tokens))
    )
    words = " words" if task.between else ""
    st.html(
        f'<ol class="written{words}" aria-label="{html.escape(about, quote=True)}">{items}{empty}</ol>'
        f'<p class="verdict">{html.escape(verdict(output))}</p>'
    )


def _classes(task: Translating, text: str) -> np.ndarray:
    """A right output with its end, however long: that of an own input may be longer than any trained on."""
    parts = text.split() if task.between else list(text)
    return np.array([*map(task.classes.index, parts), END] if parts else [], np.int64)


def _item(token: str, verdict: str) -> str:
    spoken = f' aria-label="{_SAID[verdict]}"' if _SAID[verdict] else ""
    return f'<li class="{verdict}"><b>{html.escape(token)}</b><i{spoken}>{_SIGNS[verdict] or "&nbsp;"}</i></li>'


def _verdict(asked: np.ndarray, place: int, written: int) -> str:
    if not len(asked):
        return UNKNOWN
    return RIGHT if place < len(asked) and asked[place] == written else WRONG
