"""What a field of a spec is, and in words what it accepts."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

from rnnviz.core.when import Unfit, When


@dataclasses.dataclass(frozen=True)
class Meaning:
    """What a field is: its kind, its range and the line a form shows beside it.

    label: what a form calls it; "" for its name.
    when:  where it says anything, given the other fields of its spec; None for everywhere.
    task:  the same, given the task that its spec is for.
    unfit: of a choice, which options the other fields rule out; None for none.
    unfit_for: the same, given the task that its spec is for.
    usual: what takes the place of none where the field says something; None where none may stand there.
    later: whether the field came later than its spec: where it says nothing it is left out of JSON, so that keys stay.
    """

    name: str
    kind: str  # "whole" | "real" | "choice" | "flag" | "text" | "content"
    default: Any
    help: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    options: tuple[str, ...] = ()
    optional: bool = False
    label: str = ""
    when: When | None = None
    task: When | None = None
    unfit: Unfit | None = None
    unfit_for: Unfit | None = None
    usual: Any = None
    later: bool = False


def allowed(meaning: Meaning) -> str:
    """What a field accepts, in words that fit after "must be"."""
    of_kind: dict[str, Callable[[], str]] = {
        "whole": lambda: f"a whole number from {meaning.low:,} to {meaning.high:,}",
        "real": lambda: f"a number from {meaning.low:g} to {meaning.high:g}",
        "choice": lambda: "one of " + ", ".join(meaning.options),
        "flag": lambda: "true or false",
        "text": lambda: f"a text of at most {meaning.high:,} characters",
        "content": lambda: "the hash of what was uploaded, 64 hexadecimal digits",
    }
    words = of_kind[meaning.kind]()
    if meaning.unit and meaning.kind in ("whole", "real"):
        words += f" {meaning.unit}"
    return words + (", or none" if meaning.optional else "")
