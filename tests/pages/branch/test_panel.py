"""Branch from a step with one thing changed, and the ways around: never is a branch taken for its experiment."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from rnnviz.runs.run import Run
from rnnviz.specs import branch_query
from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment
from tests.pages.fakes import FakeEngine, FakeJob
from tests.pages.visiting import SMALL, StateOf, parts, press, shown_run, visit, words

STEP = 2


def seen(app: AppTest, engine: FakeEngine) -> FakeJob:
    """The job that the visitor watches."""
    visitor = app.session_state["rnnviz"].visitor
    (job,) = [one for one in engine.all if one.wants(visitor)]
    return job


def dialog(app: AppTest) -> list[str]:
    """Labels of the panel's controls; empty while it is closed."""
    return [one.label for one in (*app.radio, *app.button) if one.label.startswith(("One thing", "Train on"))]


def value(app: AppTest) -> Any:
    """The control of the new value."""
    return next(one for one in (*app.number_input, *app.slider, *app.select_slider) if one.label.startswith("New "))


def begin(app: AppTest, what: str = "Learning rate", step: int = STEP) -> AppTest:
    """Open the panel and choose what changes."""
    app = press(app, "Branch", step)
    (radio,) = [one for one in app.radio if one.label == "One thing changes"]
    at = next(place for place, option in enumerate(radio.options) if option.startswith(what))
    return radio.set_value(at).run()


def branched(app: AppTest, what: str = "Learning rate", step: int = STEP) -> AppTest:
    app = begin(app, what, step)
    return press(app, f"Train on from training step {step:,}")


def test_nothing_asks_for_a_branch_before_it_is_wanted(trained: tuple[AppTest, FakeJob]) -> None:
    app, _ = trained
    assert not dialog(app)


def test_it_offers_each_thing_with_what_it_is_now_and_begins_with_another(trained: tuple[AppTest, FakeJob]) -> None:
    app, _ = trained
    app = press(app, "Branch", STEP)
    (radio,) = [one for one in app.radio if one.label == "One thing changes"]
    assert radio.options == [
        "Learning rate: now 0.005",
        "Clip gradient norm at: now 1",
        "Forget bias (LSTM): now none",
        "Length: now 6 time steps",
        "Training steps: now 4 updates",
    ]
    assert value(app).value == pytest.approx(0.0005)
    assert "Allowed" not in words(app), "nothing is typed: a line offers all that there is"
    assert dialog(app) == ["One thing changes", "Train on from training step 2"]


def test_train_on_makes_the_branch_the_run_in_view_and_says_so_in_the_address(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine, state_of: StateOf
) -> None:
    app, job = trained
    app = branched(app)
    (_, branch) = engine.all
    state = state_of(app)
    assert branch.start == Branch(job.experiment, STEP) == state.start
    assert branch.experiment.training.lr == pytest.approx(0.0005) and state.experiment == branch.experiment
    assert parts(app)["bar"]["run"] == branch.key != branch.experiment.key
    assert parts(app)["bar"]["scene"]["branch"]["changed"] == "learning rate 0.005 → 0.0005"
    assert not dialog(app) and seen(app, engine) is branch and branch.watchers == 1 and not job.watchers
    query = {name: app.query_params[name] for name in app.query_params}
    assert branch_query.read(query) == branch.training
    branch.train()
    assert shown_run(app.run())["step"] == 4


def test_a_reload_and_another_visitor_find_the_branch_by_its_address(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine, state_of: StateOf
) -> None:
    app, _ = trained
    app = branched(app)
    query = {name: app.query_params[name] for name in app.query_params}
    other = visit(query)
    assert seen(other, engine) is engine.all[1] and len(engine.all) == 2
    assert parts(other)["bar"]["run"] == engine.all[1].key
    assert seen(press(other, "Train"), engine) is engine.all[1] and len(engine.all) == 2


def test_every_link_of_the_menu_leads_to_the_branch(trained: tuple[AppTest, FakeJob], state_of: StateOf) -> None:
    app, _ = trained
    app = branched(app)
    app = app.switch_page("gradients.py").run()
    assert state_of(app).start is not None and parts(app)["bar"]["scene"]["branch"]


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ("Clip", lambda e: e.training.clip),
        ("Forget bias", lambda e: e.models[1].forget_bias),
        ("Length", lambda e: e.task.length),
        ("Training steps", lambda e: e.training.steps),
    ],
)
def test_one_thing_alone_is_changed(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine, what: str, field: Callable[[Experiment], Any]
) -> None:
    app, job = trained
    branched(app, what)
    (_, branch) = engine.all
    assert field(branch.experiment) != field(job.experiment)
    assert len(parts(app)["bar"]["scene"]["branch"]["changed"].split(" → ")) == 2
    assert branch.train().run.frames[0].step >= STEP


def test_the_same_value_is_no_change_and_nothing_is_trained(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine
) -> None:
    app, _ = trained
    app = value(begin(app, "Clip")).set_value(1.0).run()
    assert "This is what it is now. Choose another value." in words(app)
    (button,) = [one for one in app.button if one.label.startswith("Train on")]
    assert button.disabled and len(engine.all) == 1


def test_what_is_not_allowed_is_said_in_the_panel(trained: tuple[AppTest, FakeJob], engine: FakeEngine) -> None:
    app, _ = trained
    app = value(begin(app, "Training steps")).set_value(1).run()
    assert "Training steps must be at least 2, the training step it starts from; got 1." in words(app)
    app = value(begin(app, "Forget bias")).set_value(30).run()
    assert "Forget bias of model 2 must be a number from -10 to 10" in words(app)
    (button,) = [one for one in app.button if one.label.startswith("Train on")]
    assert button.disabled
    app = value(begin(app, "Training steps")).set_value(2).run()
    assert "Nothing would be trained: the training would end at training step 2" in words(app)
    assert len(engine.all) == 1


def test_at_the_last_step_only_more_steps_are_offered(trained: tuple[AppTest, FakeJob], engine: FakeEngine) -> None:
    app, _ = trained
    app = press(app, "Branch", 4)
    assert [option for one in app.radio for option in one.options] == ["Training steps: now 4 updates"]
    assert "move to an earlier one" in words(app)
    press(app, "Train on from training step 4")
    assert engine.all[1].train().run.complete


def test_where_all_models_have_ended_there_is_nothing_to_train(engine: FakeEngine) -> None:
    app = press(visit(SMALL), "Train")
    (job,) = engine.all
    job.train()
    last = job.run.frames[-1]
    job.run.frames[-1] = dataclasses.replace(last, models={}, ended=dict.fromkeys(job.experiment.labels, "ended."))
    app = press(app.run(), "Branch", 4)
    assert "All models have ended by this training step" in words(app) and not dialog(app)


@pytest.mark.parametrize("step", [None, -1, 5, 10**9])
def test_a_step_that_the_run_has_not_opens_nothing(trained: tuple[AppTest, FakeJob], step: int | None) -> None:
    app, _ = trained
    app = press(app, "Branch", step)
    assert not dialog(app) and not app.exception


def test_the_panel_outlives_reruns_and_closes_when_the_settings_change_below_it(
    trained: tuple[AppTest, FakeJob],
) -> None:
    app, _ = trained
    app = begin(app).run()
    assert dialog(app)
    app.sidebar.number_input(key="experiment.training.seed").set_value(7)
    assert not dialog(app.run())


def test_back_to_the_original_and_to_the_branch_again(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine, state_of: StateOf
) -> None:
    app, job = trained
    app = branched(app)
    branch = engine.all[1].train()
    app = press(app.run(), "Back to the original")
    state = state_of(app)
    assert state.training == job.training and seen(app, engine) is job
    assert "branch" not in app.query_params and parts(app)["bar"]["scene"]["branch"] is None
    assert "Your branch from training step 2 is finished." in words(app)
    app = press(app, "Back to that run")
    assert seen(app, engine) is branch and "branch" in app.query_params


def test_a_branch_of_a_branch_goes_back_one_at_a_time(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine, state_of: StateOf
) -> None:
    app, job = trained
    app = branched(app)
    first = engine.all[1].train()
    app = branched(app.run(), "Clip", 3)
    second = engine.all[2]
    assert second.start == Branch(first.experiment, 3, first.start) and second.start.depth == 2
    app = press(app, "Back to the original")
    assert state_of(app).training == first.training
    app = press(app, "Back to the original")
    assert state_of(app).training == job.training and state_of(app).start is None
    assert press(app, "Back to the original").query_params.get("branch") is None


def test_a_setting_that_is_changed_ends_the_branch(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine, state_of: StateOf
) -> None:
    app, _ = trained
    app = branched(app)
    app.sidebar.number_input(key="experiment.training.seed").set_value(7)
    app = app.run()
    assert state_of(app).start is None and "branch" not in app.query_params
    app = press(app, "Train")
    assert engine.all[-1].start is None and engine.all[-1].experiment.training.seed == 7


def test_train_from_step_0_trains_the_settings_anew_and_claims_no_branch(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine, state_of: StateOf
) -> None:
    app, _ = trained
    app = branched(app)
    branch = engine.all[1].train()
    app = press(app.run(), "Train from step 0")
    anew = engine.all[2]
    assert anew.start is None and anew.experiment == branch.experiment and anew.key != branch.key
    assert state_of(app).start is None and parts(app)["bar"]["run"] == anew.key
    assert "branch" not in app.query_params and parts(app)["bar"]["scene"]["branch"] is None
    assert not anew.run.frames and not shown_run(app), "the branch's moments are not those of its experiment"


def test_the_share_drawer_says_what_the_link_and_the_files_hold(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine
) -> None:
    app, _ = trained
    app = branched(app)
    assert "branch=step=2%26" in " ".join(one.value for one in app.text)
    assert "trained again up to training step 2" in words(app)


def test_the_file_of_a_branch_says_where_it_began(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine, tmp_path: Path
) -> None:
    from pages._ui.frame import keep

    app, job = trained
    branched(app)
    branch = engine.all[1].train()
    for one in (job, branch):
        (tmp_path / "a.run").write_bytes(keep.run_file(one.key))
        assert Run.load(tmp_path / "a.run").training == one.training


def test_an_address_that_names_no_branch_is_said_to_and_nothing_breaks(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL | {"branch": "step=99"})
    assert "step must be a whole number from 0 to 4; got 99" in words(app) and not app.exception
    assert state_of(app).start is None


def test_of_two_sessions_each_keeps_its_own(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine, state_of: StateOf
) -> None:
    app, job = trained
    other = visit(SMALL)
    app = branched(app)
    other.run()
    assert seen(other, engine) is job and seen(app, engine) is engine.all[1]
