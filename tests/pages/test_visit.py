"""What a visitor sees and changes, page by page, without a browser."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from pages._ui.frame import registry
from pages._ui.frame.registry import Need

NAVIGATION = str(Path(__file__).parents[2] / "pages" / "navigation.py")
PAGES = tuple(name for name, spec in registry.pages().items() if spec.needs is Need.RUN)
CHARTS = dict.fromkeys((None, *PAGES), 3) | {"anatomy": 2}  # at least
SMALL = {"steps": "4", "length": "6", "models": "rnn:hidden=4,lstm:hidden=4,gru:hidden=4"}


def visit(query=None, page=None):
    app = AppTest.from_file(NAVIGATION, default_timeout=30)
    for name, value in (query or {}).items():
        app.query_params[name] = value
    app.run()
    return app.switch_page(f"{page}.py").run() if page else app


def words(app):
    """All text on the page as it is read: without the backslashes that keep Markdown out of it."""
    texts = [element.value for element in [*app.markdown, *app.caption, *app.info, *app.warning, *app.error]]
    return re.sub(r"\\(.)", r"\1", " ".join(texts))


def press(app, name):
    next(button for button in app.button if button.label == name).click()
    return app.run()


def buttons(app):
    return [button.label for button in app.button]


@pytest.mark.parametrize("page", [None, *PAGES[1:]])
def test_before_the_first_run_every_page_shows_the_shipped_one_and_says_so(engine, page):
    app = visit(page=page)
    assert not app.exception
    assert "Press **Train**" in words(app)
    assert "a finished run of this experiment, shipped with the app" in words(app)
    assert "finished" not in app.main.markdown[0].value
    assert len(app.get("vega_lite_chart")) >= CHARTS[page]


@pytest.mark.parametrize("page", [None, *PAGES[1:]])
def test_an_experiment_that_nobody_trained_shows_no_other_run_but_the_way_to_one(engine, state_of, page):
    app = visit({"task": "recall"}, page)
    assert not app.exception and not app.get("vega_lite_chart")
    assert "Nobody has trained “Recall the first letter” with these settings yet." in words(app)
    app = press(app, "See a finished run of the default experiment")
    assert state_of(app).experiment == rv.Experiment()
    assert len(app.get("vega_lite_chart")) >= CHARTS[page]


def test_what_every_control_stands_at_is_also_its_default(engine):
    """A browser that has to make a widget anew falls back to the default that it was told last."""
    models = (
        "rnn:hidden=4:init=scaled:sigma_max=2,lstm:hidden=4:layers=2:skip=true:dropout=0.5,gru:hidden=4:reset=before"
    )
    app = visit(SMALL | {"task": "text", "corpus": "own", "text": "to be", "lr": "0.003", "models": models})
    app.sidebar.checkbox(key="experiment.on.0").uncheck()
    app.sidebar.slider(key="experiment.1.hidden").set_value(9)
    app.sidebar.number_input(key="experiment.training.seed").set_value(5)
    app.run()
    for one in (*app.checkbox, *app.text_area):
        assert one.proto.default == one.value, one.label
    for one in app.number_input:
        assert (one.proto.default if one.proto.HasField("default") else None) == one.value, one.label
    for one in app.slider:
        assert list(one.proto.default) == [one.value], one.label
    for one in app.select_slider:
        assert one.options[int(one.proto.default[0])] == f"{one.value:g}", one.label
    for one in app.selectbox:
        assert one.proto.default == one.index, one.label


def test_before_the_first_run_the_card_says_what_this_is_and_keeps_the_answer_for_later(engine):
    app = visit()
    card = [element.value for element in app.markdown]
    intro = next(index for index, text in enumerate(card) if "Three kinds of recurrent network" in text)
    guess = next(index for index, text in enumerate(card) if "Make a guess" in text)
    assert intro < guess
    (measured,) = [box for box in app.expander if box.label.startswith("What we measured")]
    assert measured.markdown[0].value.startswith("With the default settings") and not measured.proto.expanded


def test_beside_a_run_the_task_is_one_click_away(engine):
    app = press(visit(SMALL), "Train")
    (card,) = [box for box in app.expander if box.label.startswith("Task: add two marked numbers")]
    assert "their sum is asked" in card.markdown[0].value and "What we measured" in card.markdown[1].value
    assert "Three kinds of recurrent network" not in words(app)


def test_a_run_whose_settings_were_changed_goes_on_and_can_be_gone_back_to(engine, state_of):
    app = press(visit(SMALL), "Train")
    (job,) = engine.jobs.values()
    job.status = "training"
    app.sidebar.slider(key="experiment.task.length").set_value(30).run()
    assert "Your run of *Add two marked numbers* with other settings is still training (step 0 of 4)" in words(app)
    assert job.wants(state_of(app).visitor) == "run"
    app.switch_page("gates.py").run()
    app = press(app, "Back to that run")
    assert state_of(app).experiment == job.experiment and app.query_params["length"] == "6"
    assert "Your run of" not in words(app) and "Pause" in buttons(app)


def test_who_trains_the_new_settings_leaves_the_run_before(engine, state_of):
    app = press(visit(SMALL), "Train")
    app.sidebar.slider(key="experiment.task.length").set_value(30).run()
    app = press(app, "Train")
    first, second = engine.jobs.values()
    assert not first.watchers and second.watchers == 1
    assert "Your run of" not in words(app)


def test_train_pause_resume_stop(engine, state_of):
    app = press(visit(SMALL), "Train")
    (job,) = engine.jobs.values()
    assert job.experiment.training.steps == 4
    assert "number 2 in the queue" in words(app)
    job.status = "training"
    assert "410 steps/s · 1.2 s left" in words(app.run())
    assert "Train" not in buttons(app)
    app = press(app, "Pause")
    assert job.status == "paused" and "paused at step 0 of 4" in words(app)
    app = press(app, "Resume")
    assert job.status == "training"
    app = press(app, "Stop")
    assert job.status == "stopped" and "stopped at step 0 of 4" in words(app)
    assert "Train" in buttons(app)


def test_a_setting_typed_just_before_the_click_on_train_comes_with_it(engine):
    """A click takes the focus from a field, so that both reach the server at once."""
    app = visit(SMALL)
    app.sidebar.number_input(key="experiment.training.seed").set_value(77)
    press(app, "Train")
    (job,) = engine.jobs.values()
    assert job.experiment.training.seed == 77
    assert app.query_params["seed"] == "77" and "Train" not in buttons(app)


def test_a_late_browser_that_repeats_what_it_was_told_does_not_move_the_slider(engine, state_of):
    app = press(visit(SMALL), "Train")
    (job,) = engine.jobs.values()
    job.status = "training"
    first, second, *_ = rv.train(job.experiment)
    for frame in (first, second):
        job.run.append(frame)
        app.run()

    def move(step):
        app.slider(key="moment.step").set_value(step).run()
        return state_of(app).step

    assert move(0) == 0
    assert move(second.step) == 0, "it was told that step while it followed, just before it was moved"
    for _ in range(8):
        app.run()
    assert move(second.step) == second.step, "by now the browser has caught up: that was a visitor"


def test_a_finished_run_is_shown_with_its_sentences_on_every_page(engine):
    app = press(visit(SMALL), "Train")
    (job,) = engine.jobs.values()
    for frame in rv.train(job.experiment):
        job.run.append(frame)
    job.status = "finished"
    app.run()
    assert "**finished**: step 4 of 4" in words(app)
    assert "After 4 steps" in words(app)
    assert "change a setting or the seed to train again" in words(app)
    assert "has run to its end" in press(app, "Train").toast[0].value and len(engine.jobs) == 1
    for page in PAGES:
        app.switch_page(f"{page}.py").run()
        assert not app.exception and not app.error
        assert "**finished**" in words(app)
        assert len(app.get("vega_lite_chart")) >= CHARTS[page]
    app.switch_page("gates.py").run()
    assert "The simple RNN has no gates" in words(app)


@pytest.mark.parametrize("task, charts, codes", [("waves", 1, 0), ("brackets", 0, 1)])
def test_where_every_step_asks_the_states_come_with_the_answers(engine, task, charts, codes):
    app = press(visit({**SMALL, "task": task}, "states"), "Train")
    (job,) = engine.jobs.values()
    for frame in rv.train(job.experiment):
        job.run.append(frame)
    job.status = "finished"
    app.run()
    assert not app.exception and not app.error
    assert len(app.get("vega_lite_chart")) == 3 + charts + 1
    assert sum("right" in code.value for code in app.main.code) == codes


def test_stopping_what_others_watch_leaves_it_to_them(engine, state_of):
    app = press(visit(SMALL), "Train")
    (job,) = engine.jobs.values()
    job.status = "training"
    job.watch("somebody else")
    app = press(app, "Stop")
    assert job.status == "training"
    assert "You have left this run" in words(app)
    app = press(app, "Train")
    assert job.watchers == 2


def test_a_control_changes_the_experiment_and_the_address(engine, state_of):
    app = visit()
    app.sidebar.slider(key="experiment.task.length").set_value(30).run()
    assert state_of(app).experiment.task.length == 30
    assert app.query_params["length"] == "30"
    app.sidebar.checkbox(key="experiment.on.0").uncheck().run()
    assert state_of(app).experiment.labels == ("lstm", "gru")
    app.sidebar.slider(key="experiment.width").set_value(16).run()
    assert {model.hidden for model in state_of(app).experiment.models} == {16}
    assert rv.Experiment.from_query(dict(app.query_params)) == state_of(app).experiment


def test_another_task_comes_with_its_own_defaults(engine, state_of):
    app = visit()
    app.sidebar.selectbox(key="experiment.task").select("recall").run()
    assert state_of(app).experiment == rv.Experiment(rv.task("recall"))
    assert app.query_params["task"] == "recall"


def test_no_cell_at_all_is_refused_with_a_sentence_and_nothing_is_lost(engine, state_of):
    app = visit({"models": "gru"})
    before = state_of(app).experiment
    app.sidebar.checkbox(key="experiment.on.2").uncheck().run()
    assert "Switch on at least one cell." in words(app)
    assert state_of(app).experiment == before
    assert press(app, "Train").toast[0].value.startswith("Switch on at least one cell") and not engine.jobs


def test_an_experiment_too_large_for_the_server_is_refused_in_the_sidebar(engine, state_of):
    app = visit()
    app.sidebar.slider(key="experiment.task.length").set_value(400).run()
    app.sidebar.slider(key="experiment.width").set_value(256).run()
    app.sidebar.slider(key="experiment.training.batch").set_value(256).run()
    assert "must be" in app.sidebar.error[0].value


@pytest.mark.parametrize("query, named", [
    ({"steps": "many"}, "steps"),
    ({"task": "<b>x</b>"}, "task"),
    ({"models": "rnn:hidden=0"}, "hidden"),
    ({"lr": "inf"}, "lr"),
    ({"nonsense": "1"}, "nonsense"),
    ({"task": "text", "models": "lstm:bidirectional=true"}, "bidirectional"),
])  # fmt: skip
def test_a_bad_link_is_one_sentence(engine, state_of, query, named):
    app = visit(query)
    assert not app.exception
    (said,) = app.warning
    assert named in said.value and said.value.count("cannot be run") == 1
    assert state_of(app).experiment == rv.Experiment()


def test_training_in_spite_of_a_bad_link_mends_the_address(engine, state_of):
    app = press(visit({"steps": "many"}), "Train")
    assert not app.warning and "steps" not in app.query_params
    assert len(engine.jobs) == 1


def test_what_a_link_says_is_never_read_as_markdown(engine):
    (said,) = visit({"task": "![](http://example.invalid/x.png)"}).warning
    assert "![](" not in said.value and r"\!\[\]\(" in said.value


def test_what_mail_programs_add_to_a_link_is_passed_over(engine, state_of):
    app = visit({"task": "recall", "utm_source": "mail", "fbclid": "1"})
    assert not app.warning and state_of(app).experiment == rv.Experiment(rv.task("recall"))


def test_a_link_brings_the_whole_experiment(engine, state_of):
    wanted = rv.Experiment(
        rv.task("recall", lag=12),
        (rv.ModelSpec("gru", 8), rv.ModelSpec("lstm", 8, layers=2), rv.ModelSpec("lstm", 9)),
        rv.TrainingSpec(steps=7, lr=0.02, clip=None, seed=3),
    )
    app = visit(rv.query.to_params(wanted))
    assert state_of(app).experiment == wanted
    assert not app.error and not app.warning


def test_a_link_with_a_long_text_asks_for_it(engine, state_of):
    app = visit({"task": "text", "corpus": "own", "text_hash": "0" * 16})
    assert "too long to travel in it" in words(app)
    assert state_of(app).wanted == "0" * 16


def test_a_learning_rate_and_a_clip_from_a_link_are_offered_beside_the_usual_ones(engine, state_of):
    app = visit({"lr": "0.0123", "clip": "none"})
    rate, clip = (app.sidebar.select_slider(key=f"experiment.training.{name}") for name in ("lr", "clip"))
    assert state_of(app).experiment.training.lr == 0.0123 and state_of(app).experiment.training.clip is None
    assert "0.0123" in rate.options and "none" in clip.options
    rate.set_value(0.003).run()
    app.sidebar.select_slider(key="experiment.training.clip").set_value(3.0).run()
    training = state_of(app).experiment.training
    assert (training.lr, training.clip) == (0.003, 3.0)
    assert "0.0123" in app.sidebar.select_slider(key="experiment.training.lr").options


def test_the_sidebar_offers_what_a_model_can_use_and_the_rest_falls_back(engine, state_of):
    app = visit(SMALL)

    def offered(name):
        return name in [one.key for one in (*app.sidebar.select_slider, *app.sidebar.checkbox)]

    app.sidebar.selectbox(key="experiment.0.init").select("scaled").run()
    app.sidebar.select_slider(key="experiment.0.sigma_max").set_value(2.0).run()
    model = state_of(app).experiment.models[0]
    assert (model.init, model.sigma_max) == ("scaled", 2.0)
    app.sidebar.selectbox(key="experiment.0.init").select("identity").run()
    model = state_of(app).experiment.models[0]
    assert (model.init, model.sigma_max) == ("identity", None) and not offered("experiment.0.sigma_max")
    assert not offered("experiment.1.skip")
    app.sidebar.number_input(key="experiment.1.layers").set_value(2).run()
    app.sidebar.checkbox(key="experiment.1.skip").check()
    app.sidebar.number_input(key="experiment.1.dropout").set_value(0.5).run()
    model = state_of(app).experiment.models[1]
    assert (model.layers, model.skip, model.dropout) == (2, True, 0.5)
    app.sidebar.number_input(key="experiment.1.layers").set_value(1).run()
    model = state_of(app).experiment.models[1]
    assert (model.layers, model.skip, model.dropout) == (1, False, 0.0)
    assert not app.error and not app.exception and not state_of(app).refusal
    app.sidebar.selectbox(key="experiment.2.reset").select("before").run()
    assert state_of(app).experiment.models[2].reset == "before"
    assert rv.Experiment.from_query(dict(app.query_params)) == state_of(app).experiment


def test_a_link_with_every_convention_stands_in_the_sidebar(engine, state_of):
    models = "rnn:activation=sigmoid:init=scaled:sigma_max=1.7,lstm:layers=2:skip=true:dropout=0.25,gru:reset=before"
    app = visit({"models": models})
    assert not app.warning and not app.error
    rnn, lstm, gru = state_of(app).experiment.models
    assert (rnn.activation, rnn.init, rnn.sigma_max) == ("sigmoid", "scaled", 1.7)
    assert (lstm.skip, lstm.dropout, gru.reset) == (True, 0.25, "before")
    assert "1.7" in app.sidebar.select_slider(key="experiment.0.sigma_max").options
    assert app.query_params["models"] == models


def test_parameters_are_counted_under_every_model(engine):
    app = visit(SMALL)
    assert "Parameters: 4 × (4×2 + 4×4 + 2×4) + (1×4 + 1) = 133" in words(app)
    app.sidebar.slider(key="experiment.2.hidden").set_value(10).run()
    assert "Parameters: 3 × (10×2 + 10×10 + 2×10) + (1×10 + 1) = 431" in words(app)


def test_an_own_text_that_is_not_there_yet_is_asked_for_and_no_other_run_shown(engine):
    app = visit({"task": "text"})
    app.sidebar.selectbox(key="experiment.task.corpus").select("own").run()
    assert words(app).count("Paste or upload a text in the sidebar") == 3
    assert not app.get("vega_lite_chart") and "finished**" not in words(app)
    assert "Paste or upload" in press(app, "Train").toast[0].value and not engine.jobs


def test_an_unexpected_error_is_an_apology_with_a_number_that_stands_in_the_log(engine, caplog):
    def broken(key):
        raise KeyError("a secret")

    engine.find = broken
    app = visit()
    number = app.error[0].value.split("number ")[1].split(".")[0]
    assert "a secret" not in words(app)
    assert any(number in record.getMessage() and record.exc_info for record in caplog.records)
