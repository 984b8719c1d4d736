"""The Anatomy page without a browser: the numbers of the step that was looked at, and its stage."""

from typing import Any, Never

import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from rnnviz.engine import EngineError
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import SMALL, buttons, parts, press, shown_run, tell, visit, words

DEEP = SMALL | {
    "models": "lstm:hidden=4:layers=2:bidirectional=true,gru:hidden=3:reset=before,rnn:hidden=5:activation=relu"
}
REVERSE = {"task": "reverse", "steps": "2", "models": "gru:hidden=4:attention=additive,lstm:hidden=4:decoder=gru"}
LOOKED = {"step": None, "probe": 0, "layer": -1, "direction": "forward", "model": "", "unit": None, "time": None}


def trained(engine: FakeEngine, query: dict[str, str] = SMALL) -> AppTest:
    app = press(visit(query, "anatomy"), "Train")
    (job,) = engine.jobs.values()
    for frame in rv.train(job.experiment):
        job.run.append(frame)
    job.status = "finished"
    return app.run()


def at(app: AppTest, **looked: Any) -> AppTest:
    """The browser says what it looks at; all else is as at first."""
    app = tell(app, **(LOOKED | looked))
    assert not app.exception and not app.error, app.error
    return app


def choose(app: AppTest, key: str, value: Any) -> AppTest:
    next(one for one in app.get("button_group") if one.key == key).set_value(value).run()  # type: ignore[union-attr]
    assert not app.exception and not app.error, app.error
    return app


def latex(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def test_the_stage_comes_first_and_shows_what_was_measured(engine: FakeEngine) -> None:
    app = trained(engine)
    assert parts(app)["stage"]["main"] == ["anatomy"] and parts(app)["stage"]["stage"]
    cell = shown_run(app)["models"]["lstm"]["cell"]
    assert cell["letters"]["f"].shape == (6, 4) and len(cell["said"]) == 6
    assert not app.get("vega_lite_chart")


def test_a_gate_is_held_below_the_diagram_and_on_the_gates_page_too(engine: FakeEngine) -> None:
    app = at(trained(engine), model="rnn")
    assert "There are no gates in an RNN" in words(app)
    app = at(app, model="lstm", time=4, unit=1)
    assert "Held at time step 5 in every unit: forget gate 0." in words(app)
    app = at(app, model="lstm", time=2, unit=1)
    assert "On the stage: time step 3, unit 2" in words(app) and "Nothing changes at this time step" in words(app)
    app = next(one for one in app.button if one.label == "Hold at time step 3, as on the stage").click().run()
    assert "Held at time step 3 in every unit: forget gate 0." in words(app)
    table = next(one.body for one in app.get("html") if ">changed</th>" in one.body)  # type: ignore[union-attr]
    assert "<b>0.000</b>" in table and table.count("<td") == 16
    app = app.slider(key="gates.value.forget_gate").set_value(0.25).run()
    app.switch_page("gates.py").run()
    assert app.selectbox(key="gates.model").value == "lstm"
    assert "Held at time step 3 in every unit: forget gate 0.25." in words(app) and "On the stage:" not in words(app)


def test_a_step_of_each_model_with_its_equations(engine: FakeEngine) -> None:
    app = trained(engine)
    for label, titles in (("rnn", ["Hidden state"]), ("lstm", ["Forget gate", "Cell state"]), ("gru", ["Candidate"])):
        app = at(app, model=label, unit=2)
        assert f"time step 2 · unit 3 of the {label.upper()}" in words(app) and "Parameters:" in words(app)
        assert "Time step 2 of 6" in words(app) and all(f"**{title}**" in words(app) for title in titles)


def test_the_numbers_are_of_the_step_that_the_browser_looks_at(engine: FakeEngine) -> None:
    app = trained(engine)
    app = at(app, step=1, model="gru", time=5, unit=0)
    assert "Training step 1 · time step 6 · unit 1 of the GRU" in words(app) and "**It answers: " in words(app)
    app = at(app, step=1, model="gru", time=0, unit=99)
    assert "time step 1 · unit 4 of the GRU" in words(app) and "Asked now, it would answer" in words(app)
    app = at(app, model="no such", time=10_000)
    assert "of the RNN" in words(app) and "Time step 6 of 6" in words(app)


def test_means_have_no_equations_and_that_is_said(engine: FakeEngine) -> None:
    app = at(trained(engine), model="lstm")
    assert "The stage shows means over all units" in words(app) and "unit 1 of the LSTM" in words(app)
    assert "means over all units" not in words(at(app, model="lstm", unit=1))


def test_who_follows_a_live_run_is_told_that_these_are_numbers_of_a_moment(engine: FakeEngine) -> None:
    app = trained(engine)
    assert "Pause or move the time line" not in words(app)
    (job,) = engine.jobs.values()
    job.status = "training"
    assert "Pause or move the time line" in words(at(app, model="lstm"))
    assert "Pause or move the time line" not in words(at(app, model="lstm", step=2))


def test_the_update_gate_has_two_readings(engine: FakeEngine) -> None:
    app = at(trained(engine), model="gru", unit=0)
    assert r"h_t = z_t \odot" in latex(app)
    app = choose(app, "anatomy.z", "z updates (Chung 2014)")
    assert r"h_t = (1 - z_t) \odot" in latex(app) and "The same model under another name" in words(app)
    assert parts(app)["stage"]["main"] == ["anatomy-z-updates"]


def test_layers_directions_and_the_other_reset(engine: FakeEngine) -> None:
    app = at(trained(engine, DEEP), model="lstm", unit=0)
    assert "layer 2 of the LSTM reads what layer 1 hands on" in words(app)
    assert "the readout sees only the top one" in words(at(app, model="lstm", layer=0))
    app = at(app, model="lstm", direction="backward")
    assert "It reads the sequence from its end" in words(app) and "h_{t+1}" in latex(app)
    assert "This model has no such layer or direction." in words(at(app, model="gru", direction="backward"))
    app = at(app, model="gru")
    assert "reset gate before the matrix product" in words(app) and "Update gate" in words(app)
    assert r"\mathrm{ReLU}" in latex(at(app, model="rnn"))


@pytest.mark.parametrize("task", ["recall", "brackets", "waves", "text"])
def test_every_task_can_be_taken_apart_at_its_first_and_last_step(engine: FakeEngine, task: str) -> None:
    query = {"task": task, "steps": "2", "models": "rnn:hidden=4,gru:hidden=4"}
    query |= {"recall": {"lag": "5"}, "text": {"corpus": "hello", "length": "6"}}.get(task, {"length": "6"})
    app = trained(engine, query)
    for time in (0, 5):
        app = at(app, model="gru", time=time)
        assert "would answer" in words(app) or "It answers" in words(app)


def test_both_halves_of_an_encoder_decoder(engine: FakeEngine) -> None:
    app = trained(engine, REVERSE)
    assert "encoder of the GRU" in words(at(app, model="gru", time=0, unit=0))
    read = len(shown_run(app)["models"]["gru"]["cell"]["x"][0])
    app = at(app, model="gru", time=read, unit=0)
    assert "is fed a sign to **start**" in words(app) and f"time step {read + 1} " in words(app)
    assert "It writes: " in words(app) and "Attention" in words(app)


def test_a_sequence_of_ones_own_has_a_right_answer_and_outlives_another_page(engine: FakeEngine) -> None:
    app = trained(engine)
    app.text_input(key="anatomy.input.adding").set_value("0.25, 0.5*, 0.75*").run()
    assert "right at the end: 1.25" in words(app) and "Time step 2 of 3" in words(app)
    assert len(app.get("vega_lite_chart")) == 2
    next(one for one in app.slider if one.label == "Time step of your sequence").set_value(3).run()
    assert "Time step 3 of 3" in words(app)
    app.switch_page("gates.py").run()
    app.switch_page("anatomy.py").run()
    assert "of 3" in words(app) and not app.exception


def test_what_cannot_be_read_is_named_and_the_sequence_before_it_stays(engine: FakeEngine) -> None:
    app = trained(engine)
    box = app.text_input(key="anatomy.input.adding")
    box.set_value("half").run()
    assert "input must be numbers from −10 to 10" in app.error[0].value.replace("\\", "")
    assert not app.get("vega_lite_chart")
    app.text_input(key="anatomy.input.adding").set_value("0.25, 0.5*, 0.75*").run()
    app.text_input(key="anatomy.input.adding").set_value("0.25, half").run()
    assert "Shown is the sequence before it" in words(app) and "Time step 2 of 3" in words(app)
    app.text_input(key="anatomy.input.adding").set_value("").run()
    assert not app.error and not app.get("vega_lite_chart")


def test_a_worker_that_does_not_answer_is_one_sentence(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*args: Any, timeout: float) -> Never:
        raise EngineError("The worker that computes is still starting. Try again in a moment.")

    monkeypatch.setattr(engine, "ask", late)
    app = trained(engine, SMALL | {"seed": "77"})
    assert "is still starting" in app.error[0].value and not app.exception
    assert "stage" in parts(app)


def test_by_hand_needs_no_run_and_no_bar(engine: FakeEngine) -> None:
    app = choose(visit({"task": "recall"}, "anatomy"), "anatomy.mode", "By hand")
    assert not engine.jobs and not parts(app) and "Begin again" in buttons(app)
    for cell in ("lstm", "gru"):
        app = choose(app, "hand.cell", cell)
        assert parts(app)["hand-diagram"]["cell"] == cell
