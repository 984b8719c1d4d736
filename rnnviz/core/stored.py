"""A text in a spec that may be long: the spec holds its hash, the store the text, once for all who brought it."""

from typing import Any, TypeVar

from rnnviz.core import limits
from rnnviz.core.contents import Content, keep

Spec = TypeVar("Spec")


class StoredText:
    """An attribute of a frozen spec that reads as a `str`; what `put_away` has stored is opened when it is read."""

    def __init__(self, name: str, default: str) -> None:
        self.name, self.default = name, default

    def __get__(self, spec: Any, owner: type | None = None) -> str:
        if spec is None:
            return self.default
        held = vars(spec)[self.name]
        return held.text(self.name) if isinstance(held, Content) else held

    def __set__(self, spec: Any, value: Any) -> None:
        vars(spec)[self.name] = value


def stored(name: str) -> Any:
    """Decorate a dataclass: its field `name` is a `StoredText`."""

    def decorated(kind: type[Spec]) -> type[Spec]:
        setattr(kind, name, StoredText(name, getattr(kind, name)))
        return kind

    return decorated


def held(spec: Any, name: str) -> Any:
    """What a spec itself holds of a field: of a text that is stored its `Content`, which is not opened."""
    return vars(spec)[name] if isinstance(vars(spec).get(name), Content) else getattr(spec, name)


def put_away(spec: Any, name: str) -> None:
    """Store the text in a field, if it is longer than a link may carry; from now on the spec holds its hash."""
    text = getattr(spec, name)
    if len(text) > limits.LONGEST_TEXT_IN_LINK:
        vars(spec)[name] = keep(text.encode("utf-8", "surrogatepass"))
