"""Models that cannot be asked, and answers that are none."""

import pytest

import rnnviz as rv
from tests.pages.attention.test_attention import VIEWS, html, trained, view
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import words

LARGE = "rnn:hidden=32:activation=relu:init=scaled:sigma_max=10"
ENDED = {"task": "reverse", "length": "20", "steps": "4", "seed": "5", "lr": "0.000001"}
LONG = {"task": "reverse", "length": "8", "steps": "2", "batch": "8", "seed": "0", "lr": "0.000001"}
WAYS = ("Greedy", "Sampling", "Beam")


def test_a_model_without_a_first_frame_is_left_out_of_every_view(engine: FakeEngine) -> None:
    app, job = trained(engine, ENDED | {"models": f"{LARGE},gru:hidden=4:attention=dot"})
    assert "rnn-without" in job.run.ended and [*job.run.frames[0].models] == ["gru"]
    assert "It ended before its first picture." in words(app) and "it writes" in words(app) and not app.error
    for name in VIEWS:
        app = view(app, name)
        assert not app.exception and not app.error, name
        assert not any(one.label == "Model" and len(one.options) > 1 for one in (*app.selectbox, *app.button_group))
    with pytest.raises(LookupError, match="ended before its first frame"):
        job.run.translate("abc", "rnn-without")


def test_where_no_model_has_a_first_frame_that_is_said(engine: FakeEngine) -> None:
    app, _ = trained(engine, ENDED | {"models": LARGE})
    assert "No model of this run got as far as its first picture" in words(app)
    assert not app.exception and not app.error


def test_an_input_on_which_numbers_overflow_is_refused_in_every_view(engine: FakeEngine) -> None:
    app, job = trained(engine, LONG | {"models": f"{LARGE}:attention=dot"})
    app.text_input(key="attention.own.reverse").set_value("abcdefghijabcdef").run()
    for name in ("By itself", "Step by step", "Force it"):
        app = view(app, name)
        assert "stay finite" in app.error[0].value and "nan" not in html(app)
    app = view(app, "Search")
    for way in WAYS:
        app = app.button_group(key="attention.search.way").set_value(way).run()
        assert "stay finite" in app.error[0].value and not app.exception
    with pytest.raises(rv.ExperimentError, match="stay finite"):
        job.run.translate("abcdefghijabcdef", "rnn")
