"""What a model wrote goes into the box of the Anatomy page, whose cell is taken apart at its last symbol."""

import json

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from pages._ui.run.own_sequence import key_of, time_key
from rnnviz.tasks import task
from tests.pages import visiting
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import SMALL, parts, press, visit, words

TEXT = {"task": "text", "corpus": "hello", "steps": "4", "length": "6", "models": "rnn:hidden=4"}


def taken_apart(app: AppTest, text: str) -> AppTest:
    """What a browser says when a character of what was written is to be taken apart."""
    states = visiting._standing(app)
    (at,) = (one.proto.id for one in app.get("bidi_component") if json.loads(one.proto.json).get("kind") == "typed")
    said = json.dumps([{"event": "drawn", "value": text}])
    states.widgets.append(WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{at}__events", json_trigger_value=said))
    return app._run(states)


def test_a_text_that_was_written_is_taken_apart_at_its_last_character(engine: FakeEngine) -> None:
    app = press(visit(TEXT), "Train")
    engine.all[0].train()
    app.switch_page("anatomy.py").run()
    app.button_group(key="anatomy.mode").set_value("By hand").run()
    app = taken_apart(app.switch_page("compare.py").run(), "hello")
    assert parts(app)["typed"]["taken"] == 1 and not app.exception
    app.switch_page("anatomy.py").run()
    chosen = task("text", corpus="hello")
    assert app.text_input(key=key_of(chosen)).value == "hello" and app.slider(key=time_key(5)).value == 5
    assert app.button_group(key="anatomy.mode").value == "Trained model"
    assert "Time step 5 of 5: the RNN reads o" in words(app).replace("*", "")


def test_only_a_task_whose_models_write_has_such_a_part(engine: FakeEngine) -> None:
    assert "typed" not in parts(visit(SMALL))
