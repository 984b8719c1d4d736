"""The parts of a page as Streamlit components: what they carry, and the way where no socket can be had."""

import json
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from pages._ui.live import bundle
from rnnviz import live
from tests.live.reader import unpack
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import SMALL, parts, press, tell, visit


def blocked(app: AppTest, **way: Any) -> AppTest:
    """Let the browser say that it has no socket, and what it wants instead."""
    bar = next(part.proto.id for part in app.get("bidi_component") if part.proto.component_name == "rnnviz.bar")
    states = app._tree.get_widget_states()
    states.widgets.append(WidgetState(id=bar, json_value=json.dumps({"way": {"way": "polling"} | way})))
    return app._run(states)


def carried(app: AppTest) -> list[Any]:
    """What came instead of the socket's messages."""
    return [unpack(part.proto.bytes) for part in app.get("bidi_component") if part.proto.WhichOneof("data") == "bytes"]


def test_every_part_is_told_plain_data_and_only_the_bar_carries_the_code(engine: FakeEngine) -> None:
    app = visit(SMALL)
    told = parts(app)
    assert told["stage"]["main"] and told["stage"]["stage"] is True
    whole = [part.proto for part in app.get("bidi_component")]
    assert [one.js_content == bundle.code() for one in whole] == [one.component_name == "rnnviz.bar" for one in whole]


def test_a_browser_without_a_socket_gets_its_messages_through_streamlit(engine: FakeEngine) -> None:
    app = press(visit(SMALL, "states"), "Train")
    engine.all[0].train(3)
    app = blocked(app, view="states;probe=1", page="states")
    (told,) = carried(app)
    run = engine.all[0].run
    assert (told["id"], told["view"], told["moment"]["place"]) == (engine.all[0].id, "states;probe=1", 2)
    wanted = live.moment(run, live.View("states", 1), 2)["models"]["gru"]["values"]["hidden"]
    assert told["moment"]["models"]["gru"]["values"]["hidden"].tobytes() == wanted.tobytes()
    app = blocked(app, view="states", page="states", place=0)
    assert carried(app)[0]["moment"]["place"] == 0


@pytest.mark.parametrize("way", [
    {}, {"view": "nowhere"}, {"view": ["states"]}, {"view": "states", "place": 99}, {"view": "states", "place": "x"},
    {"view": "states", "place": None}, {"view": "states;probe=1e9"}, {"view": 7, "way": "<b>"},
])  # fmt: skip
def test_what_no_browser_of_ours_wants_hurts_nobody(engine: FakeEngine, way: dict[str, Any]) -> None:
    app = press(visit(SMALL, "states"), "Train")
    engine.all[0].train(1)
    app = blocked(app, **way)
    assert not app.exception and not app.error
    assert [one["moment"]["place"] for one in carried(app)] in ([], [0])


def test_a_browser_with_a_socket_is_carried_nothing(engine: FakeEngine) -> None:
    app = press(visit(SMALL, "states"), "Train")
    engine.all[0].train(3)
    assert not carried(app.run()) and not carried(tell(app, step=0))
