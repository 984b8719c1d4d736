"""Below the stage of States: from when to when what is to be remembered can be read from the states."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages._ui.states import knows
from rnnviz.engine import questions
from rnnviz.findings.remembering import NOWHERE
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import press, tell, visit, words

TITLE = "### What does it know?"
SMALL = {"task": "recall", "lag": "5", "steps": "3", "batch": "4", "models": "rnn:hidden=6,lstm:hidden=6"}
ASKED = questions.REMEMBERING.function


def trained(engine: FakeEngine, query: dict[str, str]) -> AppTest:
    app = press(visit(query, "states"), "Train")
    engine.all[-1].train()
    return app.run()


def charts(app: AppTest) -> list[str]:
    return [chart.proto.spec for chart in app.get("vega_lite_chart")]


def answer(*scores: float) -> dict[str, np.ndarray]:
    values = np.array(scores)
    lags, chance, size = np.arange(len(values)) - 1, np.asarray(0.125), np.asarray(4096)
    found = {"lags": lags, "chance": chance, "classes": np.asarray(8), "sequences": size}
    return found | {"hidden": values, "cell": values[::-1]}


def test_the_shipped_run_says_who_keeps_the_first_number(engine: FakeEngine) -> None:
    app = visit(page="states")
    said = words(app)
    assert not app.exception and TITLE in said and "To be remembered: **the first marked number**." in said
    assert "**RNN**: readable up to 6 time steps after it came in, then lost." in said
    for name in ("LSTM", "LSTM, cell state", "GRU"):
        assert f"**{name}**: readable to the end." in said
    assert "Where nothing is readable, a colour that stays is no memory of it." in said
    assert "Readable: R² of at least 0.5, halfway from chance (0) to perfect (1)." in said
    assert "Measured at training step 1,500. Time step 0 is the state right after it came in." in said
    assert "Fitted on half of 4,096 new sequences and scored on the other half." in said
    assert "Below, *What does it know?* tells which." in said
    assert engine.asked.count(ASKED) == 3 and charts(app)


def test_the_step_that_is_looked_at_is_measured(engine: FakeEngine) -> None:
    app = tell(visit(page="states"), step=0)
    assert "Measured at training step 0." in words(app)
    assert "**RNN**: readable up to 4 time steps after it came in, then lost." in words(app)
    assert engine.asked.count(ASKED) == 6
    assert "Measured at training step 1,500." in words(tell(app, step=1500))
    assert engine.asked.count(ASKED) == 6  # kept


def test_every_state_has_its_line_and_its_sentence(engine: FakeEngine) -> None:
    engine.answers[ASKED] = lambda *_: answer(0.1, 0.9, 0.8, 0.2, 0.1)
    app = trained(engine, SMALL)
    said = words(app)
    assert "**RNN**: readable up to 1 time step after it came in, then lost." in said
    assert "**LSTM, cell state**: readable from 1 to 2 time steps after it came in, then lost." in said
    assert "Readable: at least 56 % right, halfway from chance (12.5 %) to all right." in said
    assert "LSTM cell" in charts(app)[0]


def test_of_a_saturated_rnn_it_says_that_nothing_can_be_read(engine: FakeEngine) -> None:
    engine.answers[ASKED] = lambda *_: answer(0.12, 0.13, 0.12, 0.12, 0.13)
    said = words(trained(engine, SMALL))
    assert "**RNN**: not readable at any time step." in said and NOWHERE in said


def test_nothing_is_said_of_colours_where_all_is_kept(engine: FakeEngine) -> None:
    engine.answers[ASKED] = lambda *_: answer(0.9, 0.9, 0.9, 0.9, 0.9)
    assert NOWHERE not in words(trained(engine, SMALL))


def test_before_training_it_says_what_will_be_measured(engine: FakeEngine) -> None:
    app = visit(SMALL, "states")
    assert TITLE in words(app) and "Train the models; then it is measured here." in words(app)
    assert not charts(app) and ASKED not in engine.asked


def test_who_has_read_the_whole_sequence_is_left_out(engine: FakeEngine) -> None:
    both = SMALL | {"models": "rnn:hidden=6,gru:hidden=6:layers=2:bidirectional=1"}
    said = words(trained(engine, both))
    assert "GRU: each state of the top layer has read the whole sequence." in said
    assert engine.asked.count(ASKED) == 1


@pytest.mark.parametrize("name", ["brackets", "waves"])
def test_other_tasks_have_no_such_section(engine: FakeEngine, name: str) -> None:
    query = {"task": name, "length": "8", "steps": "2", "batch": "4", "models": "rnn:hidden=4"}
    assert TITLE not in words(visit(query, "states"))
    said = words(trained(engine, query))
    assert TITLE not in said and knows.TITLE not in said


def test_while_it_trains_it_says_how_to_measure_another_moment(engine: FakeEngine) -> None:
    hint = "Pause, or move along the time line, to measure another moment."
    app = press(visit(SMALL, "states"), "Train")
    job = engine.all[-1].train(2)
    assert "Measured at training step 1. " + hint in words(app.run())
    job.status = "finished"
    assert hint not in words(app.run())


def test_where_there_are_few_sequences_it_says_so(engine: FakeEngine) -> None:
    few = {"task": "reverse", "length": "3", "letters": "2", "steps": "2", "batch": "4", "models": "gru:hidden=6"}
    app = trained(engine, few)
    assert "**GRU without attention**: not measured: there are too few sequences." in words(app)
    assert not any("read" in chart for chart in charts(app)) and not app.exception


def test_an_encoder_is_asked(engine: FakeEngine) -> None:
    small = {"task": "reverse", "length": "8", "steps": "2", "batch": "4", "models": "gru:hidden=6"}
    said = words(trained(engine, small))
    assert "To be remembered: **the first letter**." in said
    assert "**GRU without attention**: readable" in said
    assert "The states are those of the encoder; a decoder with attention looks at all of them." in said
    said = words(trained(engine, small | {"models": "gru:hidden=6:bidirectional=1"}))
    assert (
        "**GRU without attention, read forwards**: readable" in said
        and "Read backwards, the beginning comes last." in said
    )
