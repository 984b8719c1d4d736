"""The bar of a run: what it is told, and what is pressed on it, each press once."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui.session import visits
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import SMALL, TAB, StateOf, parts, press, shown_run, tell, visit, words


def pressed(name: str, number: int, tab: str = TAB) -> dict[str, Any]:
    return {"tab": tab, "number": number, "name": name}


def run_of(app: AppTest) -> str:
    return parts(app)["bar"]["run"]


def test_it_is_told_which_run_which_page_and_what_was_heard(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL)
    bar = parts(app)["bar"]
    assert bar["run"] == state_of(app).experiment.key
    assert bar["page"] == "compare" and bar["titles"]["compare"] == "Compare" and not bar["report"]
    assert bar["heard"] == {"tab": "", "number": 0}
    assert [model["label"] for model in bar["scene"]["models"]] == ["rnn", "lstm", "gru"]
    app.switch_page("gradients.py").run()
    bar = parts(app)["bar"]
    assert bar["page"] == bar["scene"]["page"] == "gradients" and bar["report"]


def test_it_stands_on_every_page_of_a_run_and_on_no_other(engine: FakeEngine) -> None:
    app = visit(page="inspect")
    assert "bar" not in parts(app)
    app.switch_page("states.py").run()
    assert parts(app)["bar"]["page"] == "states"


def test_train_pause_resume_stop(engine: FakeEngine, state_of: StateOf) -> None:
    app = press(visit(SMALL), "Train")
    (job,) = engine.all
    assert job.experiment.training.steps == 4 and job.wants(state_of(app).visitor) == "run"
    job.status = "training"
    press(app, "Pause")
    assert job.status == "paused"
    press(app, "Resume")
    assert job.status == "training"
    press(app, "Stop")
    assert job.status == "stopped" and len(engine.all) == 1
    press(app, "Train")
    assert [one.status for one in engine.all] == ["stopped", "queued"]


def test_a_press_is_counted_once_however_often_the_browser_repeats_it(engine: FakeEngine, state_of: StateOf) -> None:
    app = tell(visit(SMALL), pressed("Train", 1))
    (job,) = engine.all
    job.status = "training"
    app = tell(app, pressed("Train", 1), pressed("Pause", 2))
    assert job.status == "paused" and parts(app)["bar"]["heard"] == {"tab": TAB, "number": 2}
    job.resume(state_of(app).visitor)
    app = tell(app, pressed("Train", 1), pressed("Pause", 2))
    assert job.status == "training" and len(engine.all) == 1 and not state_of(app).presses
    app.run()
    assert job.status == "training"


def test_presses_that_come_together_are_carried_out_in_order(engine: FakeEngine) -> None:
    tell(visit(SMALL), pressed("Train", 1), pressed("Pause", 2), pressed("Resume", 3), pressed("Stop", 4))
    assert [job.status for job in engine.all] == ["stopped"]


def test_presses_that_were_lost_on_the_way_leave_a_gap_and_nothing_else(engine: FakeEngine) -> None:
    app = tell(visit(SMALL), pressed("Train", 7))
    assert len(engine.all) == 1 and parts(app)["bar"]["heard"]["number"] == 7
    tell(app, pressed("Stop", 6))
    assert engine.all[0].status == "queued"


def test_another_load_of_the_page_counts_from_the_beginning(engine: FakeEngine) -> None:
    app = tell(visit(SMALL), pressed("Train", 5))
    app = tell(app, pressed("Pause", 1, "another tab"))
    assert engine.all[0].status == "paused" and parts(app)["bar"]["heard"] == {"tab": "another tab", "number": 1}


def test_a_name_that_is_on_no_button_does_nothing(engine: FakeEngine) -> None:
    app = tell(visit(SMALL), pressed("<b>Reset</b>", 1))
    assert not app.exception and not app.error and not engine.all


def test_a_setting_typed_just_before_train_comes_with_it(engine: FakeEngine) -> None:
    """A click takes the focus from a field, so that both reach the server at once."""
    app = visit(SMALL)
    app.sidebar.number_input(key="experiment.training.seed").set_value(77)
    app = tell(app, pressed("Train", 1))
    (job,) = engine.all
    assert job.experiment.training.seed == 77
    assert app.query_params["seed"] == "77" and run_of(app) == job.key


def seed_shown(app: AppTest) -> int:
    return int(app.sidebar.number_input(key="experiment.training.seed").value)


def test_train_again_takes_the_next_seed_and_keeps_the_last_run_beside_it(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = press(visit(SMALL), "Train")
    (first,) = engine.all
    first.train()
    assert run_of(app.run()) == first.key and parts(app)["bar"]["beside"] is None
    app = press(app, "Train again")
    (_, second) = engine.all
    assert second.experiment == first.experiment.seeded(1)
    assert second.status == "queued" and second.watchers == 1 and not first.watchers
    assert run_of(app) == f"{second.key}~{second.id}", "the browser hears of it at once"
    assert visits.attempt(state_of(app)) == second.id
    assert seed_shown(app) == 1 and app.query_params["seed"] == "1"
    assert parts(app)["bar"]["beside"] == {"run": first.key, "seed": 0}
    second.train()
    assert shown_run(app.run())["step"] == 4
    app = press(app, "Train again")
    assert seed_shown(app) == 2 and parts(app)["bar"]["beside"] == {"run": second.key, "seed": 1}


def test_the_last_run_stays_beside_another_seed_alone(engine: FakeEngine) -> None:
    app = press(visit(SMALL), "Train")
    engine.all[0].train()
    app = press(app, "Train again")
    engine.all[1].train()
    app.sidebar.number_input(key="experiment.training.seed").set_value(9).run()
    assert parts(app)["bar"]["beside"]["seed"] == 0, "what was last begun stands beside it until it is trained"
    app = press(app, "Train")
    assert parts(app)["bar"]["beside"] == {"run": engine.all[1].key, "seed": 1}
    app.sidebar.slider(key="experiment.task.length").set_value(30).run()
    assert parts(app)["bar"]["beside"] is None
    app.sidebar.slider(key="experiment.task.length").set_value(6).run()
    app.sidebar.number_input(key="experiment.training.seed").set_value(1).run()
    assert parts(app)["bar"]["beside"] is None and run_of(app) == engine.all[1].key, "no run stands beside itself"


def test_train_again_trains_live_what_somebody_else_has_trained_before(engine: FakeEngine) -> None:
    other = press(visit(SMALL | {"seed": "1"}), "Train")
    (known,) = engine.all
    known.train()
    app = press(visit(SMALL), "Train")
    engine.all[1].train()
    app = press(app.run(), "Train again")
    again = engine.all[2]
    assert again.key == known.key and again.status == "queued" and run_of(app) == f"{again.key}~{again.id}"
    assert run_of(other.run()) == known.key


def test_a_seed_typed_just_before_train_again_is_the_one_that_is_trained(engine: FakeEngine) -> None:
    app = press(visit(SMALL), "Train")
    engine.all[0].train()
    app.run()
    app.sidebar.number_input(key="experiment.training.seed").set_value(77)
    app = tell(app, pressed("Train again", 2))
    assert engine.all[1].experiment.training.seed == 77 and len(engine.all) == 2
    assert parts(app)["bar"]["beside"] == {"run": engine.all[0].key, "seed": 0}


def test_after_the_largest_seed_comes_0(engine: FakeEngine) -> None:
    app = press(visit(SMALL | {"seed": str(2**31 - 1)}), "Train")
    engine.all[0].train()
    assert seed_shown(press(app.run(), "Train again")) == 0


def test_a_run_that_comes_with_the_app_is_the_last_one_too(engine: FakeEngine) -> None:
    app = press(visit(), "Train again")
    (job,) = engine.all
    assert job.experiment.training.seed == 1 and parts(app)["bar"]["beside"]["seed"] == 0


def test_who_looks_at_a_finished_run_keeps_it_while_somebody_trains_it_again(engine: FakeEngine) -> None:
    mine, yours = press(visit(SMALL), "Train"), visit(SMALL)
    engine.all[0].train()
    yours.run()
    press(mine, "Train again")
    engine.all[1].train(2)
    assert run_of(yours.run()) == engine.all[0].key
    assert engine.all[0].watchers == 1, "yours"


def test_train_on_what_is_finished_makes_nothing_anew(engine: FakeEngine) -> None:
    app = press(visit(SMALL), "Train")
    engine.all[0].train()
    press(app, "Train")
    assert len(engine.all) == 1 and engine.all[0].status == "finished"


def test_other_settings_are_another_run_and_the_old_one_goes_on(engine: FakeEngine, state_of: StateOf) -> None:
    app = press(visit(SMALL), "Train")
    (job,) = engine.all
    job.status = "training"
    app.sidebar.slider(key="experiment.task.length").set_value(30).run()
    assert run_of(app) != job.key
    assert job.wants(state_of(app).visitor) == "run"
    app.sidebar.slider(key="experiment.task.length").set_value(6).run()
    assert run_of(app) == job.key


def test_a_run_of_other_settings_can_be_gone_back_to_from_any_page(engine: FakeEngine, state_of: StateOf) -> None:
    app = press(visit(SMALL), "Train")
    (job,) = engine.all
    job.status = "training"
    app.sidebar.slider(key="experiment.task.length").set_value(30).run()
    assert "Your run of *Add two marked numbers* with other settings is still training." in words(app)
    app.switch_page("gates.py").run()
    app = press(app, "Back to that run")
    assert state_of(app).experiment == job.experiment and app.query_params["length"] == "6"
    assert "Your run of" not in words(app) and run_of(app) == job.key


def test_who_trains_the_new_settings_leaves_the_run_before(engine: FakeEngine) -> None:
    app = press(visit(SMALL), "Train")
    app.sidebar.slider(key="experiment.task.length").set_value(30).run()
    press(app, "Train")
    first, second = engine.all
    assert not first.watchers and second.watchers == 1


def test_stopping_what_others_watch_leaves_it_to_them_and_resume_joins_them_again(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = press(visit(SMALL), "Train")
    (job,) = engine.all
    job.status = "training"
    job.watch("somebody else")
    app = press(app, "Stop")
    assert job.status == "training" and job.watchers == 1
    assert "Others go on with this run" in app.toast[0].value
    press(app, "Resume")
    assert job.watchers == 2 and job.wants(state_of(app).visitor) == "run"


def test_what_cannot_be_trained_says_why_and_trains_nothing(engine: FakeEngine) -> None:
    app = visit({"models": "gru"})
    app.sidebar.checkbox(key="experiment.on.2").uncheck().run()
    app = press(app, "Train")
    assert app.toast[0].value.startswith("Switch on at least one cell") and not engine.all


def test_training_without_the_text_that_is_asked_for_is_refused(engine: FakeEngine) -> None:
    app = visit({"task": "text"})
    app.sidebar.selectbox(key="experiment.task.corpus").select("own").run()
    assert "Paste or upload" in press(app, "Train").toast[0].value and not engine.all
    app = visit({"task": "text", "corpus": "own", "text_hash": "0" * 16})
    assert "still missing" in press(app, "Train").toast[0].value and not engine.all


def test_training_in_spite_of_a_bad_link_mends_the_address(engine: FakeEngine) -> None:
    app = press(visit({"steps": "many"}), "Train")
    assert len(engine.all) == 1 and not app.warning
    app.run()
    assert not app.warning and "steps" not in app.query_params


def test_pause_resume_and_stop_where_nothing_runs_do_nothing(engine: FakeEngine) -> None:
    app = visit(SMALL)
    for name in ("Pause", "Stop"):
        assert not press(app, name).exception
    assert not engine.all


def test_what_is_looked_at_reaches_the_script_of_a_page_that_speaks_of_it(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = press(visit(SMALL, "gradients"), "Train")
    engine.all[0].train()
    app = tell(app, step=0, probe=1)
    assert state_of(app).looked == {"step": 0, "probe": 1}
    assert not app.exception and not app.error
    assert "Clipped to" in words(app)


@pytest.mark.parametrize("looked", [
    {"step": "4"}, {"step": 10**9}, {"step": -5}, {"probe": 99}, {"layer": 7}, {"direction": "up"}, {"probe": None},
])  # fmt: skip
def test_what_is_not_there_to_look_at_falls_back(engine: FakeEngine, looked: dict[str, Any]) -> None:
    app = press(visit(SMALL, "gradients"), "Train")
    engine.all[0].train()
    app = tell(app, **looked)
    assert not app.exception and not app.error
