"""The Anatomy page: a time step of a trained model with its numbers, without a browser."""

import re

import pytest

import rnnviz as rv
from rnnviz.engine import EngineError
from tests.pages.test_visit import SMALL, press, visit, words

DEEP = SMALL | {
    "models": "lstm:hidden=4:layers=2:bidirectional=true,gru:hidden=3:reset=before,rnn:hidden=5:activation=relu"
}


def trained(engine, query=SMALL):
    app = press(visit(query, "anatomy"), "Train")
    (job,) = engine.jobs.values()
    for frame in rv.train(job.experiment):
        job.run.append(frame)
    job.status = "finished"
    return app.run()


def choose(app, key, value):
    group = next(one for one in app.get("button_group") if one.key == key)
    group.set_value(value).run()
    assert not app.exception and not app.error, app.error
    return app


def slide(app, step):
    """Move the slider over the sequence."""
    next(one for one in app.slider if one.label == "Time step").set_value(step).run()


def current(app):
    """The token that is marked as the one that is read."""
    (row,) = [one.proto.body for one in app.get("html") if 'class="tokens"' in one.proto.body]
    return re.search(r'<li aria-current="step">(.*?)</li>', row).group(1)


def test_a_step_of_each_model_with_its_equations(engine):
    app = trained(engine)
    for label, titles in (("rnn", ["Hidden state"]), ("lstm", ["Forget gate", "Cell state"]), ("gru", ["Candidate"])):
        choose(app, "anatomy.model", label)
        assert len(app.get("vega_lite_chart")) == 2
        assert "Step 2 of 6" in words(app) and "Parameters:" in words(app)
        assert all(f"**{title}**" in words(app) for title in titles)
    choose(app, "anatomy.model", "side by side")
    assert len(app.get("vega_lite_chart")) == 3


def test_buttons_step_through_the_sequence_and_stop_at_its_ends(engine):
    app = trained(engine)
    for button, step in (("Next step", 3), ("Previous step", 2), ("Previous step", 1), ("Previous step", 1)):
        app = press(app, button)
        assert f"Step {step} of 6" in words(app)
    slide(app, 6)
    assert "Step 6 of 6" in words(press(app, "Next step"))
    assert "**It answers: " in words(app)


def test_a_sequence_of_ones_own_has_a_right_answer_and_outlives_another_page(engine):
    app = trained(engine)
    app.text_input(key="anatomy.input.adding").set_value("0.25, 0.5*, 0.75*").run()
    assert "right at the end: 1.25" in words(app)
    app.switch_page("gates.py").run()
    app.switch_page("anatomy.py").run()
    assert "Step 2 of 3" in words(app) and not app.exception


def test_a_sequence_of_ones_own_is_read_at_once_and_what_cannot_be_read_is_named(engine):
    app = trained(engine)
    app.text_input(key="anatomy.input.adding").set_value("0.25, 0.5*, 0.75*").run()
    assert "Step 2 of 3" in words(app) and current(app) == "0.5*"
    app.text_input(key="anatomy.input.adding").set_value("0.25, half").run()
    assert "input must be numbers from −10 to 10" in app.error[0].value.replace("\\", "")
    assert "Shown is the sequence before it" in words(app) and "Step 2 of 3" in words(app)
    app.text_input(key="anatomy.input.adding").set_value("").run()
    app.text_input(key="anatomy.input.adding").set_value("half").run()
    assert "Shown is the sequence before it" in words(app) and "Step 2 of 6" in words(app)
    app.text_input(key="anatomy.input.adding").set_value("").run()
    assert not app.error


def test_the_update_gate_has_two_names(engine):
    app = choose(trained(engine), "anatomy.model", "gru")
    assert r"h_t = z_t \odot" in app_latex(app)
    app = choose(app, "anatomy.z", "z updates (lectures 001, 003)")
    assert r"h_t = (1 - z_t) \odot" in app_latex(app)
    assert "The same model under another name" in words(app)


def app_latex(app):
    return " ".join(element.value for element in app.markdown)


def test_layers_directions_and_the_other_reset(engine):
    app = trained(engine, DEEP)
    assert "layer 2 of the LSTM reads what layer 1 hands on" in words(app)
    app.selectbox(key="view.layer").set_value(0).run()
    assert "the readout sees only the top one" in words(app)
    app.selectbox(key="view.direction").set_value("backward").run()
    assert "It reads the sequence from its end" in words(app) and "h_{t+1}" in app_latex(app)
    choose(app, "anatomy.model", "gru")
    assert "This model has no such layer or direction." in words(app)
    app.selectbox(key="view.direction").set_value("forward").run()
    assert "reset gate before the matrix product" in words(app) and "Update gate" in words(app)
    choose(app, "anatomy.model", "rnn")
    assert r"\mathrm{ReLU}" in app_latex(app)


@pytest.mark.parametrize("task", ["recall", "brackets", "waves", "text"])
def test_every_task_can_be_taken_apart_at_its_first_and_last_step(engine, task):
    query = {"task": task, "steps": "2", "models": "rnn:hidden=4,gru:hidden=4"}
    query |= {"recall": {"lag": "5"}, "text": {"corpus": "hello", "length": "6"}}.get(task, {"length": "6"})
    app = choose(trained(engine, query), "anatomy.model", "side by side")
    for step in (1, 6):
        slide(app, step)
        assert not app.exception and not app.error
        assert "would answer" in words(app) or "It answers" in words(app)


def test_means_and_units(engine):
    app = trained(engine)
    app.number_input(key="anatomy.unit.4").set_value(3).run()
    assert "Values are those of unit 3" in words(app) and "with the numbers of unit 3" in words(app)
    choose(app, "anatomy.shown", "mean of all units")
    assert "Values are means over all units" in words(app) and "not for means" in words(app)
    assert "with the numbers of" not in words(app) and app.number_input(key="anatomy.unit.4").disabled
    choose(app, "anatomy.model", "side by side")
    assert "choose *one unit*" in words(app) and r"c_t = 0." not in app_latex(app)
    choose(app, "anatomy.shown", "one unit")
    assert words(app).count("With the numbers of unit 3") == 3


def test_a_worker_that_does_not_answer_is_one_sentence(engine, monkeypatch):
    def late(*args, timeout):
        raise EngineError("The worker that computes is still starting. Try again in a moment.")

    monkeypatch.setattr(engine, "ask", late)
    app = trained(engine, SMALL | {"seed": "77"})
    assert "is still starting" in app.error[0].value and not app.exception
    assert "Next step" in [button.label for button in app.button]


def test_by_hand_needs_no_run(engine):
    app = choose(visit({"task": "recall"}, "anatomy"), "anatomy.mode", "By hand")
    assert not engine.jobs and "Next step" not in [button.label for button in app.button]


def test_unit_and_step_are_not_forgotten_where_a_model_has_fewer(engine):
    app = choose(trained(engine, DEEP), "anatomy.model", "rnn")
    app.number_input(key="anatomy.unit.5").set_value(5).run()
    units = {"lstm": 4, "gru": 3, "rnn": 5}
    for label, unit in (("gru", 3), ("rnn", 5), ("lstm", 4), ("rnn", 5)):
        choose(app, "anatomy.model", label)
        assert app.number_input(key=f"anatomy.unit.{units[label]}").value == unit
    slide(app, 6)
    app.text_input(key="anatomy.input.adding").set_value("0.25, 0.5*").run()
    assert "Step 2 of 2" in words(app)
    app.text_input(key="anatomy.input.adding").set_value("").run()
    assert "Step 6 of 6" in words(app)
