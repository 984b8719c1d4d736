"""What a finding is, and the words that all of them share."""

import dataclasses
import math
from collections.abc import Callable, Iterable

from rnnviz.core.names import listed, percent
from rnnviz.specs.labels import name_within
from rnnviz.tasks import Task

_SHARES = ("half", "a third", "a quarter", "a fifth", "a sixth", "a seventh", "an eighth", "a ninth", "a tenth")
_FEW = len(_SHARES) + 1


@dataclasses.dataclass(frozen=True)
class Finding:
    """A verdict in a few short sentences, and the numbers behind it.

    kind: what it says, by a stable name such as "vanishing".
    view: the page that shows it, such as "gradients".
    """

    text: str
    evidence: dict[str, float]
    kind: str = ""
    view: str = ""


def article(label: str) -> str:
    """A model within a sentence: "the RNN", "LSTM 2", "the GRU without attention"."""
    return name_within(label) if label[-1].isdecimal() else f"the {name_within(label)}"


def named(labels: Iterable[str], number: Callable[[str], str] | None = None) -> str:
    """Models within a sentence, each with a number in parentheses if one is given."""
    return listed([article(label) + (f" ({number(label)})" if number else "") for label in labels])


def sentence(text: str) -> str:
    """`text` with a capital letter."""
    return text[0].upper() + text[1:]


def points(difference: float) -> str:
    """A difference between two shares."""
    written = f"{difference:.1f}" if difference < 20 else f"{difference:.0f}"
    return f"{written} percentage points"


def share(ratio: float) -> str:
    """A ratio from a thousandth to ten in words that fit before "its size"."""
    if ratio >= 1.5:
        return f"about {ratio:.0f} times"
    if ratio > 0.75:
        return "about all of"
    if ratio > 0.58:
        return "two thirds of"
    parts = _parts(ratio)
    return f"{_SHARES[parts - 2] if parts <= _FEW else f'1/{parts:,}'} of"


def part(ratio: float) -> str:
    """A ratio as a fraction of a whole: "1/20", "nearly all", "about 5 times as much"."""
    if ratio >= 1.5:
        return f"about {ratio:.0f} times as much"
    if ratio > 0.75:
        return "about all"
    if ratio > 0.58:
        return "2/3"
    return f"1/{_parts(ratio):,}"


def _parts(ratio: float) -> int:
    """Of how many equal parts a small ratio is one: exactly where they are few, else in one digit."""
    parts = round(1 / ratio)
    rough = 10 ** math.floor(math.log10(parts))
    return parts if parts <= _FEW else round(parts / rough) * rough


def score_text(task: Task, score: float) -> str:
    """A score with as many digits as a reader can use, and its unit."""
    if task.score_unit:
        return percent(score)
    written = f"{score:.3g}" if score >= 0.01 else f"{score:.1g}" if score >= 1e-4 else "under 0.0001"
    return f"{written} {unit}" if (unit := task.answers.of.unit) else written
