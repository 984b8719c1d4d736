"""Messages to browsers: the newest moment with what it adds, encoded once for all who have the same before it."""

import dataclasses
from typing import Any

from pages._ui.live.arrivals import arrivals
from pages._ui.live.names import Source
from pages._ui.live.standing import standing
from rnnviz import live
from rnnviz.live.view import View

FEW_KINDS = 16  # moments: who lags is sent a little more than needed, so that a message serves many


def since(seen: int, newest: int) -> int:
    """After which place a message begins for a browser that has seen `seen`: of few kinds, however many lag."""
    return seen if newest - seen <= 1 else max(-1, seen - seen % FEW_KINDS - 1)


@dataclasses.dataclass(frozen=True)
class Said:
    """How a run is doing: whether no moment will come any more, and its `standing`."""

    over: bool
    standing: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Message:
    """Bytes for any number of browsers.

    said: how the run is doing, as the message says it; None where it says nothing.
    """

    packed: bytes
    said: Said | None = None

    @property
    def nbytes(self) -> int:
        """Bytes that go to a browser, which are nearly all that it takes."""
        return len(self.packed)


def whole(name: str, source: Source, view: View, after: int, newest: int, before: Source | None = None) -> Message:
    """The moment at `newest`, what those after `after` add to all over the training, and how the run is doing.

    before: what is drawn beside it, the original of a branch or the last run, to be told too.
    born: when that moment came to this server, in seconds since 1970; null where nobody watched then.
    """
    told = head(name, source, view) | _ghost(before, source, view)
    if newest >= 0:
        told["moment"] = live.moment(source.run, view, newest)
        told["tail"] = live.tail(source.run, view, after, newest)
        told["born"] = arrivals.of(source.job, newest)
    return _message(told)


def brief(name: str, source: Source, view: View, before: Source | None = None) -> Message:
    """How the run is doing, alone; `before` as for `whole`."""
    return _message(head(name, source, view) | _ghost(before, source, view))


def _ghost(before: Source | None, source: Source, view: View) -> dict[str, Any]:
    return {"ghost": live.ghost(before.run, view, source.run)} if before else {}


def one(name: str, source: Source, view: View, place: int) -> Message:
    """One moment alone; it never changes."""
    told = {"run": name, "id": source.id, "view": view.text, "moment": live.moment(source.run, view, place)}
    return Message(live.pack(told))


def _message(told: dict[str, Any]) -> Message:
    return Message(live.pack(told), Said(told["over"], told["status"]))


def head(name: str, source: Source, view: View) -> dict[str, Any]:
    """What every message begins with."""
    return {"run": name, "id": source.id, "view": view.text, "over": source.over, "status": standing(source)}
