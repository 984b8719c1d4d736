"""A visit without a browser: what its parts show, and what a browser would say of them."""

import json
import re
from pathlib import Path

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from pages._ui.frame import registry
from pages._ui.frame.registry import Need
from pages._ui.widgets.keys import Key
from rnnviz import live

NAVIGATION = str(Path(__file__).parents[2] / "pages" / "navigation.py")
PAGES = tuple(name for name, spec in registry.pages().items() if spec.needs is Need.RUN)
SMALL = {"steps": "4", "length": "6", "models": "rnn:hidden=4,lstm:hidden=4,gru:hidden=4"}
ON_BAR = ("Train", "Train again", "Train from step 0", "Pause", "Resume", "Stop", "Branch", "Back to the original")
TAB = "a tab"


def visit(query=None, page=None, drawers=True):
    """A visit to a page, on which the sidebar's drawers are open or, as for everybody at first, closed."""
    app = AppTest.from_file(NAVIGATION, default_timeout=30)
    for drawer in (Key.CELLS, Key.LEARNING, Key.SHARE):
        app.session_state[drawer] = drawers
    for name, value in (query or {}).items():
        app.query_params[name] = value
    app.run()
    return app.switch_page(f"{page}.py").run() if page else app


def words(app):
    """All text on the page as it is read: without the backslashes that keep Markdown out of it."""
    texts = [element.value for element in [*app.markdown, *app.caption, *app.info, *app.warning, *app.error]]
    return re.sub(r"\\(.)", r"\1", " ".join(texts))


def buttons(app):
    return [button.label for button in app.button]


def press(app, name, step=None):
    """Press a button of the bar, or of the page, as `name` is on one of them, while a training step is in view."""
    if name in ON_BAR:
        pressed = app.session_state["rnnviz"].heard + 1
        return tell(app, {"tab": TAB, "number": pressed, "name": name, "step": step})
    next(button for button in app.button if button.label == name).click()
    return app.run()


def parts(app):
    """Key → what a live part of the page was told: "bar", and "stage" and others for boards."""
    told = [json.loads(part.proto.json) for part in app.get("bidi_component")]
    return {one.get("key", one["kind"]): one for one in told}


def tell(app, *presses, **looked):
    """Let the browser say which presses the page has not heard of, or what it looks at; whole script runs follow."""
    states = _standing(app)
    bar = _bar(app)
    if presses:
        said = json.dumps([{"event": "press", "value": list(presses)}])
        states.widgets.append(WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{bar}__events", json_trigger_value=said))
    if looked:
        states.widgets.append(WidgetState(id=bar, json_value=json.dumps({"at": looked})))
    return app._run(states)


def told_late(app, states, address, **looked):
    """Let the browser say what it looks at while its widgets and its address stand as they did before."""
    said = WidgetStates()
    said.CopyFrom(states)
    said.widgets.append(WidgetState(id=_bar(app), json_value=json.dumps({"at": looked})))
    app.query_params.clear()
    for name, value in address.items():
        app.query_params[name] = value
    return app._run(said)


def shown_run(app):
    """What a browser that opens the page is sent of its run: the newest moment as the page's view of it, or {}."""
    from pages._ui.live import names

    bar = parts(app)["bar"]
    source = names.source(bar["run"])
    if not source.run.frames:
        return {}
    return live.moment(source.run, live.View(bar["page"]), len(source.run.frames) - 1)


def _bar(app):
    return next(part.proto.id for part in app.get("bidi_component") if json.loads(part.proto.json)["kind"] == "bar")


def _standing(app):
    states = WidgetStates()
    states.CopyFrom(app._tree.get_widget_states())
    return states
