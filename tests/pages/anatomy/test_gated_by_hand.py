"""A gated cell by hand: what its diagram is told, and what it says was set on it."""

import dataclasses
import json
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from pages._ui.anatomy.by_hand.work import HandWork
from rnnviz.byhand import gated, unrolled
from rnnviz.byhand.unrolled import Unrolled
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import StateOf, parts, press, visit, words

KEY = "hand-diagram"


@pytest.fixture
def app(engine: FakeEngine) -> AppTest:
    app = visit(page="anatomy")
    app.button_group(key="anatomy.mode").set_value("By hand").run()
    app.button_group(key="hand.cell").set_value("lstm").run()
    assert not app.exception and not app.error
    return app


def act(app: AppTest, said: Any) -> AppTest:
    """Let the browser say what was set on the diagram."""
    states = app._tree.get_widget_states()
    part = next(part for part in app.get("bidi_component") if json.loads(part.proto.json).get("key") == KEY)
    event = json.dumps([{"event": "act", "value": said}])
    states.widgets.append(WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{part.proto.id}__events", json_trigger_value=event))
    return app._run(states)


def put(app: AppTest, run: Unrolled) -> AppTest:
    heard = parts(app)[KEY]["heard"]
    return act(app, {"tab": "tab", "number": heard["number"] + 1, "cell": run.cell, "numbers": run.said()})


def equations(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.main.get("html"))


@pytest.mark.parametrize("cell", gated.offered())
def test_the_diagram_is_told_all_that_it_needs(app: AppTest, cell: str) -> None:
    app.button_group(key="hand.cell").set_value(cell).run()
    told = parts(app)[KEY]
    begin = unrolled.begin(cell)
    assert told["numbers"] == told["begin"] == json.loads(json.dumps(begin.said()))
    found = {*gated.given(begin.step), *(name for name, *_ in told["rules"])}
    drawn = {wire["value"] for wire in told["wiring"]["wires"]} | {part["value"] for part in told["wiring"]["parts"]}
    assert drawn - {"", "y"} <= found
    gates = {part["value"] for part in told["wiring"]["parts"]}
    assert {block["letter"] for block in told["blocks"]} <= gates, "under each gate there is room for its weights"


def test_what_is_set_on_the_diagram_holds_below_it(app: AppTest, state_of: StateOf) -> None:
    run = dataclasses.replace(unrolled.begin("lstm"), at=2).put(1, 2, -5.0)
    app = put(app, run)
    assert state_of(app).own(HandWork).gated["lstm"] == run
    assert "Time step 3 with its numbers" in words(app)
    assert f"{gated.values(run.step)['f']:.6f}" in equations(app)
    assert next(one for one in app.number_input if one.label == "forget gate, bias").value == -5.0
    told = parts(app)[KEY]
    assert told["heard"] == {"tab": "tab", "number": 1} and told["told"] == 0, "the diagram has it already"
    app.switch_page("gates.py").run()
    app.switch_page("anatomy.py").run()
    assert parts(app)[KEY]["numbers"]["weights"][1][2] == -5.0


def test_an_act_counts_once_and_what_is_typed_later_stays(app: AppTest, state_of: StateOf) -> None:
    said = {"tab": "tab", "number": 1, "cell": "lstm", "numbers": unrolled.begin("lstm").put(0, 0, 2.0).said()}
    app = act(app, said)
    next(one for one in app.number_input if one.label == "input x").set_value(0.25).run()
    next(one for one in app.number_input if one.label == "input x, time step 4").set_value(-0.5).run()
    assert parts(app)[KEY]["told"] == 2, "the diagram is to take them over"
    app = act(app, said)
    run = state_of(app).own(HandWork).gated["lstm"]
    assert (run.weights[0][0], run.xs[0], run.xs[3]) == (2.0, 0.25, -0.5)
    app = press(app, "Begin again")
    assert state_of(app).own(HandWork).gated["lstm"] == unrolled.begin("lstm") and parts(app)[KEY]["told"] == 3


@pytest.mark.parametrize("said", [
    {}, [], "x", None, {"tab": "tab"}, {"tab": 1, "number": 1, "cell": "lstm"},
    {"tab": "tab", "number": 1, "cell": ["lstm"]}, {"tab": "tab", "number": 1, "cell": "rnn"},
])  # fmt: skip
def test_what_no_browser_of_ours_says_changes_nothing(app: AppTest, state_of: StateOf, said: Any) -> None:
    app = act(app, said)
    assert not app.exception and not app.error
    assert state_of(app).own(HandWork).gated["lstm"] == unrolled.begin("lstm")


def test_numbers_that_cannot_be_are_refused_and_the_diagram_gets_its_own_back(app: AppTest) -> None:
    wrong = unrolled.begin("lstm").said() | {"h": 5_000}
    app = act(app, {"tab": "tab", "number": 1, "cell": "lstm", "numbers": wrong})
    assert "must be from −1,000 to 1,000; got 5000" in app.error[0].value.replace("\\", "")
    assert parts(app)[KEY]["told"] == 1 and parts(app)[KEY]["numbers"]["h"] == 0.5
    app = put(app, unrolled.begin("lstm"))
    assert not app.error
