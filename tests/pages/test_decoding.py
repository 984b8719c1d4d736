"""Models that cannot be asked, answers that are none, and how many questions are kept."""

import concurrent.futures

import pytest

import rnnviz as rv
from pages._ui.attention import decoding
from tests.pages.test_attention import VIEWS, html, trained, view
from tests.pages.test_visit import words

LARGE = "rnn:hidden=32:activation=relu:init=scaled:sigma_max=10"
ENDED = {"task": "reverse", "length": "20", "steps": "4", "seed": "5", "lr": "0.000001"}
LONG = {"task": "reverse", "length": "8", "steps": "2", "batch": "8", "seed": "0", "lr": "0.000001"}
WAYS = ("Greedy", "Sampling", "Beam")


def test_a_model_without_a_first_frame_is_left_out_of_every_view(engine):
    app, job = trained(engine, ENDED | {"models": f"{LARGE},gru:hidden=4:attention=dot"})
    assert "rnn-without" in job.run.ended and [*job.run.frames[0].models] == ["gru"]
    assert "It ended before its first picture." in words(app) and "it writes" in words(app) and not app.error
    for name in VIEWS:
        app = view(app, name)
        assert not app.exception and not app.error, name
        assert not any(one.label == "Model" and len(one.options) > 1 for one in (*app.selectbox, *app.button_group))
    with pytest.raises(LookupError, match="ended before its first frame"):
        job.run.translate("abc", "rnn-without")


def test_where_no_model_has_a_first_frame_that_is_said(engine):
    app, _ = trained(engine, ENDED | {"models": LARGE})
    assert "No model of this run got as far as its first picture" in words(app)
    assert not app.exception and not app.error


def test_an_input_on_which_numbers_overflow_is_refused_in_every_view(engine):
    app, job = trained(engine, LONG | {"models": f"{LARGE}:attention=dot"})
    app.text_input(key="attention.own.reverse").set_value("abcdefghijabcdef").run()
    for name in ("Watch", "Step by step", "Force it"):
        app = view(app, name)
        assert "stay finite" in app.error[0].value and "nan" not in html(app)
    app = view(app, "Search")
    for way in WAYS:
        app = app.button_group(key="attention.search.way").set_value(way).run()
        assert "stay finite" in app.error[0].value and not app.exception
    with pytest.raises(rv.ExperimentError, match="stay finite"):
        job.run.translate("abcdefghijabcdef", "rnn")


def answered(found):
    waiting = concurrent.futures.Future()
    waiting.set_exception(found) if isinstance(found, Exception) else waiting.set_result(found)
    return waiting


def test_of_runs_in_training_so_many_questions_are_kept_and_no_more(monkeypatch):
    monkeypatch.setattr(decoding, "MOST_LATEST", 3)
    kept = decoding._Kept()
    for about in range(10):
        for _ in range(2):
            decoding._latest(kept, about, 1, lambda: answered({}))
    assert [*kept.newest] == [7, 8, 9] and {*kept.latest} == {7, 8, 9}
    decoding._latest(kept, "never seen again", 1, concurrent.futures.Future)
    assert [*kept.newest] == [8, 9, "never seen again"] and {*kept.latest} == {8, 9}


def test_what_some_weights_refuse_later_ones_are_asked_again():
    kept, no = decoding._Kept(), rv.ExperimentError("input", "one that stays finite", "abc")
    assert decoding._latest(kept, "about", 1, lambda: answered(no)) is None
    for step in (1, 2):
        with pytest.raises(rv.ExperimentError, match="stays finite"):
            decoding._latest(kept, "about", step, lambda: answered({}))
    seen = decoding._latest(kept, "about", 2, lambda: answered({}))
    assert seen is not None and seen.step == 2
