"""The Attention page on drawings: the pad, what is typed, an empty drawing, and every view."""

from pages._ui.run.place import AT_ONCE
from tests.pages.attention.test_attention import VIEWS, trained, view
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import parts, words

DRAWN = {"task": "captions", "steps": "2", "models": "gru:hidden=4:attention=additive,gru:hidden=4"}
BOX = "attention.own.captions"


def test_a_drawing_of_ones_own_is_on_the_pad_and_described_and_an_empty_one_too(engine: FakeEngine) -> None:
    app, _ = trained(engine, DRAWN)
    said = words(app)
    assert "Additive attention, convolutional encoder" in said and "Right: **a blue ring above a green cross**" in said
    assert "Of the 36 places the decoder gets only" in said and "made of the average of them all" in said
    assert parts(app)["pad"]["shapes"] == ["blue ring 8 6 medium", "green cross 10 18 medium"]
    app.text_input(key=BOX).set_value("red ring 12 12 large").run()
    assert "Right: **a large red ring**" in words(app) and not app.error
    assert parts(app)["pad"]["shapes"] == ["red ring 12 12 large"]
    laid = parts(app)["gru"]
    assert laid["kind"] == "looked" and len(laid["weights"]) == len(laid["words"]) and len(laid["weights"][0]) == 36
    app.text_input(key=BOX).set_value("nothing").run()
    assert "Right: **nothing**" in words(app) and parts(app)["pad"]["shapes"] == [] and not app.exception


def test_what_is_no_drawing_is_refused_and_what_is_unlike_all_is_told(engine: FakeEngine) -> None:
    app, _ = trained(engine, DRAWN)
    app.text_input(key=BOX).set_value("red ring 12 12 large").run()
    app.text_input(key=BOX).set_value("a red ring").run()
    assert "input must be up to 6 shapes" in app.error[0].value and "Shown is your last input" in app.error[0].value
    assert parts(app)["pad"]["shapes"] == ["red ring 12 12 large"] and not app.exception
    app.text_input(key=BOX).set_value("red ring 12 12").run()
    assert "so nothing is marked right or wrong" in words(app) and "No drawing that is trained on" in words(app)


def test_every_view_shows_a_drawing_and_the_laboratory_says_why_it_measures_nothing(engine: FakeEngine) -> None:
    app, _ = trained(engine, DRAWN)
    for name in VIEWS:
        app = view(app, name)
        assert not app.exception and not app.error, name
        assert "input symbol" not in words(app) and "per symbol. On average" not in words(app), name
    app.switch_page("gradients.py").run()
    assert not app.exception and AT_ONCE in words(app)
