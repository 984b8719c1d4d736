"""The Hopfield page without a browser: what it is told on its stage, what it says, what its address holds."""

import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from pages._ui.hopfield import address, told
from pages._ui.hopfield.work import COVER, DRAWN, EMPTY, MOST, Choice, HopfieldWork
from rnnviz import hopfield
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import StateOf, parts, press, visit, words

FULL = "f" * 25


@pytest.fixture
def app(engine: FakeEngine) -> AppTest:
    return visit(page="hopfield")


def act(app: AppTest, *acts: dict[str, Any]) -> AppTest:
    """Let the browser say what was done on the stage."""
    states = app._tree.get_widget_states()
    part = next(part for part in app.get("bidi_component") if json.loads(part.proto.json).get("key") == "memory")
    said = json.dumps([{"event": "act", "value": list(acts)}])
    states.widgets.append(WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{part.proto.id}__events", json_trigger_value=said))
    return app._run(states)


def do(app: AppTest, name: str, **more: Any) -> AppTest:
    heard = parts(app)["memory"]["heard"]
    return act(app, {"tab": heard["tab"] or "tab", "number": heard["number"] + 1, "name": name, **more})


def net(app: AppTest) -> dict[str, str]:
    """What the address says of the network."""
    said = {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}
    return {name: value for name, value in said.items() if name.startswith("net_")}


def test_the_first_screen_recalls_a_stored_pattern(app: AppTest) -> None:
    stage = parts(app)["memory"]
    assert not app.exception and len(stage["stored"]) == 4 and stage["cue"] == 0 and net(app) == {}
    assert stage["said"] == "Found after 1 sweep (30 changes): pattern 1, exactly."
    state = hopfield.drawing(stage["start"])
    for unit, changed in zip(stage["order"], stage["changed"], strict=True):
        state[unit] *= 1 - 2 * changed
    assert hopfield.bits_of(state) == stage["stored"][0]
    steps = len(stage["order"])
    assert len(stage["energies"]) == steps + 1 == len(stage["overlaps"][0]) and len(stage["fields"]) == steps
    assert (np.diff(stage["energies"]) <= 0).all() and stage["energies"][-1] == stage["levels"][0]
    assert stage["overlaps"][0][-1] == 1
    assert "differ by" in words(app) and "200 recalls from random starts" in words(app)


def test_each_kind_of_start_changes_the_recall_and_goes_into_the_address(app: AppTest) -> None:
    app.segmented_control[0].set_value(COVER).run()
    stage = parts(app)["memory"]
    assert stage["begun"].startswith("pattern 1, lower half covered") and "pattern 1, exactly" in stage["said"]
    assert net(app) == {"net_start": "cover"} and app.slider[0].disabled
    app.segmented_control[0].set_value("flip").run()
    app.slider[0].set_value(45).run()
    app.number_input[0].set_value(6).run()
    assert net(app) == {"net_share": "45", "net_seed": "6"}
    assert parts(app)["memory"]["begun"] == "pattern 1, turned over: 45 of 100 pixels wrong"
    app = do(app, "cue", at=2)
    assert parts(app)["memory"]["cue"] == 2 and net(app)["net_pattern"] == "3"


def test_a_drawing_is_the_start_is_stored_and_forgotten(app: AppTest, state_of: StateOf) -> None:
    app = do(app, "draw", bits="0f" * 12 + "0")
    stage = parts(app)["memory"]
    assert stage["start"] == "0f" * 12 + "0" and stage["begun"] == "your own drawing" and stage["cue"] is None
    assert app.segmented_control[0].value == DRAWN
    app = do(app, "store", bits="0f" * 12 + "0")
    assert len(parts(app)["memory"]["stored"]) == 5 and "already" in parts(app)["memory"]["said"]
    app = do(app, "forget", at=0)
    assert len(parts(app)["memory"]["stored"]) == 4 and net(app)["net_stored"].count(".") == 3
    for _ in range(4):
        app = do(app, "forget", at=0)
    assert "No pattern is stored" in parts(app)["memory"]["said"] and net(app)["net_stored"] == "none"
    assert "nothing to attend to" in words(app) and not app.exception
    app = press(app, "Start set")
    assert state_of(app).own(HopfieldWork).choice == Choice() and net(app) == {}


def test_an_act_is_carried_out_once_however_often_it_is_told(app: AppTest) -> None:
    one = {"tab": "tab", "number": 1, "name": "forget", "at": 0}
    app = act(act(app, one), one)
    assert len(parts(app)["memory"]["stored"]) == 3
    app = act(app, one, {"tab": "tab", "number": 2, "name": "forget", "at": 0}, {"tab": 3}, {"name": "cue", "at": 1})
    assert len(parts(app)["memory"]["stored"]) == 2


@pytest.mark.parametrize(("name", "more", "why"), [
    ("store", {"bits": EMPTY}, "drawing is empty"),
    ("store", {"bits": Choice().stored[1]}, "stored already: it is pattern 2"),
    ("store", {"bits": "zz"}, "25 hexadecimal digits"),
    ("draw", {"bits": "<b>"}, "25 hexadecimal digits"),
    ("cue", {"at": 99}, "pattern must be 1 to 4"),
])  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(app: AppTest, name: str, more: dict[str, Any], why: str) -> None:
    app = do(app, name, **more)
    assert why in words(app) and not app.exception and len(parts(app)["memory"]["stored"]) == 4
    app = do(app, "cue", at=1)
    assert why not in words(app)


def test_there_is_room_for_so_many_patterns(app: AppTest) -> None:
    for at in range(MOST - 4):
        app = do(app, "store", bits=f"{at + 1:025x}")
    app = do(app, "store", bits=FULL)
    assert f"room for {MOST} patterns" in words(app) and len(parts(app)["memory"]["stored"]) == MOST


@pytest.mark.parametrize("stored", [
    "none", EMPTY, FULL, f"{FULL}.{EMPTY}", f"{FULL}.{FULL}", ".".join([FULL] * MOST),
])  # fmt: skip
def test_odd_patterns_in_the_address_work(engine: FakeEngine, stored: str) -> None:
    """None, empty, all pixels on, a pattern and its negative, identical ones."""
    app = visit({"net_stored": stored}).switch_page("hopfield.py")
    app.query_params["net_stored"] = stored
    app.run()
    assert not app.exception and not app.error and not app.warning
    assert net(app) == {"net_stored": stored}


@pytest.mark.parametrize(("said", "why"), [
    ({"net_stored": "xyz"}, "25 hexadecimal digits"),
    ({"net_stored": ".".join([FULL] * (MOST + 1))}, f"stored patterns must be {MOST} at most"),
    ({"net_share": "101"}, "share of pixels must be 0 to 100"),
    ({"net_share": "1e1"}, "net_share must be a whole number, 0 to 100; got '1e1'"),
    ({"net_seed": "9" * 20}, "net_seed must be a whole number, 0 to 999,999; got"),
    ({"net_pattern": "x"}, "net_pattern must be a whole number, 1 to 4; got 'x'"),
    ({"net_stored": "none", "net_pattern": "3"}, "pattern must be left out where no pattern is stored; got 3"),
    ({"net_seed": "-1"}, "seed must be 0 to"),
    ({"net_pattern": "9"}, "pattern must be 1 to 4"),
    ({"net_start": "sideways"}, "25 hexadecimal digits"),
    ({"net_work": "x"}, "address must be made of"),
])  # fmt: skip
def test_a_link_that_means_nothing_is_refused_in_a_sentence(engine: FakeEngine, said: dict[str, str], why: str) -> None:
    app = visit().switch_page("hopfield.py")
    for name, value in said.items():
        app.query_params[name] = value
    app.run()
    (warning,) = app.warning
    assert why in warning.value.replace("\\", "") and not app.exception
    assert parts(app)["memory"]["stored"] == list(Choice().stored)


def test_the_address_says_all_and_nothing_else() -> None:
    one = Choice((FULL, "a" * 25), 1, DRAWN, 12, "b" * 25, 77)
    assert address.read(address.written(one)) == one
    covered = Choice(cue=2, damage=COVER, seed=0)
    assert address.read(address.written(covered)) == covered and address.written(Choice()) == {}
    assert address.read(address.written(Choice(stored=()))) == Choice(stored=())


def test_what_was_drawn_outlives_a_turn_to_another_page_and_the_experiment_too(app: AppTest) -> None:
    app = do(app, "forget", at=0)
    app = app.switch_page("states.py").run()
    app.query_params.clear()
    app = app.switch_page("hopfield.py").run()
    assert len(parts(app)["memory"]["stored"]) == 3 and net(app)["net_stored"].count(".") == 2
    app.query_params.clear()
    app.run()  # Back
    assert len(parts(app)["memory"]["stored"]) == 4 and not app.warning


def test_every_kind_of_end_has_its_sentence() -> None:
    drawn = [hopfield.drawing(bits) for bits in Choice().stored]
    mixture = hopfield.bits_of(np.sign(drawn[0] - drawn[1] + drawn[2]))
    said = {
        Choice(): "pattern 1, exactly",
        Choice(share=100): "It is the negative of pattern 1, exactly: a spurious state.",
        Choice(damage=DRAWN, drawn=mixture): "a mixture, sign(x₁ − x₂ + x₃): a spurious state",
        Choice((FULL, "5" * 25), share=0, cue=1): "pattern 2, exactly",
        Choice(()): "No pattern is stored",
    }
    for choice, part in said.items():
        assert part in told.said(choice), choice
    crowd = tuple(hopfield.bits_of(one) for one in np.random.default_rng(1).choice((-1.0, 1.0), (12, 100)))
    ends = {told.said(Choice(crowd, share=40, seed=seed)) for seed in range(20)}
    assert any("a spurious state (no pattern, negative or mixture of three); nearest is " in one for one in ends)
    ends = {told.said(Choice(crowd, cue, share=5)) for cue in range(12)}
    assert any("nearly pattern " in one for one in ends)


def test_the_modern_form_follows_beta(app: AppTest) -> None:
    before = parts(app)["modern"]
    assert sum(before["weights"]) == pytest.approx(1, abs=1e-3)
    next(one for one in app.select_slider if one.label.startswith("β")).set_value(1.0).run()
    after = parts(app)["modern"]
    assert max(after["weights"]) == 1 and after["after"] == hopfield.drawing(after["stored"][0]).tolist()


def test_the_capacity_is_measured_when_it_is_asked_for(app: AppTest) -> None:
    assert "Nothing is measured yet with this seed" in words(app)
    next(one for one in app.segmented_control if one.label == "Units N").set_value(50).run()
    app = press(app, "Run the experiment")
    assert not app.exception and "Nothing is measured" not in words(app) and "standard error" in words(app)


def test_where_random_starts_end_is_a_sentence_that_can_be_read() -> None:
    text = told.counts(Choice())
    assert re.fullmatch(r"Of \d+ recalls from random starts( \*\*\d+\*\* ended in [a-z ]+\.)+", text)
    numbers = [int(one) for one in re.findall(r"\d+", text)]
    assert numbers[0] == sum(numbers[1:])
