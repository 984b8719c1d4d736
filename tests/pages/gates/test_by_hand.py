"""Below the stage of Gates: a gate held by hand, the state reset, units silenced."""

from streamlit.testing.v1 import AppTest

from rnnviz.engine import questions
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import press, visit, words

TITLE = "### Hands on the gates"
SMALL = {"task": "adding", "length": "10", "steps": "3", "batch": "4"}
THREE = "rnn:hidden=4,lstm:hidden=4,gru:hidden=4"


def trained(engine: FakeEngine, models: str = THREE, **more: str) -> AppTest:
    app = press(visit(SMALL | {"models": models} | more, "gates"), "Train")
    engine.all[0].train()
    return app.run()


def test_before_training_it_says_what_it_is_for(engine: FakeEngine) -> None:
    app = visit(SMALL | {"models": THREE}, "gates")
    assert TITLE in words(app) and "As soon as a model is trained" in words(app) and not engine.asked


def test_a_gate_is_held_and_the_gated_models_come_first(engine: FakeEngine) -> None:
    app = trained(engine)
    assert not app.exception and TITLE in words(app)
    assert app.selectbox(key="gates.model").value == "lstm"
    assert engine.asked.count(questions.CLAMPED.function) == 1
    assert "Held at time step 5 in every unit: forget gate 0." in words(app) and "Right is" in words(app)
    app = app.slider(key="gates.value.forget_gate").set_value(1.0).run()
    app = app.slider(key="gates.steps").set_value((4, 10)).run()
    app = app.button_group(key="gates.held.lstm").set_value(["input_gate", "forget_gate"]).run()
    assert "the cell state stays as at time step 3." in words(app)
    app = app.button_group(key="gates.units").set_value("One unit").run()
    app = app.slider(key="gates.unit").set_value(3).run()
    assert "Held at time steps 4 to 10 in unit 3: input gate 0, forget gate 1." in words(app)
    app = app.button_group(key="gates.units").set_value("The 3 that carry most").run()
    assert "most of what varies in their state is left at the end" in words(app)
    assert not app.exception


def test_nothing_is_asked_while_nothing_is_changed_and_a_reset_is_enough(engine: FakeEngine) -> None:
    app = trained(engine)
    asked = engine.asked.count(questions.CLAMPED.function)
    app = app.button_group(key="gates.held.lstm").set_value([]).run()
    assert "Choose a gate, or reset the state" in words(app)
    assert engine.asked.count(questions.CLAMPED.function) == asked
    app = app.toggle(key="gates.reset").set_value(True).run()
    app = app.slider(key="gates.reset_at").set_value(7).run()
    assert "Every state is set to 0 before time step 7." in words(app)
    assert "No gradient by the cell state reaches time steps 1 to 6 any more." in words(app)


def test_a_simple_rnn_has_no_gates_but_a_state_and_a_window_neither(engine: FakeEngine) -> None:
    app = trained(engine, "rnn:hidden=4,window:hidden=4:window=3")
    assert "There are no gates in an RNN" in words(app)
    app = app.toggle(key="gates.reset").set_value(True).run()
    assert "Every state is set to 0 before time step 5." in words(app)
    app = app.selectbox(key="gates.model").set_value("window").run()
    assert "neither gates nor a state to reset" in words(app)
    app = app.toggle(key="gates.silence").set_value(True).run()
    assert "measured on 128 held-out sequences" in words(app) and not app.exception


def test_each_unit_is_silenced_when_the_run_is_over(engine: FakeEngine) -> None:
    app = press(visit(SMALL | {"models": THREE}, "gates"), "Train")
    job = engine.all[0].train(2)
    job.status = "training"
    app = app.run().toggle(key="gates.silence").set_value(True).run()
    assert "It is measured when the run is over." in words(app)
    assert questions.SILENCED.function not in engine.asked
    job.train()
    app = app.run()
    assert engine.asked.count(questions.SILENCED.function) == 1
    assert "unit" in words(app) and "LSTM, measured on 128 held-out sequences." in words(app)


def test_a_refused_question_is_said_in_one_sentence(engine: FakeEngine) -> None:
    from rnnviz.engine import EngineError

    def silent(*_given: object) -> None:
        raise EngineError("No worker answers. Try again in a moment.")

    engine.answers[questions.CLAMPED.function] = silent
    app = trained(engine, seed="7")
    assert "No worker answers" in app.error[0].value and not app.exception


def test_encoder_decoders_are_sent_to_attention(engine: FakeEngine) -> None:
    app = visit({"task": "reverse", "models": "gru:hidden=8"}, "gates")
    assert "Attention page" in words(app) and not app.exception
