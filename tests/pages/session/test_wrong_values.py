"""What a browser says of a control that the control does not take: its default, one sentence, and on it goes."""

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from pages._ui.frame import registry
from rnnviz.core import limits
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import SMALL, StateOf, press, visit, words

EVERY = tuple(registry.pages())
LR, TASK, STEPS = "experiment.training.lr", "experiment.task", "experiment.training.steps"


def array(kind: str, *values: Any) -> Callable[[str], WidgetState]:
    def make(widget: str) -> WidgetState:
        state = WidgetState(id=widget)
        getattr(state, kind).data.extend(values)
        if not values:
            getattr(state, kind).SetInParent()
        return state

    return make


WRONG: dict[str, Callable[[str], WidgetState]] = {
    "text": lambda widget: WidgetState(id=widget, string_value="no such thing"),
    "long text": lambda widget: WidgetState(id=widget, string_value="x" * 30_000),
    "number": lambda widget: WidgetState(id=widget, double_value=0.3),
    "huge number": lambda widget: WidgetState(id=widget, double_value=1e300),
    "NaN": lambda widget: WidgetState(id=widget, double_value=math.nan),
    "infinity": lambda widget: WidgetState(id=widget, double_value=math.inf),
    "whole number": lambda widget: WidgetState(id=widget, int_value=-(2**40)),
    "flag": lambda widget: WidgetState(id=widget, bool_value=True),
    "bytes": lambda widget: WidgetState(id=widget, bytes_value=b"\0\xff"),
    "JSON": lambda widget: WidgetState(id=widget, json_value='{"a": [1, NaN]}'),
    "no JSON": lambda widget: WidgetState(id=widget, json_value="{"),
    "deep JSON": lambda widget: WidgetState(id=widget, json_value="[" * 100_000),
    "presses": lambda widget: WidgetState(id=widget, json_trigger_value="]"),
    "numbers": array("double_array_value", math.nan, 1.0),
    "no numbers": array("double_array_value"),
    "three numbers": array("double_array_value", 1.0, 2.0, 3.0),
    "options": array("string_array_value", "no such thing", "nor this"),
    "whole numbers": array("int_array_value", 7, -7),
}


STATES = (  # JSON, of another shape than the page's code sends
    '5', '[]', 'null', '{"at": 5}', '{"at": {"step": [1]}}', '{"act": 5}', '{"act": {"name": "x"}}', '{"act": [5]}',
    '{"at": {"step": -7, "probe": "x", "layer": [], "direction": {}}}', '{"way": 3, "text": 3, "drawn": {}}',
)  # fmt: skip
EVENTS = (
    '5', '[5]', 'null', '[{"event": "press", "value": 5}]', '[{"event": "press", "value": [5]}]',
    '[{"event": "press", "value": [{"tab": [], "number": "x", "name": {}, "step": "y"}]}]',
    '[{"event": "press", "value": [{"tab": "a", "number": 1, "name": "Pause", "step": []}]}]', '{"event": []}',
)  # fmt: skip


SENT = ("null", '{"act": {"name": "x"}}')  # what is nothing, or may be sent by the code of another page


def controls(app: AppTest) -> list[str]:
    """The ids of all that a browser can say something of."""
    return [*app._session_state._state._new_widget_state.widget_metadata]


def control(app: AppTest, key: str) -> str:
    return next(one for one in controls(app) if one.endswith(f"-{key}"))


def say(app: AppTest, *states: WidgetState) -> AppTest:
    """Let a browser say this of controls, and of all others what they stand at."""
    said = app._tree.get_widget_states()
    own = {state.id for state in states}
    kept = [state for state in said.widgets if state.id not in own]
    return app._run(WidgetStates(widgets=[*kept, *states]))


def told(app: AppTest) -> list[str]:
    said = [re.sub(r"\\(.)", r"\1", one.value) for one in app.warning]
    return [one for one in said if "stands at its default" in one]


@pytest.mark.parametrize("page", EVERY)
def test_no_control_of_any_page_comes_to_grief(engine: FakeEngine, page: str) -> None:
    app = visit(SMALL, page)
    if page == "inspect":
        app = press(app, "Try it with a sample model")
    for name, wrong in WRONG.items():
        app = say(app, *map(wrong, controls(app)))
        assert not app.exception and "something went wrong" not in words(app), name
        assert len(told(app)) <= 3, name
    app = app.run()
    assert not app.exception and not told(app) and "something went wrong" not in words(app)


def test_widgets_that_do_not_exist_are_passed_over(engine: FakeEngine) -> None:
    ids = ("", "no such widget", "rnnviz", "$$ID-0123-None", "$$ID-", "$$STREAMLIT_INTERNAL_KEY_x__events")
    for make in WRONG.values():
        app = say(visit(SMALL, "hopfield"), *map(make, ids))
        assert not app.exception and not told(app) and "something went wrong" not in words(app)


@pytest.mark.parametrize("page", ["compare", "anatomy", "hopfield"])
def test_components_stand_what_their_code_never_sends(engine: FakeEngine, page: str) -> None:
    app = visit({}, page)
    known = app._session_state._state._new_widget_state.widget_metadata
    for widget, kind in [(one, known[one].value_type) for one in known]:
        for text in {"json_value": STATES, "json_trigger_value": EVENTS}.get(kind, ()):
            app = say(app, WidgetState(id=widget, **{kind: text}))  # type: ignore[arg-type]
            assert not app.exception and "something went wrong" not in words(app), text
            assert len(told(app)) == (text not in SENT), text


@pytest.mark.parametrize("wrong", ["text", "NaN", "infinity", "numbers", "bytes"])
def test_a_wrong_number_is_answered_with_the_default_and_the_next_right_one_counts(
    engine: FakeEngine, state_of: StateOf, wrong: str
) -> None:
    app = visit(SMALL)
    steps = app.number_input(key=STEPS)
    app = say(app, WRONG[wrong](steps.id))
    (sentence,) = told(app)
    assert "experiment" in sentence and state_of(app).experiment.training.steps == 4
    app = say(app, WidgetState(id=steps.id, double_value=9.0))
    assert not told(app) and state_of(app).experiment.training.steps == 9
    app = say(app, WidgetState(id=steps.id, int_value=7))  # as browsers send whole numbers
    assert not told(app) and state_of(app).experiment.training.steps == 7


@pytest.mark.parametrize(
    ("value", "came"),
    [({"double_value": 1e300}, "1e+300"), ({"int_value": -3}, "-3"), ({"double_value": 2.5}, "2.5")],
    ids=["too large", "too small", "a fraction"],
)
def test_a_number_outside_its_range_is_told(
    engine: FakeEngine, state_of: StateOf, value: dict[str, Any], came: str
) -> None:
    app = visit(SMALL)
    app = say(app, WidgetState(id=app.number_input(key=STEPS).id, **value))
    takes = f"a whole number from 1 to {limits.MOST_STEPS:,}"
    assert told(app) == [f"The control “{STEPS}” takes {takes}, not {came}: it stands at its default."]
    assert state_of(app).experiment.training.steps == 4


@pytest.mark.parametrize(
    ("numbers", "takes"),
    [
        ((1.0, 2.0), "a whole number from 1 to 9, not what came"),
        ((12.0,), "a whole number from 1 to 9, not 12"),
        ((2.5,), "a whole number from 1 to 9, not 2.5"),
    ],
    ids=["two", "too large", "a fraction"],
)
def test_a_slider_is_told_apart_from_what_it_takes(numbers: tuple[float, ...], takes: str) -> None:
    app = AppTest.from_function(_one_control).run()
    app = say(app, array("double_array_value", *numbers)(app.slider(key="slider").id))
    assert told(app) == [f"The control “slider” takes {takes}: it stands at its default."]
    assert app.slider(key="slider").value == 3
    assert app.slider(key="slider").set_value(5).run().slider(key="slider").value == 5 and not told(app)


def test_a_text_that_is_too_long_is_told() -> None:
    app = AppTest.from_function(_one_control).run()
    app = say(app, WidgetState(id=app.text_input(key="text").id, string_value="x" * 10_000_000))
    (sentence,) = told(app)
    assert "takes at most 20 characters, not 10,000,000" in sentence and app.text_input(key="text").value == "begin"


def test_an_option_that_was_offered_by_the_run_before_is_nobodys_fault() -> None:
    app = AppTest.from_function(_one_control).run()
    box = app.selectbox(key="box").id
    app.session_state["options"] = ["c", "d"]
    app = app.run()  # the browser has not heard of it
    app = say(app, WidgetState(id=box, string_value="b"))
    assert not told(app) and app.selectbox(key="box").value == "c"
    app = app.run()
    app = say(app, WidgetState(id=box, string_value="a"))
    assert not told(app), "the run before offered the same, and the browser may still show what stood before it"
    app = say(app, WidgetState(id=box, string_value="e"))
    assert "one of its options" in told(app)[0] and app.selectbox(key="box").value == "c"
    app.session_state["options"] = ["e", "f"]
    app = say(app.run(), WidgetState(id=box, string_value="a"))
    assert "one of its options" in told(app)[0], "that was offered long ago"


def _one_control() -> None:
    """An app of its own: what is told is drawn below a few controls."""
    import streamlit as st

    from pages._ui.session import streamlit_internals
    from pages._ui.session.trouble import wrong_values

    streamlit_internals.refuse_wrong_values(lambda _name, _value: True)
    st.slider("Slider", 1, 9, 3, key="slider")
    st.text_input("Text", "begin", key="text", max_chars=20)
    st.selectbox("Box", st.session_state.get("options", ["a", "b"]), key="box")
    wrong_values()


def test_an_option_that_is_none_is_answered_with_the_one_that_stood(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL | {"task": "adding"})
    app = say(app, WidgetState(id=control(app, TASK), string_value="no such task"))
    (sentence,) = told(app)
    assert "one of its options" in sentence and state_of(app).experiment.task.name == "adding"
    app = app.selectbox(key=TASK).set_value("waves").run()
    assert not told(app) and state_of(app).experiment.task.name == "waves"


def test_what_is_told_names_the_control_what_it_takes_and_what_came(engine: FakeEngine) -> None:
    app = visit(SMALL)
    app = say(app, WidgetState(id=app.number_input(key=STEPS).id, string_value="abc"))
    assert f"The control “{STEPS}” takes one number, not text: it stands at its default." in words(app)
