"""Messages to browsers: the newest moment with what it adds, encoded once for all who have the same before it."""

from typing import Any

from pages._ui.live.names import Source
from pages._ui.live.standing import standing
from rnnviz import live
from rnnviz.live.view import View

FEW_KINDS = 16  # moments: who lags is sent a little more than needed, so that a message serves many


def since(seen: int, newest: int) -> int:
    """After which place a message begins for a browser that has seen `seen`: of few kinds, however many lag."""
    return seen if newest - seen <= 1 else max(-1, seen - seen % FEW_KINDS - 1)


def whole(name: str, source: Source, view: View, after: int, newest: int) -> bytes:
    """The moment at `newest`, what those after `after` add to all over the training, and how the run is doing."""
    told = head(name, source, view)
    if newest >= 0:
        told["moment"] = live.moment(source.run, view, newest)
        told["tail"] = live.tail(source.run, view, after, newest)
    return live.pack(told)


def brief(name: str, source: Source, view: View) -> bytes:
    """How the run is doing, alone."""
    return live.pack(head(name, source, view))


def one(name: str, source: Source, view: View, place: int) -> bytes:
    """One moment alone; it never changes."""
    return live.pack({"run": name, "id": source.id, "view": view.text, "moment": live.moment(source.run, view, place)})


def head(name: str, source: Source, view: View) -> dict[str, Any]:
    """What every message begins with."""
    return {"run": name, "id": source.id, "view": view.text, "over": source.over, "status": standing(source)}
