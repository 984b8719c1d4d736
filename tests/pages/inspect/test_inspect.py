"""A model of one's own on the inspect page: brought, chosen from, refused, put away."""

import gc
from typing import Any, Never
from unittest import mock

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from torch import nn

from pages._ui.inspect import kept
from pages._ui.inspect.kept import OwnModel, OwnModelSlot
from rnnviz.checkpoints.brought import Brought, Layer
from rnnviz.core import limits
from rnnviz.engine import EngineError, questions
from tests.pages.fakes import FakeEngine
from tests.pages.inspect.bringing import GRU, LSTM, RNN, box, bring, charts, line, stage, variables
from tests.pages.visiting import SMALL, StateOf, press, visit, words
from tests.support.checkpoints import HOSTILE, picture, tagger, torch_file
from tests.support.refusals import SCRIPT


def test_before_anything_is_brought_the_page_says_what_can_be(app: AppTest) -> None:
    assert not app.exception and not charts(app) and stage(app) is None
    said = words(app)
    assert "torch.save(model.state_dict(), " in said and "Nobody else sees them" in said and "open_checkpoint" in said


def test_the_sample_shows_everything_at_one_click(app: AppTest, engine: FakeEngine) -> None:
    app = press(app, "Try it with a sample model")
    assert not app.exception and charts(app) == LSTM
    said = words(app)
    assert variables(app) == ["hidden", "cell", "forget_gate", "input_gate", "output_gate", "cell_candidate"]
    assert "LSTM, 1 layer in both directions, 8 inputs, 16 units" in said
    assert "Parameters: 2 × 4 × (16×8 + 16×16 + 2×16) = 3,328" in said
    assert line(app) == "Made up by this page, chosen by nobody: a few brackets and letters."
    before = list(engine.asked)
    app.run()
    assert engine.asked == before
    box(app.selectbox, "Direction").set_value(1).run()
    assert charts(app) == LSTM and len(engine.asked) == len(before) + 2


def test_what_is_to_be_seen_is_said_only_of_an_input_that_was_chosen_or_agreed_to(app: AppTest) -> None:
    app = press(app, "Try it with a sample model")
    assert "memory reaches" not in words(app) and "need not be what it does with those" in words(app)
    app = press(app, "Show them for this input")
    said = words(app)
    assert said.index("Made up by this page") < said.index("memory reaches beyond this input")
    box(app.selectbox, "Direction").set_value(1).run()  # the same input
    assert "LSTM: the derivative of the last state" in words(app)
    box(app.text_input, "Text").set_value("a(b)").run()
    assert "Made up" not in words(app) and "Its memory" in words(app)
    assert line(app) == "Your own input: 4 time steps."
    box(app.text_input, "Text").set_value("a(b(c)a)b)c(a(b)").run()
    box(app.selectbox, "It reads").set_value("noise").run()
    assert "its memory" not in words(app) and "need not be what it does with those" in words(app)


def test_the_pictures_show_the_layer_the_direction_and_the_symbols_that_are_chosen(app: AppTest) -> None:
    app = bring(app, torch_file({"state_dict": tagger().state_dict(), "vocab": list("abcdefghijk")}))
    box(app.text_input, "Text").set_value("kiba").run()
    first = stage(app)
    assert first["scene"]["sequences"][0]["tokens"] == list("kiba")
    assert first["scene"]["question"].endswith("layer 2 from below · forward direction · a row is a unit")
    box(app.selectbox, "Direction").set_value(1).run()
    second = stage(app)
    assert (first["run"], first["view"]) == (second["run"], second["view"]) and first["id"] != second["id"]
    assert second["scene"]["question"].endswith("backward direction · a row is a unit")


def test_one_of_several_layers_is_chosen(app: AppTest) -> None:
    weights = {f"enc.lstm.{name}": w for name, w in nn.LSTM(3, 5, 2).state_dict().items()}
    weights |= {f"dec.{name}": w for name, w in nn.RNN(2, 4).state_dict().items()}
    app = bring(app, torch_file(weights))
    assert box(app.selectbox, "Of its layers").value == 1 and "enc.lstm: LSTM, 2 layers" in words(app).replace("**", "")
    box(app.selectbox, "Layer").set_value(1).run()
    assert "dec: RNN, 1 layer, 2 inputs, 4 units" in words(app).replace("**", "") and charts(app) == RNN
    box(app.selectbox, "Activation (no file tells it)").set_value("relu").run()
    assert not app.exception and charts(app) == RNN and variables(app) == ["hidden"]


def test_a_refused_file_says_why_and_the_model_before_it_stays(app: AppTest) -> None:
    app = bring(app, picture(), "picture.pt")
    assert "'picture.pt' cannot be opened as a checkpoint: it is a picture." in words(app) and not charts(app)
    app = press(app, "Try it with a sample model")
    assert "cannot be opened" not in words(app)
    app = bring(app, b"", f"{SCRIPT}*a*.pt")
    assert f"'{SCRIPT}*a*.pt' cannot be opened as a checkpoint: it is empty." in words(app) and charts(app) == LSTM
    app = press(app, "Put away")
    assert "Try it with a sample model" in [button.label for button in app.button] and "it is empty" not in words(app)


def test_every_hostile_file_is_refused_in_its_words(app: AppTest) -> None:
    for name, data, why in HOSTILE[::6]:
        app = bring(app, data, name)
        assert not app.exception and why in words(app), name


def test_the_server_forgets_a_file_that_was_opened(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages._ui.session.streamlit_internals.MemoryUploadedFileManager", object)
    context = mock.Mock()
    monkeypatch.setattr("pages._ui.session.streamlit_internals.get_script_run_ctx", lambda: context)
    bring(bring(app, picture()), torch_file(nn.GRU(2, 4).state_dict()))
    assert len({call.args for call in context.uploaded_file_mgr.remove_file.call_args_list}) == 2


def test_trouble_at_the_engine_is_said_and_does_not_stay(app: AppTest, engine: FakeEngine) -> None:
    def late(*args: Any) -> Never:
        raise EngineError("The answer took longer than 30 seconds. Try again in a moment.")

    engine.answers[questions.CHECKPOINT_CONTENTS.function] = late
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    assert "The answer took longer than 30 seconds" in words(app)
    engine.answers.clear()
    engine.answers[questions.CHECKPOINT_TRACED.function] = late
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    assert "The answer took longer than 30 seconds" in words(app) and not app.exception
    engine.answers.clear()
    assert charts(app.run()) == GRU


def test_names_from_a_file_are_shown_as_they_are(app: AppTest) -> None:
    name = f"a*b*.{SCRIPT}"
    app = bring(app, torch_file({f"{name}.{of}": w for of, w in nn.GRU(2, 4).state_dict().items()}), "<b>x</b>.pt")
    shown = [element.value for element in app.markdown]
    assert any(r"a\*b\*\.\<script\>" in text for text in shown)
    assert [one.proto.popover.label for one in app.get("popover")] == [r"\<b\>x\</b\>\.pt"]
    assert stage(app)["scene"]["question"].startswith(f"a*b*.{SCRIPT}")


def test_what_was_brought_and_chosen_outlives_a_turn_to_another_page(app: AppTest) -> None:
    app = bring(app, torch_file(tagger().state_dict()))
    box(app.selectbox, "Direction").set_value(1)
    app.text_input[0].set_value("1 2 3").run()
    app.switch_page("states.py").run()
    app.switch_page("inspect.py").run()
    assert app.text_input[0].value == "1 2 3" and box(app.selectbox, "Direction").value == 1 and charts(app) == LSTM


def test_another_model_begins_afresh(app: AppTest) -> None:
    app = bring(app, torch_file(tagger().state_dict()))
    app.text_input[0].set_value("1 2 3").run()
    app = bring(app, torch_file(tagger(1).state_dict()))
    assert app.text_input[0].value == "0 1 2 3 4 5 6 7 8 9 10"


def test_every_control_stands_at_its_default(app: AppTest) -> None:
    app = bring(app, torch_file(tagger().state_dict()))
    box(app.selectbox, "Direction").set_value(1)
    app.text_input[0].set_value("1 2 3").run()
    for one in (*app.main.text_input, *app.main.text_area):
        assert one.proto.default == one.value, one.label
    for one in app.main.selectbox:
        assert one.proto.default == one.index, one.label


def test_a_layer_too_wide_for_jacobians_says_so(app: AppTest) -> None:
    app = bring(app, torch_file(nn.LSTM(1, 700, bias=False).state_dict()))
    box(app.number_input, "Time steps").set_value(40).run()
    assert "Jacobians of 700 units take long" in words(app) and charts(app) == 1
    assert all(values.size == 40 * 128 for values in stage(app)["moment"]["models"]["lstm"]["values"].values())


def test_what_was_not_measured_is_said(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnviz.nn.measure.laboratory.MOST_ANALYSED", 10_000_000)
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    assert "Measured was one of every 2 time steps and lags" in words(app) and "up to 1 time step longer" in words(app)
    assert charts(app) == GRU and not app.exception


def test_the_trace_can_be_taken_away(app: AppTest) -> None:
    app = press(app, "Try it with a sample model")
    labels = {one.label for one in app.get("download_button")}  # type: ignore[union-attr]
    assert {"Trace (netCDF)", "Trace (CSV)"} <= labels


def brought(nbytes: int) -> Brought:
    layer = Layer("it", "rnn", 1, 1, 1, 1, False, {"w": np.zeros(nbytes // 4, np.float32)})
    return Brought("x.pt", (layer,), {})


def test_models_that_were_not_used_for_longest_make_room(app: AppTest) -> None:
    gc.collect()
    size = limits.CHECKPOINT_BYTES_KEPT // 3 - 1_000
    first, *others = [OwnModel(brought(size)) for _ in range(4)]
    assert first.brought is None and all(one.brought is not None for one in others)
    del others[0]
    gc.collect()
    last = OwnModel(brought(size))
    assert all(one.brought is not None for one in (*others, last))
    assert others[0].brought is not None
    OwnModel(brought(size))
    assert others[1].brought is None and others[0].brought is not None


def test_what_is_asked_about_a_model_counts_and_goes_with_it(app: AppTest) -> None:
    gc.collect()
    before, size = kept._models.nbytes, limits.BROUGHT_ANSWER_BYTES // 2 - 1_000
    one, asked = OwnModel(brought(4_000)), []

    def answer() -> dict[str, np.ndarray]:
        asked.append(1)
        return {"x": np.zeros(size // 8)}

    for key in ("a", "b", "a"):
        one.answer(key, answer)
    assert len(asked) == 2 and kept._models.nbytes - before > 2 * size
    one.answer("c", answer)
    assert len(asked) == 3 and kept._models.nbytes - before < limits.BROUGHT_ANSWER_BYTES + 5_000
    one.answer("b", answer)
    assert len(asked) == 4, "it had to make room"
    one.settings["rows"] = np.zeros(1_000_000)
    held = kept._models.nbytes
    one.answer("b", answer)
    assert kept._models.nbytes == held + 8_000_000
    one.give_up()
    assert kept._models.nbytes == before and one.brought is None
    one.answer("b", answer)
    assert len(asked) == 5 and kept._models.nbytes == before, "of a model that is gone nothing is kept"


def test_the_largest_model_fits_with_all_that_may_be_asked_about_it() -> None:
    model = limits.LARGEST_CHECKPOINT // 2 * 4  # bytes of so many numbers that 16 bits each make the largest file
    words, rows = 66 * limits.LARGEST_TOKEN_LIST, 4 * limits.MOST_NUMBERS  # a short text takes 58 and its place 8
    assert model + words + rows + limits.BROUGHT_ANSWER_BYTES <= limits.CHECKPOINT_BYTES_KEPT


def test_a_model_that_had_to_make_room_says_so(app: AppTest, state_of: StateOf) -> None:
    app = press(app, "Try it with a sample model")
    state_of(app).own(OwnModelSlot).kept.give_up()
    app.run()
    assert "had to make room" in words(app) and not app.exception and not charts(app)


def test_the_experiment_stands_beside_no_page_that_shows_no_run_and_stays_as_it_was(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = visit(SMALL)
    app.sidebar.checkbox(key="experiment.on.0").uncheck()
    app.sidebar.slider(key="experiment.1.hidden").set_value(9).run()
    chosen = state_of(app).experiment
    app = app.switch_page("inspect.py").run()
    assert not len(app.sidebar) and state_of(app).experiment == chosen
    assert dict(app.query_params)["models"] == "lstm:hidden=9,gru:hidden=4"
    app = app.run().switch_page("compare.py").run()
    assert state_of(app).experiment == chosen and not app.sidebar.checkbox(key="experiment.on.0").value
    assert app.sidebar.slider(key="experiment.1.hidden").value == 9
