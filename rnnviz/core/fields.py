"""Fields of a frozen spec: each carries its type, default, range and one line of meaning, and where it says anything.

A spec is a frozen dataclass whose fields are made by the functions below and whose `__post_init__` calls `validate`,
and `check` if a field depends on others. Forms read `describe` to offer the same ranges they are held to, and ask
`says` whether to offer a field at all.
"""

import dataclasses
import functools
import math
import numbers
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from rnnviz.core.contents import Content, Exact, named
from rnnviz.core.errors import ExperimentError, Words, plain, shown
from rnnviz.core.meaning import Meaning as Meaning
from rnnviz.core.meaning import allowed as allowed
from rnnviz.core.names import listed
from rnnviz.core.parsing import parse_flag, parse_real, parse_whole
from rnnviz.core.stored import held
from rnnviz.core.when import When

Spec = TypeVar("Spec")
LONGEST_BESIDE = 40  # characters of what came, where all that is known stands beside it


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


def content(help: str, **more: Any) -> Any:
    """What somebody brought, by its hash (a `Content`, or the hash as a text); None for nothing."""
    return _field("content", None, help, optional=True, **more)


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
    options, fixed = field.metadata.get("options", ()), _fixed(field)
    return fixed if isinstance(options, tuple) else dataclasses.replace(fixed, options=tuple(options))


@functools.cache
def _fixed(field: "dataclasses.Field[Any]") -> Meaning:
    """What never changes of a field; it is asked for thousands of times in one run of a page's script."""
    options = field.metadata.get("options", ())
    known = {**field.metadata, "options": options if isinstance(options, tuple) else ()}
    return Meaning(name=field.name, default=field.default, **known)


def validate(spec: Any) -> None:
    """Check every field of a frozen spec and store it in its canonical type.

    Raises:
        ExperimentError: a value is of the wrong type or out of its range.
    """
    for meaning in describe(spec):
        value = held(spec, meaning.name)
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
        if meaning.unfit is not None:
            _check_fits(meaning, value, meaning.unfit(spec))


def check_for(spec: Any, task: Any) -> None:
    """Compare the fields of a spec with the task that it is for.

    Raises:
        ExperimentError: a field is set that says nothing there, or to what does not go together with it.
    """
    for meaning in describe(spec):
        if meaning.task is not None:
            _check_when(meaning, getattr(spec, meaning.name), meaning.task, task)
        if meaning.unfit_for is not None:
            _check_fits(meaning, getattr(spec, meaning.name), meaning.unfit_for(task))


def _check_when(meaning: Meaning, value: Any, when: When, of: Any) -> None:
    if value != meaning.default and not when.holds(of):
        raise ExperimentError(meaning.name, f"{write(meaning.default)} {when.why(of)}", value)


def as_dict(spec: Any) -> dict[str, Any]:
    """The fields of a spec as JSON has them: plain values; those that came `later` only where they say something."""
    said = {one.name: getattr(spec, one.name) for one in describe(spec) if not one.later or _speaks(one, spec)}
    return {name: str(value) if isinstance(value, Content) else value for name, value in said.items()}


def _speaks(meaning: Meaning, spec: Any) -> bool:
    if meaning.when is not None:
        return meaning.when.holds(spec)
    return bool(getattr(spec, meaning.name) != meaning.default)


def contents_of(spec: Any) -> tuple[Content, ...]:
    """What the fields of a spec name by its hash."""
    values = (getattr(spec, meaning.name) for meaning in describe(spec))
    return tuple(value for value in values if isinstance(value, Content))


def content_of(spec: Any) -> Content | None:
    """What its field of the kind "content" names, if there is such a field."""
    found: Content | None = next((getattr(spec, one.name) for one in describe(spec) if one.kind == "content"), None)
    return found


def _check_fits(meaning: Meaning, value: Any, unfit: Mapping[str, str]) -> None:
    if value in unfit:
        fitting = listed([option for option in meaning.options if option not in unfit], "or")
        raise ExperimentError(meaning.name, f"{fitting} {unfit[value]}", value)


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
    came = Words(plain(shown(value), LONGEST_BESIDE))
    return ExperimentError(field, f"left out (known here: {', '.join(known)})", came)


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


def _text(meaning: Meaning, value: Any) -> str | Content:
    if isinstance(value, Content):  # it was a text when it was stored
        return value
    if not isinstance(value, str):
        raise ExperimentError(meaning.name, allowed(meaning), value)
    if len(value) > meaning.high:
        raise ExperimentError(meaning.name, allowed(meaning), Words(f"{len(value):,} characters"))
    return value


def _content(meaning: Meaning, value: Any) -> Content:
    try:
        return value if isinstance(value, Content) else named(value)
    except ExperimentError:
        raise ExperimentError(meaning.name, allowed(meaning), value) from None


_CHECKS: dict[str, Callable[[Meaning, Any], Any]] = {
    "whole": _whole,
    "real": _real,
    "choice": _choice,
    "flag": _flag,
    "text": _text,
    "content": _content,
}
_PARSERS: dict[str, Callable[[str], Any]] = {
    "whole": parse_whole,
    "real": parse_real,
    "choice": str,
    "flag": parse_flag,
    "text": Exact,
    "content": str,
}
