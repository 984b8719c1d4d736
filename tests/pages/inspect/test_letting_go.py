"""What was brought to the inspect page is let go of: weights and inputs die with the model that they came with."""

import gc
import weakref
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from torch import nn

from pages._ui.inspect import views
from pages._ui.inspect.kept import OwnModelSlot
from pages._ui.inspect.vectors import Table
from rnnviz.checkpoints.brought import Brought
from tests.pages.inspect.bringing import box, bring, charts
from tests.pages.visiting import StateOf, press, words
from tests.support.checkpoints import torch_file

Ways = list[weakref.ref[Any]]


def two_layers() -> bytes:
    """A model for which every choice of the page is offered: of a layer, of its levels, directions and embeddings."""
    weights = {f"enc.lstm.{name}": w for name, w in nn.LSTM(5, 6, 2, bidirectional=True).state_dict().items()}
    weights |= {f"dec.rnn.{name}": w for name, w in nn.RNN(5, 4).state_dict().items()}
    weights |= {"enc.embedding.weight": nn.Embedding(7, 5).weight, "dec.embedding.weight": nn.Embedding(9, 5).weight}
    return torch_file(weights)


def weights(app: AppTest, state_of: StateOf) -> Ways:
    """Weak references to the model that the page shows, to its layers and to all their weights."""
    model = state_of(app).own(OwnModelSlot).kept
    assert model is not None and isinstance(model.brought, Brought)
    brought = model.brought
    arrays = [array for layer in brought.layers for array in layer.weights.values()]
    return [weakref.ref(one) for one in (model, brought, *brought.layers, *arrays, *brought.embeddings.values())]


def alive(ways: Ways) -> int:
    gc.collect()
    return sum(way() is not None for way in ways)


def looked_at(app: AppTest) -> AppTest:
    """The page after every choice on it was changed once."""
    app = bring(app, two_layers())
    box(app.selectbox, "Direction").set_value(1).run()
    box(app.selectbox, "Of its layers").set_value(0).run()
    app = press(app, "Show them for this input")
    box(app.selectbox, "Layer").set_value(1).run()
    box(app.selectbox, "Each index becomes").set_value("").run()
    box(app.selectbox, "It reads").set_value("noise").run()
    return press(app, "Show them for this input")


def test_weights_die_when_the_model_is_put_away(app: AppTest, state_of: StateOf) -> None:
    app = looked_at(app)
    held = weights(app, state_of)
    assert alive(held) == len(held) > 10
    app = press(app, "Put away")
    assert not app.exception and alive(held) == 0


def test_weights_die_when_another_model_comes(app: AppTest, state_of: StateOf) -> None:
    app = looked_at(app)
    held = weights(app, state_of)
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    assert not app.exception and charts(app) and alive(held) == 0


def test_tables_die_with_the_model_that_reads_them(app: AppTest, state_of: StateOf) -> None:
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    box(app.selectbox, "It reads").set_value("vectors").run()
    files(app).set_value(("rows.csv", b"a,b,c\n1,2,5\n3,4,1\n5,6,2\n", "text/csv")).run()
    box(app.multiselect, "Columns that are read").set_value(["a", "c"]).run()
    held = weights(app, state_of)
    table = state_of(app).own(OwnModelSlot).kept.settings["rows"]
    assert isinstance(table, Table) and table.data and table.read.x.tolist() == [[1, 5], [3, 1], [5, 2]]
    held += [weakref.ref(table.read), weakref.ref(table.read.x)]
    del table
    app = press(app, "Put away")
    assert not app.exception and alive(held) == 0


def test_a_vocabulary_dies_with_its_model_and_when_its_file_is_taken_away(app: AppTest, state_of: StateOf) -> None:
    app = bring(app, torch_file(nn.GRU(3, 4).state_dict()))
    box(app.selectbox, "It reads").set_value("text").run()
    box(app.text_area, "One token on each line, or JSON: a list, or token → index, or back").set_value("x\ny").run()
    files(app).set_value(("words.txt", b"a\nb\nc", "text/plain")).run()
    model = state_of(app).own(OwnModelSlot).kept
    assert model is not None and model.settings["words"] == ("a", "b", "c")
    files(app).set_value(None).run()
    assert model.settings["words"] == ("x", "y"), "what was pasted stands there still"
    files(app).set_value(("words.txt", b"a\nb\nc", "text/plain")).run()
    box(app.text_area, "One token on each line, or JSON: a list, or token → index, or back").set_value("").run()
    files(app).set_value(None).run()
    assert not model.settings["words"] and "Paste or upload the vocabulary" in words(app)
    files(app).set_value(("words.txt", b"a\nb\nc", "text/plain")).run()
    gone = weakref.ref(model)
    del model
    app = press(app, "Put away")
    assert not app.exception and alive([gone]) == 0


def test_taken_away_vectors_are_read_no_longer(app: AppTest, state_of: StateOf) -> None:
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    box(app.selectbox, "It reads").set_value("vectors").run()
    files(app).set_value(("rows.csv", b"1,2\n3,4\n5,6\n", "text/csv")).run()
    assert charts(app)
    files(app).set_value(None).run()
    assert not charts(app) and "Paste or upload rows of 2 numbers" in words(app) and not app.exception


def test_weights_die_when_the_visit_ends(app: AppTest, state_of: StateOf) -> None:
    app = looked_at(app)
    held = weights(app, state_of)
    app._session_state._state.clear()  # as Streamlit does when a session ends
    assert alive(held) == 0


def files(app: AppTest) -> Any:
    (found,) = [one for one in app.main.file_uploader if one.label.startswith("…")]
    return found


def test_uploaded_vectors_are_shown_and_their_file_is_forgotten(
    app: AppTest, state_of: StateOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[str] = []
    monkeypatch.setattr("pages._ui.session.streamlit_internals.forget_upload", lambda file: forgotten.append(file.name))
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    box(app.selectbox, "It reads").set_value("vectors").run()
    files(app).set_value(("rows.csv", b"1,2\n3,4\n5,6\n", "text/csv")).run()
    model = state_of(app).own(OwnModelSlot).kept
    assert model is not None and forgotten == ["model.pt", "rows.csv"]
    rows = model.settings["rows"]
    assert rows.read.x.shape == (3, 2)
    app.run()
    assert model.settings["rows"] is rows and forgotten == ["model.pt", "rows.csv"], "read once"
    box(app.text_area, "A table: one row for each time step, 2 numbers in each").set_value("7,8").run()
    assert model.settings["rows"].read.x.shape == (1, 2), "what comes last counts"


def test_an_agreement_is_kept_by_the_model_that_is_shown(app: AppTest, state_of: StateOf) -> None:
    app = press(press(app, "Try it with a sample model"), "Show them for this input")
    model = state_of(app).own(OwnModelSlot).kept
    assert model is not None and model.settings[views.AGREED]
