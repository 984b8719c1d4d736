"""Every page for tasks that are answered by sequences: encoder and decoder, with attention and without."""

import json

import pytest

import rnnviz as rv
from pages._ui.attention import pictures
from pages._ui.attention.warm import warm
from pages._ui.run import sequence_input, shipped
from rnnviz.tasks import TASKS
from tests.pages.test_laboratory import at_once, choose  # noqa: F401
from tests.pages.test_visit import PAGES, press, visit, words

NAMES = [name for name, kind in TASKS.items() if kind.answers == "sequence"]
MODELS = {
    "the task's own": "gru:hidden=4:bidirectional=true:attention=additive,gru:hidden=4:bidirectional=true",
    "mixed cells": "lstm:hidden=4:attention=dot:decoder=gru,gru:hidden=4:attention=general:decoder=lstm,rnn:hidden=4",
    "deep": "lstm:hidden=4:layers=2:bidirectional=true:attention=general:decoder=rnn,lstm:hidden=4:layers=2",
}
TINY = {"steps": "3", "batch": "4"}


def frames(job, count):
    for frame in list(rv.train(job.experiment))[:count]:
        job.run.append(frame)


def every_page(app):
    for page in PAGES:
        app.switch_page(f"{page}.py").run()
        assert not app.exception, page
        assert not app.main.error, page
        yield page


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("models", MODELS)
def test_every_page_before_during_and_after_training(engine, name, models):
    app = visit({"task": name, "models": MODELS[models]} | TINY)
    assert not app.exception and not app.sidebar.error
    for _ in every_page(app):
        assert not app.get("vega_lite_chart") and "Nobody has trained" in words(app)
    app = press(app, "Train")
    (job,) = engine.jobs.values()
    job.status = "training"
    frames(job, 2)
    for page in every_page(app):
        assert app.get("vega_lite_chart"), page
    frames(job, None)
    job.status = "finished"
    for page in every_page(app):
        assert len(app.get("vega_lite_chart")) >= 2, page


def finished(engine, query, page):
    app = press(visit(query | TINY, page), "Train")
    job = engine.jobs[list(engine.jobs)[-1]]
    frames(job, None)
    job.status = "finished"
    return app.run(), job


def box(app, index, name):
    return app.sidebar.selectbox(key=f"experiment.{index}.{name}")


def keys(app):
    return {one.key for one in (*app.sidebar.selectbox, *app.sidebar.number_input, *app.sidebar.checkbox)}


def test_the_sidebar_offers_every_cell_with_attention_and_what_goes_without(engine, state_of):
    app = visit({"task": "dates"})
    names = [one.label for one in app.sidebar.checkbox if one.key.startswith("experiment.on.")]
    assert names == ["RNN", "LSTM", "GRU", "GRU without attention"]
    assert "task" in app.query_params and "models" not in app.query_params
    app.sidebar.checkbox(key="experiment.on.1").check().run()
    experiment = state_of(app).experiment
    assert experiment.labels == ("lstm", "gru", "gru-without")
    assert experiment.models[0].attention == "additive" and experiment.models[0].bidirectional
    assert rv.Experiment.from_query(dict(app.query_params)) == experiment


def test_a_model_is_called_what_its_attention_makes_it(engine, state_of):
    app = visit({"task": "sort", "models": "gru:hidden=4:attention=dot"})
    assert box(app, 2, "attention").options[0] == "none: one context vector"
    box(app, 2, "attention").select("none").run()
    assert app.sidebar.checkbox(key="experiment.on.2").label == "GRU without attention"
    assert state_of(app).experiment.models == (rv.ModelSpec("gru", 4),)


def test_dot_is_not_offered_to_an_encoder_in_both_directions_and_refused_with_a_sentence_where_it_stands(
    engine, state_of
):
    app = visit({"task": "sort", "models": "gru:hidden=4:attention=dot"})
    before = state_of(app).experiment
    both = app.sidebar.checkbox(key="experiment.2.bidirectional")
    assert both.label == "Encoder in both directions"
    both.check().run()
    (refused,) = app.sidebar.error
    assert "additive or general for an encoder in two directions" in refused.value
    assert state_of(app).experiment == before and not app.exception
    box(app, 2, "attention").select("general").run()
    assert not app.sidebar.error and state_of(app).experiment.models[0].bidirectional
    assert [one[:3] for one in box(app, 2, "attention").options] == ["non", "add", "gen"]


def test_settings_of_a_cell_are_offered_where_either_half_is_one(engine, state_of):
    app = visit({"task": "sort", "models": "gru:hidden=4:attention=dot"})
    assert box(app, 2, "decoder").options == ["same as the encoder", "RNN", "LSTM"]
    assert not {"experiment.2.forget_bias", "experiment.2.activation"} & keys(app)
    box(app, 2, "decoder").select("lstm").run()
    assert {"experiment.2.forget_bias", "experiment.2.reset"} <= keys(app)
    app.sidebar.number_input(key="experiment.2.forget_bias").set_value(1.0).run()
    box(app, 2, "decoder").select("rnn").run()
    assert "experiment.2.activation" in keys(app) and not app.sidebar.error
    assert state_of(app).experiment.models == (rv.ModelSpec("gru", 4, attention="dot", decoder="rnn"),)


def test_what_the_decoder_is_fed_goes_into_the_address(engine, state_of):
    app = visit({"task": "sort"})
    assert app.sidebar.selectbox(key="experiment.training.schedule").label == "How it falls"
    app.sidebar.selectbox(key="experiment.training.schedule").select("linear")
    app.sidebar.number_input(key="experiment.training.teacher_forcing").set_value(0.5).run()
    assert app.query_params["schedule"] == "linear" and app.query_params["teacher_forcing"] == "0.5"
    again = visit({"task": "sort", "schedule": "linear", "teacher_forcing": "0.5"})
    assert state_of(again).experiment == state_of(app).experiment


@pytest.mark.parametrize("name", NAMES)
def test_no_way_from_task_to_task_leaves_what_cannot_be_run(engine, state_of, name):
    app = visit({"task": name, "schedule": "linear", "models": "gru:attention=additive:decoder=lstm"})
    for other in ("adding", name, "text", NAMES[0], "waves"):
        app.sidebar.selectbox(key="experiment.task").select(other).run()
        assert not app.exception and not app.sidebar.error
        assert state_of(app).experiment == rv.Experiment(rv.task(other))
    assert not [key for key in keys(app) if key and key.endswith(("attention", "decoder", "schedule"))]


def test_what_is_read_and_what_is_written_is_said(engine):
    app, job = finished(engine, {"task": "dates", "models": MODELS["the task's own"]}, None)
    frame = job.run.model_frame("gru")
    written = job.experiment.task.write(frame.translated["written"][:, 0])
    for page in ("compare", "states", "gates"):
        app.switch_page(f"{page}.py").run()
        said = words(app)
        assert "(German, written out): **14. märz 2026**. To be written: **2026-03-14**" in said
        assert f"writes by itself: **{written or 'nothing'}** (wrong)" in said
        assert any("attention" in str(link.proto) for link in app.get("page_link") if "looks" in str(link.proto))
    (lines,) = [code.value for code in app.switch_page("states.py").run().main.code]
    assert lines.split("\n")[:2] == ["read" + " " * 19 + "14. märz 2026", "right" + " " * 18 + "2026-03-14"]


def test_why_not_all_units_can_be_pointed_at(engine):
    app, _ = finished(engine, {"task": "dates", "models": "gru:hidden=128:attention=dot"}, "states")
    assert "Shown are the first 83 of 128 units: at most 2,000 cells can be pointed at." in words(app)  # 24 steps


def test_a_title_keeps_the_names_in_it(engine):
    assert "Nobody has trained “Translate German into English” with these settings" in words(visit({"task": "phrases"}))


@pytest.mark.parametrize("content", [None, b"no run"])
def test_a_shipped_run_that_cannot_be_read_is_not_there(engine, tmp_path, monkeypatch, caplog, content):
    if content:
        (tmp_path / "dates.safetensors").write_bytes(content)
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    shipped.load.cache_clear()
    try:
        app = visit({"task": "dates"}, "attention")
        for _ in every_page(app):
            assert "Nobody has trained" in words(app)
            assert not [one.label for one in app.button if one.label.startswith("See a finished run")]
    finally:
        shipped.load.cache_clear()
    assert caplog.text.count("A shipped run is not there") == 1


def test_the_first_picture_of_attention_finds_its_structure_made(engine):
    warm(None)
    chosen = rv.task("dates")
    given = sequence_input.of_probe(chosen, 0)
    blank = pictures.heatmap(chosen, given, None)
    app, _ = finished(engine, {"task": "dates", "models": "gru:hidden=4:attention=dot"}, "attention")
    (chart,) = app.get("vega_lite_chart")[:1]
    assert json.loads(chart.proto.spec)["layer"] == json.loads(json.dumps(blank.spec["layer"]))


def test_what_is_right_is_called_right(engine):
    import dataclasses

    app, job = finished(engine, {"task": "dates", "models": "gru:hidden=4:attention=dot"}, None)
    frame = job.run.frames[-1]
    model = frame.models["gru"]
    targets = job.experiment.task.probes().batch.targets
    model.translated["written"][:] = targets
    job.run.frames[-1] = dataclasses.replace(frame, models={"gru": dataclasses.replace(model)})
    assert "writes by itself: **2026-03-14** (right)" in words(app.run())


def test_the_laboratory_is_about_the_encoder_and_offers_nothing_else(engine):
    app, _ = finished(engine, {"task": "sort", "models": MODELS["mixed cells"]}, "gradients")
    assert "Of the encoder alone" in words(app) and "Here it is that of the encoder." in words(app)
    group = next(one for one in app.button_group if one.key == "view.closer")
    assert group.options == ["How far it reaches", "Step by step"]
    app = choose(app, "view.closer", "Step by step")
    assert not app.exception and not app.main.error and "through the cell" in words(app)


def test_the_encoder_reads_an_input_of_one_s_own(engine):
    app, _ = finished(engine, {"task": "reverse", "models": MODELS["the task's own"]}, "anatomy")
    assert "The encoder reads" in words(app) and "the encoder of the GRU reads **j**" in words(app)
    app.text_input(key="attention.own.reverse").set_value("abcde").run()
    assert "Step 2 of 5: the encoder of the GRU reads **b**" in words(app) and not app.exception
    app.text_input(key="attention.own.reverse").set_value("xyz").run()
    assert "Shown is your last input that could be read." in app.main.error[0].value


@pytest.mark.parametrize("models", MODELS)
def test_the_decoder_is_taken_apart_like_the_encoder(engine, models):
    app, job = finished(engine, {"task": "reverse", "models": MODELS[models]}, "anatomy")
    app = choose(app, "anatomy.half", "decoder")
    assert not app.exception and "It writes: " in words(app) and "hat h_t" in words(app)
    if models == "deep":
        app.selectbox(key="view.layer").select_index(1).run()
    assert "is fed a sign to **start**" in words(app.button(key="anatomy.back").click().run())
    app.button(key="anatomy.on").click().run()
    assert "which it wrote last" in words(app) or "Step 1 of 1" in words(app)
    for label in (*job.experiment.labels[1:], "side by side"):
        app = choose(app, "anatomy.model", label)
        assert not app.exception and not app.main.error, label
        assert len(app.get("vega_lite_chart")) >= 2
    without = [label for label in job.experiment.labels if not job.experiment.model(label).attention]
    app = choose(app, "anatomy.model", without[0])
    assert "All that it knows of the input is in its state." in words(app) and "Its attention" not in words(app)
    app = choose(app, "anatomy.shown", "mean of all units")
    assert not app.exception and ("It writes: " in words(app) or "read by the layer above" in words(app))
