"""What was brought to the inspect page is let go of: weights and inputs die with the model that they came with."""

import gc
import weakref
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from torch import nn

from pages._ui.inspect import views
from pages._ui.inspect.kept import OwnModelSlot
from rnnviz.checkpoints.brought import Brought
from tests.pages.inspect.bringing import box, bring, charts
from tests.pages.visiting import StateOf, press
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


def test_uploaded_vectors_are_shown_and_their_file_is_forgotten(
    app: AppTest, state_of: StateOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[str] = []
    monkeypatch.setattr("pages._ui.session.streamlit_internals.forget_upload", lambda file: forgotten.append(file.name))
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    box(app.selectbox, "It reads").set_value("vectors").run()
    (vectors,) = [one for one in app.main.file_uploader if one.label.startswith("…")]
    vectors.set_value(("rows.csv", b"1,2\n3,4\n5,6\n", "text/csv")).run()
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
