"""The live parts of a page as Streamlit components: the bar, which carries the browser's code, and boards of parts."""

import functools
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages._ui.live import bundle, messages, names
from pages._ui.session import link, visits
from pages._ui.session.state import AppState, get_state
from pages._ui.widgets.values import acts, said_of, told
from rnnviz import live
from rnnviz.live.pages import PAGES

BAR = "bar"
_TYPES = {"step": int | None, "probe": int | None, "layer": int, "direction": str | None}  # of what is looked at
_PRESS = {"tab": str, "number": int, "name": str, "step": int | None}
# All but the bar wait for the code that it carries: it would travel with each of them, at every run of the script.
_WAIT = """const hub = (globalThis.rnnvizHub ??= Promise.withResolvers());
export default async (part) => (await hub.promise)(part);
"""
_bar = st.components.v2.component("rnnviz.bar", js=bundle.code(), isolate_styles=False)
_board = st.components.v2.component("rnnviz.board", js=_WAIT, isolate_styles=False)


def bar(state: AppState, page: str, titles: dict[str, str], report: bool = False, full: str = "") -> dict[str, Any]:
    """The bar of a page that shows a run; returns what the browser says.

    page:   as `rnnviz.live` knows it.
    titles: page → its title in the menu.
    report: whether the script of the page is to run again when something else is looked at.
    full:   why no branch can come from this run; "" if one can.

    Returns:
        at: what is looked at, where `report`; way: how to reach the browser, where its socket is blocked.
    """
    data = {
        "kind": "bar",
        "run": names.name_of(state.training, visits.attempt(state)),
        "page": page,
        "titles": titles,
        "beside": _beside(state),
        "scene": live.scene(state.experiment, page, state.start),
        "heard": {"tab": state.tab, "number": state.heard},
        "report": report,
        "full": full,
        "looked": state.looked,
        "news": state.news,
        "go": {"number": state.sent, "step": state.sent_to},
    }
    said = _bar(key=BAR, data=data, on_press_change=_count, on_at_change=_hear, on_way_change=_nothing)
    return {"at": said_of(said, "at"), "way": said_of(said, "way")}


def sends(name: str, value: object) -> bool:
    """Whether the code of these parts sends such a value, or such an event, under this name."""
    match name:
        case "at":
            return isinstance(value, dict) and all(
                isinstance(one, _TYPES.get(key, str | int | float | None)) for key, one in value.items()
            )
        case "way":
            return isinstance(value, dict)
        case "text" | "drawn":
            return isinstance(value, str)
        case "press":
            return isinstance(value, list) and all(map(_is_press, value))
        case "act":
            return all(isinstance(one, dict) for one in (value if isinstance(value, list) else [value]))
    return False


def _is_press(press: object) -> bool:
    return isinstance(press, dict) and all(isinstance(press.get(name), one) for name, one in _PRESS.items())


def _beside(state: AppState) -> dict[str, Any] | None:
    """The name of the last run, which is drawn beside this one, and its seed."""
    if (last := state.beside) is None:
        return None
    return {"run": names.name_of(last), "seed": last.experiment.training.seed}


def board(key: str, main: tuple[str, ...], side: tuple[str, ...] = (), stage: bool = False) -> None:
    """Parts of the page's scene: names of charts, "pictures", "history", "findings".

    stage: whether it is the page's signature picture, which fills the window.
    """
    with st.container(key=key):
        _board(key=f"board.{key}", data={"kind": "board", "key": key, "main": main, "side": side, "stage": stage})


def give(name: str, told: dict[str, Any]) -> None:
    """Hand what a worker answered to the parts of the page that draw it: plain data under a name that they know."""
    run = names.name_of(get_state().training)  # of another training nothing of it is drawn
    with st.container(key=f"given-{name}"):
        _board(key=f"given.{name}", data={"kind": "given", "key": name, "run": run, "given": told})


def part(key: str, shown: dict[str, Any], heard: Callable[[str], None] | None = None) -> None:
    """A part of a page with a run that is no picture of a moment.

    shown: plain data with its kind and key.
    heard: called back with what was drawn on it.
    """
    name = f"part.{key}"

    def hear() -> None:
        found = (told(name) or {}).get("drawn")
        if heard is not None and isinstance(found, str):
            heard(found)

    with st.container(key=key):
        if heard is None:
            _board(key=name, data=shown)
        else:
            _board(key=name, data=shown, on_drawn_change=hear)


def still(message: dict[str, Any]) -> None:
    """All that a page without a run shows, at once: a moment with its scene, as `rnnviz.live.inspect` makes it."""
    with st.container(key="carrier"):
        _bar(key="still", data=live.pack(message))


def alone(key: str, told: dict[str, Any], heard: Callable[[str], None] | None = None) -> None:
    """A part of a page without a run that is no picture of a model; the first of a page carries the code.

    told:  plain data with its kind and key.
    heard: called back with the part's own key when the browser has told it of acts: `told(key)["act"]`.
    """
    name = f"alone.{key}"
    with st.container(key=key):
        if heard is None:
            _board(key=name, data=told)
        else:
            _bar(key=name, data=told, on_act_change=functools.partial(heard, name))


def typing(key: str, told_of: Callable[[str], dict[str, Any]]) -> None:
    """A field in which somebody types; the page's script runs again whenever its text has changed.

    told_of: of the text that stands in it, what is drawn below.
    """
    name = f"typing.{key}"
    said = (told(name) or {}).get("text")
    text = said if isinstance(said, str) else ""
    with st.container(key=key):
        _board(key=name, data={"kind": "typing", "key": key, "text": text, **told_of(text)}, on_text_change=_nothing)


def carry(state: AppState) -> None:
    """What the socket would bring, through Streamlit's own connection: for a browser that says it has none."""
    name = names.name_of(state.training, visits.attempt(state))
    found, said = names.source(name), state.way
    try:
        view = live.View.parse(str(said.get("view")), state.experiment, frozenset(PAGES))
    except live.ViewError:
        return
    if found is None:
        return
    place, newest = said.get("place", -1), len(found.run.frames) - 1
    one = isinstance(place, int) and 0 <= place <= newest
    before = names.before(found, (_beside(state) or {}).get("run", ""))
    message = messages.one(name, found, view, place) if one else messages.whole(name, found, view, -1, newest, before)
    _board(key="carried", data=message.packed)


def _count() -> None:
    """Take note of what was pressed, each press once: the browser repeats what it has not heard of."""
    state, said = get_state(), told(BAR)
    for press in acts(said, "press"):
        tab, number, name = (press[key] for key in ("tab", "number", "name"))
        link.hear(state, press.get("news"))
        if tab != state.tab:
            state.tab, state.heard = tab, 0
        if number > state.heard:
            state.heard = number
            state.presses.append(name)
            state.pressed_at = press.get("step")


def _hear() -> None:
    """Something else is looked at: how much the browser had heard of the experiment when it said so."""
    link.hear(get_state(), said_of(told(BAR), "at").get("news"))


def _nothing() -> None:
    """Streamlit returns only what has a callback."""
