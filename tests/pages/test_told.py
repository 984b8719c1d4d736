"""A browser tells of a widget that is not there any more."""

import pytest
from streamlit.testing.v1 import AppTest

CALLS = {
    "task": "controls._take_task()",
    "width": "controls._widen(3)",
    "bar": "stage._count()",
    "text": "own_text._pasted('experiment.text', None)",
    "upload": "own_text._uploaded('experiment.upload.0', 'experiment.text', None, 'text')",
    "knob": "breaking._turn('forget_bias')",
    "feeding": "fed._turn()",
    "forcing": "force._force((1,))",
    "cell": "force._clicked((1,))",
}
SCRIPT = """
from pages._ui.attention import force
from pages._ui.attention.training import fed
from pages._ui.gradients import breaking
from pages._ui.live import stage
from pages._ui.sidebar import controls, own_text
from pages._ui.session.state import get_state
before = repr(get_state())
{call}
assert repr(get_state()) == before
"""


@pytest.mark.parametrize("call", CALLS.values(), ids=list(CALLS))
def test_what_it_says_changes_nothing(call: str) -> None:
    app = AppTest.from_string(SCRIPT.format(call=call)).run()
    assert not app.exception
