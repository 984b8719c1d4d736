"""A browser tells of a widget that is not there any more."""

import pytest
from streamlit.testing.v1 import AppTest

CALLS = {
    "task": "controls._take_task()",
    "width": "controls._widen(3)",
    "moment": "moment._move()",
    "text": "own_text._pasted('experiment.text', None)",
    "upload": "own_text._uploaded('experiment.upload', 'experiment.text', None, 'text')",
    "knob": "breaking._turn('forget_bias')",
    "feeding": "attention_training_fed._turn()",
    "forcing": "attention_force._force((1,))",
    "cell": "attention_force._clicked((1,))",
    "time": "anatomy_steps._slide(anatomy_steps._key(get_state(), 5), 5)",
}
SCRIPT = """
from pages._ui import anatomy_steps, attention_force, attention_training_fed, breaking, controls, moment, own_text
from pages._ui.state import get_state
before = get_state().experiment, get_state().step, get_state().reading
{call}
assert (get_state().experiment, get_state().step, get_state().reading) == before
"""


@pytest.mark.parametrize("call", CALLS.values(), ids=list(CALLS))
def test_what_it_says_changes_nothing(call):
    app = AppTest.from_string(SCRIPT.format(call=call)).run()
    assert not app.exception
