"""Fields of a frozen spec: each carries its type, default, range and one line of meaning, and where it says anything.

A spec is a frozen dataclass whose fields are made by the functions below and whose `__post_init__` calls `validate`,
and `check` if a field depends on others. Forms read `describe` to offer the same ranges they are held to, and ask
`says` whether to offer a field at all.
"""

import dataclasses
import math
import numbers
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.when import Unfit, When

Spec = TypeVar("Spec")


@dataclasses.dataclass(frozen=True)
class Meaning:
    """What a field is: its kind, its range and the line a form shows beside it.

    label: what a form calls it; "" for its name.
    when:  where it says anything, given the other fields of its spec; None for everywhere.
    task:  the same, given the task that its spec is for.
    unfit: of a choice, which options the other fields rule out; None for none.
    usual: what takes the place of none where the field says something; None where none may stand there.
    """

    name: str
    kind: str  # "whole" | "real" | "choice" | "flag" | "text"
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
    usual: Any = None


def _field(kind: str, default: Any, help: str, **more: Any) -> Any:
    return dataclasses.field(default=default, metadata={"kind": kind, "help": help, **more})


def whole(default: int | None, low: int, high: int, help: str, unit: str = "", **more: Any) -> Any:
    """A whole number from `low` to `high`; `more` as in `Meaning`, here and below."""
    return _field("whole", default, help, low=low, high=high, unit=unit, **more)


def real(
    default: float | None, low: float, high: float, help: str, unit: str = "", optional: bool = False, **more: Any
) -> Any:
    """A finite number from `low` to `high`; `None` too if `optional`."""
    return _field("real", default, help, low=low, high=high, unit=unit, optional=optional, **more)


def choice(default: str | None, options: Collection[str], help: str, optional: bool = False, **more: Any) -> Any:
    """One of `options`, which are looked up anew each time; `None` too if `optional`."""
    return _field("choice", default, help, options=options, optional=optional, **more)


def flag(default: bool, help: str, **more: Any) -> Any:
    """True or False."""
    return _field("flag", default, help, **more)


def text(default: str, longest: int, help: str, **more: Any) -> Any:
    """A string of at most `longest` characters."""
    return _field("text", default, help, high=longest, **more)


def describe(spec: Any) -> tuple[Meaning, ...]:
    """The fields of a spec (class or instance) in their order."""
    return tuple(_meaning(field) for field in dataclasses.fields(spec))


def meaning(spec: Any, name: str) -> Meaning:
    """One field of a spec (class or instance).

    Raises:
        KeyError: there is no such field.
    """
    return _meaning({field.name: field for field in dataclasses.fields(spec)}[name])


def _meaning(field: "dataclasses.Field[Any]") -> Meaning:
    options = tuple(field.metadata.get("options", ()))
    return Meaning(name=field.name, default=field.default, **{**field.metadata, "options": options})


def validate(spec: Any) -> None:
    """Check every field of a frozen spec and store it in its canonical type.

    Raises:
        ExperimentError: a value is of the wrong type or out of its range.
    """
    for meaning in describe(spec):
        value = getattr(spec, meaning.name)
        if value is None and meaning.optional:
            continue
        object.__setattr__(spec, meaning.name, _CHECKS[meaning.kind](meaning, value))


def check(spec: Any) -> None:
    """Compare the fields of a validated spec with each other; what is none where it says something gets its `usual`.

    Raises:
        ExperimentError: a field is set that says nothing beside the others, or to what does not go together with them.
    """
    for meaning in describe(spec):
        value = getattr(spec, meaning.name)
        if meaning.when is not None:
            _check_when(meaning, value, meaning.when, spec)
            if value is None and meaning.usual is not None and meaning.when.holds(spec):
                object.__setattr__(spec, meaning.name, meaning.usual)
        if meaning.unfit is not None and value in (unfit := meaning.unfit(spec)):
            fitting = " or ".join(option for option in meaning.options if option not in unfit)
            raise ExperimentError(meaning.name, f"{fitting} {unfit[value]}", value)


def check_for(spec: Any, task: Any) -> None:
    """Compare the fields of a spec with the task that it is for.

    Raises:
        ExperimentError: a field is set that says nothing there.
    """
    for meaning in describe(spec):
        if meaning.task is not None:
            _check_when(meaning, getattr(spec, meaning.name), meaning.task, task)


def _check_when(meaning: Meaning, value: Any, when: When, of: Any) -> None:
    if value != meaning.default and not when.holds(of):
        raise ExperimentError(meaning.name, f"{write(meaning.default)} {when.why(of)}", value)


def says(meaning: Meaning, spec: Any, task: Any) -> bool:
    """Whether a field says anything beside the others of a spec, for a task."""
    return (meaning.when is None or meaning.when.holds(spec)) and (meaning.task is None or meaning.task.holds(task))


def make(kind: type[Spec], values: Mapping[str, Any], owner: str) -> Spec:
    """A spec from named values; what is left out has its default.

    Raises:
        ExperimentError: a name is unknown or a value not allowed; its field begins with `owner`.
    """
    known = [meaning.name for meaning in describe(kind)]
    for name in values:
        if name not in known:
            raise unknown(f"{owner}.{name}", known, values[name])
    try:
        return kind(**values)
    except ExperimentError as error:
        raise error.inside(owner) from None


def unknown(field: str, known: Iterable[str], value: object) -> ExperimentError:
    """What is said to a name that means nothing; it names those that do."""
    field = field if field.rpartition(".")[2] else field + "(without a name)"
    return ExperimentError(field, f"left out (known here: {', '.join(known)})", value)


def repeated(field: str, times: int) -> ExperimentError:
    """What is said to a name that comes more often than once."""
    return ExperimentError(field, "given once", Words(f"it {times} times"))


def parse(meaning: Meaning, written: str) -> Any:
    """The value that `written`, from a link or a command line, stands for; `validate` checks its range.

    Raises:
        ExperimentError: it stands for no value of this kind.
    """
    if meaning.optional and written.lower() == "none":
        return None
    try:
        return _PARSERS[meaning.kind](written)
    except ValueError:
        raise ExperimentError(meaning.name, allowed(meaning), written) from None


def write(value: Any) -> str:
    """A short text that `parse` reads back as `value`, exactly."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def allowed(meaning: Meaning) -> str:
    """What a field accepts, in words that fit after "must be"."""
    of_kind: dict[str, Callable[[], str]] = {
        "whole": lambda: f"a whole number from {meaning.low:,} to {meaning.high:,}",
        "real": lambda: f"a number from {meaning.low:g} to {meaning.high:g}",
        "choice": lambda: "one of " + ", ".join(meaning.options),
        "flag": lambda: "true or false",
        "text": lambda: f"a text of at most {meaning.high:,} characters",
    }
    words = of_kind[meaning.kind]()
    if meaning.unit and meaning.kind in ("whole", "real"):
        words += f" {meaning.unit}"
    return words + (", or none" if meaning.optional else "")


def is_whole(value: object, low: float, high: float) -> bool:
    """Whether something is a whole number in a range."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool) and low <= int(value) <= high


def _whole(meaning: Meaning, value: Any) -> int:
    number = isinstance(value, numbers.Integral) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not number or not meaning.low <= value <= meaning.high:
        raise ExperimentError(meaning.name, allowed(meaning), value)
    return int(value)


def _real(meaning: Meaning, value: Any) -> float:
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not number or not meaning.low <= value <= meaning.high or not math.isfinite(value):
        raise ExperimentError(meaning.name, allowed(meaning), value)
    return float(value) + 0.0  # -0.0 equals 0.0, so it must be written like it


def _choice(meaning: Meaning, value: Any) -> str:
    if not isinstance(value, str) or value not in meaning.options:
        raise ExperimentError(meaning.name, allowed(meaning), value)
    return value


def _flag(meaning: Meaning, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ExperimentError(meaning.name, allowed(meaning), value)
    return value


def _text(meaning: Meaning, value: Any) -> str:
    if not isinstance(value, str):
        raise ExperimentError(meaning.name, allowed(meaning), value)
    if len(value) > meaning.high:
        raise ExperimentError(meaning.name, allowed(meaning), Words(f"{len(value):,} characters"))
    return value


def _parse_whole(written: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", written):  # int() also takes 1_0, spaces and other scripts' digits
        raise ValueError(written)
    return int(written)


def parse_real(written: str) -> float:
    """A number in digits as everybody writes them: float() also takes 1_0, spaces and other scripts' digits.

    Raises:
        ValueError: it is none.
    """
    if not written.isascii() or "_" in written or written != written.strip():
        raise ValueError(written)
    return float(written)


def _parse_flag(written: str) -> bool:
    try:
        return {"true": True, "false": False, "1": True, "0": False}[written.lower()]
    except KeyError:
        raise ValueError(written) from None


_CHECKS: dict[str, Callable[[Meaning, Any], Any]] = {
    "whole": _whole,
    "real": _real,
    "choice": _choice,
    "flag": _flag,
    "text": _text,
}
_PARSERS: dict[str, Callable[[str], Any]] = {
    "whole": _parse_whole,
    "real": parse_real,
    "choice": str,
    "flag": _parse_flag,
    "text": str,
}
