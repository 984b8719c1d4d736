"""The gradient laboratory: what it asks, what it shows, and the knobs that break a gradient on purpose."""

from typing import Any, Never

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from pages._ui.gradients import knobs, laboratory
from rnnviz.engine import questions
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import SMALL, StateOf, parts, press, tell, told_late, visit, words

VIEWS = {
    "How far it reaches": ["lags", "horizon"],
    "Step by step": ["jacobian-rnn", "jacobian-lstm", "jacobian-gru", "through-hidden-lstm", "paths-lstm"],
    "Where it comes from": ["influence"],
}
ALWAYS = 3  # W_hh of each model; what moves is on the boards


def finished(engine: FakeEngine, query: dict[str, str] = SMALL, page: str = "gradients") -> AppTest:
    app = press(visit(query, page), "Train")
    engine.all[-1].train()
    return app.run()


def choose(app: AppTest, key: str, name: str) -> AppTest:
    group = next(one for one in app.button_group if one.key == key)
    group.set_value(name)
    return app.run()


@pytest.mark.parametrize("view", VIEWS)
def test_every_section_comes_with_its_charts(engine: FakeEngine, view: str) -> None:
    app = choose(finished(engine), "view.closer", view)
    assert not app.exception and not app.error
    assert len(app.get("vega_lite_chart")) == ALWAYS + len(VIEWS[view])


def test_all_sections_below_each_other(engine: FakeEngine) -> None:
    app = choose(finished(engine), "view.closer", "All three")
    assert len(app.get("vega_lite_chart")) == ALWAYS + sum(map(len, VIEWS.values()))
    assert "must vanish" in words(app) or "may grow" in words(app)


def test_one_model_and_moment_is_asked_about_once_whoever_looks(engine: FakeEngine) -> None:
    app = finished(engine)
    choose(app, "view.closer", "All three")
    finished(engine, {**SMALL, "seed": "0"})
    assert engine.asked.count(questions.GRADIENTS.function) == 3
    assert engine.asked.count(questions.HORIZONS.function) == 3  # the five frames of each model at once


def test_a_task_that_asks_at_every_step_has_a_raster_for_each_model(engine: FakeEngine) -> None:
    app = choose(finished(engine, {**SMALL, "task": "brackets"}), "view.closer", "Where it comes from")
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == ALWAYS + 3
    assert "Each row is the loss at one time step" in words(app)


def test_a_task_that_asks_once_offers_one_that_asks_at_every_step(engine: FakeEngine, state_of: StateOf) -> None:
    app = choose(finished(engine), "view.closer", "Where it comes from")
    assert "one row for each model" in words(app)
    app = press(app, rv.task("brackets").title)
    assert state_of(app).experiment == rv.Experiment(rv.task("brackets"))


def test_horizons_are_waited_for_where_a_run_is_over_and_not_asked_for_before(engine: FakeEngine) -> None:
    app = press(visit({**SMALL, "seed": "5"}, "gradients"), "Train")
    engine.all[0].train(2)
    assert "It is measured when the run is over." in words(app.run())
    assert questions.HORIZONS.function not in engine.asked
    engine.all[0].train()
    app.run()
    assert not app.exception and not app.error and not app.get("progress")
    assert len(app.get("vega_lite_chart")) == ALWAYS + 2
    assert engine.asked.count(questions.HORIZONS.function) == 3


def test_what_was_left_out_of_a_large_model_is_said(engine: FakeEngine) -> None:
    from rnnviz.nn.measure.laboratory import measure

    engine.answers[questions.GRADIENTS.function] = lambda *given: measure(*given) | {"every": np.array(3)}
    app = finished(engine, {**SMALL, "seed": "6"})
    assert "one of every 3 time steps and lags" in words(app) and "up to 2 time steps longer" in words(app)


def test_one_model_that_cannot_be_measured_leaves_the_others_theirs(engine: FakeEngine) -> None:
    from rnnviz.nn.measure.laboratory import measure

    def one_fails(spec: rv.ModelSpec, *rest: Any) -> Any:
        if spec.cell == "gru":
            raise ValueError("weights must be finite; got *others*.")
        return measure(spec, *rest)

    engine.answers[questions.GRADIENTS.function] = one_fails
    app = choose(finished(engine, {**SMALL, "seed": "3"}), "view.closer", "Step by step")
    assert not app.exception
    assert "weights must be finite; got *others*." in words(app)
    assert len(app.get("vega_lite_chart")) == ALWAYS + len(VIEWS["Step by step"]) - 1


def test_what_was_measured_at_which_moment_is_said_and_how_to_see_another(engine: FakeEngine) -> None:
    app = press(visit({**SMALL, "seed": "4"}, "gradients"), "Train")
    (job,) = engine.all
    job.train(2)
    app.run()
    assert "All that follows was measured at training step 1. Pause, or move along the time line" in words(app)
    job.train()
    assert "All that follows was measured at training step 4." in words(app.run())
    app = tell(app, step=0)
    assert "All that follows was measured at training step 0." in words(app) and not app.exception
    assert "Pause, or move" not in words(app)


def test_of_a_long_training_so_many_moments_are_asked_about_the_ends_among_them() -> None:
    frames = list(range(100))
    spread = laboratory._spread(frames)  # type: ignore[arg-type]
    assert len(spread) == laboratory.MOMENTS and (spread[0], spread[-1]) == (0, 99) and sorted(set(spread)) == spread  # type: ignore[type-var]
    assert (
        laboratory._spread([7]) == [7] and laboratory._spread(frames[:3]) == [0, 1, 2] and laboratory._spread([]) == []  # type: ignore[arg-type, list-item]
    )


def test_a_knob_changes_the_one_experiment_the_address_and_the_sidebar(engine: FakeEngine, state_of: StateOf) -> None:
    app = choose(visit(SMALL, "gradients"), "break.start", "σ_max 2")
    spec = state_of(app).experiment.model("rnn")
    assert (spec.init, spec.sigma_max) == ("scaled", 2.0)
    assert "sigma_max=2" in app.query_params["models"]
    app = choose(app, "break.length", "100")
    assert app.sidebar.slider(key="experiment.task.length").value == 100
    assert "Changed from the task's defaults: length 100" in words(app)
    assert "RNN: first σ_max(W_hh) 2" in words(app)
    app = press(app, "Train")
    (job,) = engine.jobs.values()
    assert job.experiment.model("rnn").sigma_max == 2.0 and job.experiment.task.length == 100  # type: ignore[attr-defined]


def test_what_the_sidebar_changes_the_knobs_show(engine: FakeEngine) -> None:
    app = visit(page="gradients")
    app.sidebar.select_slider(key="experiment.training.clip").set_value(10.0).run()
    assert next(one for one in app.button_group if one.key == "break.clip").value == "10"


def test_a_setting_typed_just_before_a_knob_is_turned_comes_along(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(page="gradients")
    app.sidebar.number_input(key="experiment.training.seed").set_value(77)
    app = choose(app, "break.activation", "ReLU")
    experiment = state_of(app).experiment
    assert experiment.training.seed == 77 and experiment.model("rnn").activation == "relu"


def test_the_way_back(engine: FakeEngine, state_of: StateOf) -> None:
    app = press(visit({"task": "recall", "steps": "9"}, "gradients"), "IRNN: ReLU and identity")
    spec = state_of(app).experiment.model("rnn")
    assert (spec.activation, spec.init, spec.sigma_max) == ("relu", "identity", None)
    app = press(app, "Back to the defaults")
    assert state_of(app).experiment == rv.Experiment(rv.task("recall"))
    assert "All settings are the task's defaults." in words(app)


def test_what_the_browser_said_before_it_heard_of_the_way_back_does_not_undo_it(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = visit({"task": "recall", "steps": "9"}, "gradients")
    app.sidebar.number_input(key="experiment.training.seed").set_value(77)
    app = choose(app, "break.activation", "ReLU")
    heard, address = parts(app)["bar"]["news"], dict(app.query_params)
    before = app._tree.get_widget_states()
    app = press(app, "Back to the defaults")
    usual = rv.Experiment(rv.task("recall"))
    assert state_of(app).experiment == usual and parts(app)["bar"]["news"] > heard
    told_late(app, before, address, step=4, news=heard)
    assert state_of(app).experiment == usual
    assert next(one for one in app.button_group if one.key == "break.activation").value == "tanh"
    app.query_params.clear()
    for name, value in address.items():
        app.query_params[name] = value
    tell(app, step=5, news=parts(app)["bar"]["news"])  # Back: it has heard of all, and the address is what it goes to
    assert state_of(app).experiment.training.seed == 77


def test_a_knob_that_the_server_refuses_says_so(engine: FakeEngine, state_of: StateOf) -> None:
    query = {"length": "100", "batch": "256", "models": "rnn:hidden=256"}
    app = visit(query, "gradients")
    before = state_of(app).experiment
    app = choose(app, "break.length", "200")
    assert state_of(app).experiment == before
    assert "must be" in " ".join(error.value for error in app.error)


def test_what_the_first_weights_do_is_one_click_away(engine: FakeEngine, state_of: StateOf) -> None:
    app = finished(engine, {**SMALL, "models": "rnn:hidden=4:init=scaled:sigma_max=0.5"})
    app = press(app, "Look at training step 0")
    assert parts(app)["bar"]["go"] == {"number": 1, "step": 0}, "the browser is sent there"
    app = tell(app, step=0)
    assert "it must vanish" in words(app)
    assert "Look at training step 0" not in [button.label for button in app.button]


def test_every_offered_value_can_be_chosen() -> None:
    for task in rv.tasks.TASKS:
        experiment = rv.Experiment(rv.task(task))
        assert not knobs.changes(experiment)
        for knob in knobs.knobs(experiment):
            assert knob.now in knob.offered
            for value in knob.offered.values():
                changed = knob.turned(value)
                (again,) = [one for one in knobs.knobs(changed) if one.key == knob.key]
                assert again.offered[again.now] == value
                assert knobs.defaults(changed) == experiment


def test_what_differs_from_the_defaults_is_said() -> None:
    window = rv.Experiment(rv.task("adding"), (rv.ModelSpec("window", window=3),))
    assert "Feed-forward window: inputs read 3" in knobs.changes(window)


def test_a_value_from_a_link_is_offered_beside_the_usual() -> None:
    models = (rv.ModelSpec("rnn", init="scaled", sigma_max=3.0), rv.ModelSpec("lstm", forget_bias=-2.5))
    experiment = rv.Experiment(rv.task("adding", length=33), models, rv.TrainingSpec(clip=0.3))
    assert {knob.key: knob.now for knob in knobs.knobs(experiment)} == {
        "start": "σ_max 3",
        "activation": "tanh",
        "bias": "−2.5",
        "length": "33",
        "clip": "0.3",
    }


DEEP = "lstm:hidden=3:layers=2:bidirectional=true,gru:hidden=3"


def test_layers_and_directions_are_chosen_for_every_section(engine: FakeEngine) -> None:
    app = choose(finished(engine, {**SMALL, "task": "brackets", "models": DEEP}), "view.closer", "All three")
    assert not app.exception and not app.error
    app = tell(app, layer=1, direction="backward")
    assert not app.exception and not app.error
    assert words(app).count("This model has no such layer or direction.") == 3


def test_a_model_whose_weights_are_no_numbers_says_so(engine: FakeEngine) -> None:
    import dataclasses

    import numpy as np

    app = press(visit({**SMALL, "seed": "6"}, "gradients"), "Train")
    (job,) = engine.jobs.values()
    for frame in rv.train(job.experiment):
        gru = frame.models["gru"]
        weights = {name: np.full_like(array, np.nan) for name, array in gru.weights.items()}
        gone = {**frame.models, "gru": gru.replace(weights=weights)}
        job.run.append(dataclasses.replace(frame, models=gone))
    job.status = "finished"
    app.run()
    assert not app.exception
    assert "GRU: Nothing can be measured at training step 4: its weights are no numbers any more." in words(app)
    assert len(app.get("vega_lite_chart")) == ALWAYS + 2


def test_an_engine_that_does_not_answer_leaves_the_rest_of_the_page(engine: FakeEngine) -> None:
    from rnnviz.engine import EngineError

    def late(*_: Any) -> Never:
        raise EngineError("The answer took longer than 20 seconds. Try again in a moment.")

    engine.answers = {questions.GRADIENTS.function: late, questions.HORIZONS.function: late}
    app = finished(engine, {**SMALL, "seed": "7"})
    assert not app.exception
    assert words(app).count("The answer took longer than 20 seconds.") == 6
    assert len(app.get("vega_lite_chart")) == ALWAYS + 1
