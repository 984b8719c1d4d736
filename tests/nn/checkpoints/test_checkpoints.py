"""Checkpoints as stock torch saves them load and compute the same; all others are refused in a sentence."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save
from torch import nn

import rnnviz as rv
from rnnviz.core import limits
from rnnviz.core.errors import CheckpointError
from rnnviz.nn.checkpoints import found_layers, inspecting
from rnnviz.nn.checkpoints.contents import Contents
from rnnviz.nn.checkpoints.opening import Checkpoint, opened
from rnnviz.nn.models.model import restored
from tests.support.checkpoints import GOOD, HOSTILE, tagger, torch_file
from tests.support.refusals import refused
from tests.support.tasks import task

LAYERS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}


@pytest.fixture
def opens(tmp_path: Path) -> Any:
    """Opens bytes as a file."""

    def open_bytes(data: bytes, **options: Any) -> Checkpoint:
        path = tmp_path / "model.pt"
        path.write_bytes(data)
        return rv.open_checkpoint(path, **options)

    return open_bytes


def test_a_bidirectional_lstm_inside_a_larger_model(opens: Any) -> None:
    model = tagger()
    found = opens(torch_file(model.state_dict()))
    assert list(found) == ["lstm"] and type(found["lstm"]) is nn.LSTM and not found["lstm"].training
    assert repr(found["lstm"]) == "LSTM(6, 8, num_layers=2, bidirectional=True)"
    x = torch.randn(4, 9, 6)
    wanted, (h, c) = model.lstm(x)
    output, (h_found, c_found) = found["lstm"](x.transpose(0, 1))
    torch.testing.assert_close(output.transpose(0, 1), wanted, rtol=0, atol=1e-6)
    torch.testing.assert_close((h_found, c_found), (h, c), rtol=0, atol=1e-6)
    assert list(found.embeddings) == ["embedding"]
    np.testing.assert_array_equal(found.embeddings["embedding"], model.embedding.weight.detach().numpy())


@pytest.mark.parametrize("write", [torch_file, save])
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize(("module", "activation"), [
    (nn.GRU, "tanh"), (nn.RNN, "tanh"), (nn.RNN, "relu"), (nn.LSTM, "tanh"),
])  # fmt: skip
def test_one_layer_alone(opens: Any, write: Any, batch_first: bool, module: Any, activation: str) -> None:
    more = {"nonlinearity": "relu"} if activation == "relu" else {}
    stock = module(3, 5, batch_first=batch_first, **more)
    ((name, layer),) = opens(write(stock.state_dict()), activation=activation).items()
    assert LAYERS[name] is module is type(layer)
    x = torch.randn(7, 2, 3)
    wanted = stock(x.transpose(0, 1))[0].transpose(0, 1) if batch_first else stock(x)[0]
    torch.testing.assert_close(layer(x)[0], wanted, rtol=0, atol=1e-6)


def test_a_sigmoid_rnn(opens: Any) -> None:
    stock = nn.RNN(3, 5, bias=False)
    layer = opens(torch_file(stock.state_dict()), activation="sigmoid")["rnn"]
    x, h = torch.randn(4, 1, 3), torch.zeros(1, 5)
    for x_t, found in zip(x, layer(x)[0], strict=True):
        h = torch.sigmoid(x_t @ stock.weight_ih_l0.T + h @ stock.weight_hh_l0.T)
        torch.testing.assert_close(found, h, rtol=0, atol=1e-6)


@given(
    cell=st.sampled_from(sorted(LAYERS)),
    inputs=st.integers(1, 6),
    hidden=st.integers(1, 6),
    layers=st.integers(1, 3),
    bias=st.booleans(),
    both=st.booleans(),
    kind=st.sampled_from([torch.float64, torch.float32, torch.float16, torch.bfloat16]),
)
def test_whatever_torch_builds_is_recognised(tmp_path_factory: Any, cell: str, kind: Any, **sizes: Any) -> None:
    inputs, hidden, layers, both = (sizes[name] for name in ("inputs", "hidden", "layers", "both"))
    stock = LAYERS[cell](inputs, hidden, layers, bias=sizes["bias"], bidirectional=both).to(kind)
    path = tmp_path_factory.mktemp("found") / "x.pt"
    path.write_bytes(torch_file(stock.state_dict()))
    found = rv.open_checkpoint(path)[cell]
    weight = found.weight_ih_l0
    assert weight.dtype == (torch.float64 if kind == torch.float64 else torch.float32)
    for name, tensor in stock.state_dict().items():
        torch.testing.assert_close(found.state_dict()[name], tensor.to(weight.dtype), rtol=0, atol=0)
    assert rv.trace(found, torch.zeros(2, 1, inputs)).hidden.shape == (layers, 1 + both, 2, 1, hidden)


@pytest.mark.parametrize("cell", [nn.LSTMCell, nn.GRUCell, nn.RNNCell])
def test_a_single_cell_is_a_layer(opens: Any, cell: Any) -> None:
    stock = cell(3, 5)
    (layer,) = opens(torch_file({f"decoder.cell.{name}": w for name, w in stock.state_dict().items()})).values()
    x = torch.randn(4, 2, 3)
    state = None
    for x_t, found in zip(x, layer(x)[0], strict=True):
        state = stock(x_t, state)
        torch.testing.assert_close(found, state[0] if cell is nn.LSTMCell else state, rtol=0, atol=1e-6)


def test_several_layers_keep_their_names_and_wrappers_are_taken_off(opens: Any) -> None:
    weights = {f"module.encoder.{name}": w for name, w in nn.GRU(3, 5).state_dict().items()}
    weights |= {f"_orig_mod.decoder.rnn.{name}": w for name, w in nn.LSTM(4, 2).state_dict().items()}
    adam = torch.optim.Adam(nn.Linear(2, 2).parameters()).state_dict()
    for wrapped in (weights, {"state_dict": weights}, {"epoch": 3, "model_state_dict": weights, "optimizer": adam}):
        found = opens(torch_file(wrapped))
        assert {name: type(layer) for name, layer in found.items()} == {"encoder": nn.GRU, "decoder.rnn": nn.LSTM}
    both = opens(torch_file({"generator": nn.GRU(1, 2).state_dict(), "critic": nn.GRU(1, 2).state_dict()}))
    assert list(both) == ["generator", "critic"]


def test_a_vocabulary_in_the_file(opens: Any) -> None:
    weights = nn.GRU(3, 5).state_dict()
    for words in (["a", "b", "\n"], {"a": 0, "\n": 2, "b": 1}, {0: "a", 1: "b", 2: "\n"}):
        assert opens(torch_file({"state_dict": weights, "vocab": words})).vocabulary == ("a", "b", "\n")
    assert opens(save(weights, {"vocabulary": '["a", "b", "\\n"]'})).vocabulary == ("a", "b", "\n")
    assert opens(save(weights, {"vocabulary": '["\\ud800", "b"]'})).vocabulary == ("?", "b")
    assert opens(torch_file({"state_dict": weights, "vocab": ["a\udcff", "b"]})).vocabulary == ("a?", "b")
    assert opens(torch_file({"state_dict": weights, "vocab": {"a": 0, "b": 2}})).vocabulary == ("a", "", "b")
    for words in ({"a": 0, "b": 0}, "no JSON", [], 5, {"a": 1.5}):  # type: ignore[assignment]
        assert opens(torch_file({"state_dict": weights, "vocab": words})).vocabulary == ()


def test_a_run_opens_with_its_models_at_the_end(tmp_path: Path) -> None:
    models = (rv.ModelSpec("rnn", 3, activation="relu"), rv.ModelSpec("lstm", 2), rv.ModelSpec("gru", 4))
    run = rv.run(rv.Experiment(rv.task("adding", length=6), models, rv.TrainingSpec(steps=3, batch=2)))
    run.save(tmp_path / "run.safetensors")
    found = rv.open_checkpoint(tmp_path / "run.safetensors")
    assert list(found) == ["rnn", "lstm", "gru"]
    for label, layer in found.items():
        x = run.experiment.task.probes().batch.inputs
        np.testing.assert_allclose(rv.trace(layer, x).hidden, run.trace(label, -1).hidden, atol=1e-3)


def test_what_is_found_says_so(opens: Any) -> None:
    assert repr(opens(torch_file(tagger().state_dict()))) == (
        "Checkpoint with\n  lstm: LSTM, 2 layers in both directions, 6 inputs, 8 units\n"
        "  embedding: embedding of 11 tokens"
    )


@pytest.mark.parametrize(("name", "data", "why"), HOSTILE, ids=[name[:30] for name, _, _ in HOSTILE])
def test_a_hostile_checkpoint(name: str, data: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    error = refused(lambda: opened(path, name), CheckpointError)
    assert why in str(error), str(error)
    assert "cannot be opened as a checkpoint: " in str(error)
    assert not Path("/tmp/rnnviz-was-here").exists()


def test_places_where_no_file_is(tmp_path: Path) -> None:
    assert "there is no such file" in str(refused(lambda: rv.open_checkpoint(tmp_path / "none.pt"), CheckpointError))
    assert "it is a folder" in str(refused(lambda: rv.open_checkpoint(tmp_path), CheckpointError))
    refused(lambda: rv.open_checkpoint(tmp_path / ("x" * 300)), CheckpointError)


def test_a_file_that_is_too_large(opens: Any, tmp_path: Path) -> None:
    large = tmp_path / "large.pt"
    with large.open("wb") as file:
        file.truncate(limits.LARGEST_OPENED + 1)
    error = refused(lambda: rv.open_checkpoint(large), CheckpointError)
    assert "it has 400.0 MB, and 400 MB are the most" in str(error)
    with large.open("wb") as file:
        file.truncate(limits.LARGEST_CHECKPOINT + 1)
    error = refused(lambda: inspecting.contents(large.read_bytes(), "large.pt"), CheckpointError)
    assert "it has 16.0 MB, and 16 MB are the most; in Python, rnnviz.open_checkpoint takes up to 400 MB" in str(error)
    assert "are the most" in str(refused(lambda: opens(GOOD, largest=100), CheckpointError))


def test_an_activation_that_does_not_exist(opens: Any) -> None:
    with pytest.raises(ValueError, match="activation must be one of tanh, relu, sigmoid; got 'gelu'"):
        opens(GOOD, activation="gelu")


@pytest.mark.parametrize("path", [None, 5, b"abc", ["a"]])
def test_a_path_that_is_none(path: Any) -> None:
    assert "path must be the place of a file" in str(refused(lambda: rv.open_checkpoint(path), ValueError))


def test_an_empty_path_and_the_root() -> None:
    assert "the path is empty" in str(refused(lambda: rv.open_checkpoint(""), CheckpointError))
    assert str(refused(lambda: rv.open_checkpoint("/"), CheckpointError)).startswith("'/' cannot be opened")


@pytest.mark.parametrize(("name", "value"), [
    ("activation", ["tanh"]), ("activation", None), ("largest", "x"), ("largest", -1), ("largest", True),
])  # fmt: skip
def test_other_arguments_that_are_none(opens: Any, name: str, value: Any) -> None:
    assert f"{name} must be " in str(refused(lambda: opens(GOOD, **{name: value}), ValueError))


def test_layers_with_the_same_name_are_all_found(opens: Any) -> None:
    modules = [nn.LSTM(2, size) for size in (3, 4, 5, 6)]
    ways = ("", "lstm.", "lstm..", "lstm_.")
    weights = {of + name: w for of, one in zip(ways, modules, strict=True) for name, w in one.state_dict().items()}
    found = opens(torch_file(weights))
    sizes = {name: module.hidden_size for name, module in found.items()}
    assert sizes == {"lstm (2)": 3, "lstm": 4, "lstm (3)": 5, "lstm_": 6}


def test_wrapped_and_unwrapped_names_stay_apart(opens: Any) -> None:
    modules = [nn.GRU(2, size) for size in (3, 4, 5)]
    ways = ("weights.state_dict.rnn.", "state_dict.rnn.", "rnn.")
    weights = {of + name: w for of, one in zip(ways, modules, strict=True) for name, w in one.state_dict().items()}
    sizes = {name: module.hidden_size for name, module in opens(torch_file(weights)).items()}
    assert sizes == {"weights.state_dict.rnn": 3, "state_dict.rnn": 4, "rnn": 5}


def test_long_names_are_not_cut(opens: Any) -> None:
    ways = ["n" * 150 + end for end in "ab"]
    found = opens(torch_file({of: nn.GRU(2, 3).state_dict() for of in ways}))
    assert list(found) == ways


@pytest.mark.parametrize("place", range(0, 4000, 37))
def test_a_flipped_byte_is_refused_or_harmless(place: int, tmp_path: Path) -> None:
    for data in (GOOD, save(nn.GRU(3, 5).state_dict())):
        flipped = bytearray(data)
        flipped[place % len(flipped)] ^= 0x55
        path = tmp_path / "flipped.pt"
        path.write_bytes(flipped)
        try:
            assert len(rv.open_checkpoint(path)) == 1
        except CheckpointError as error:
            assert str(error).endswith(".") and len(str(error)) < 300


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("motion", {"cell": "lstm", "reach": 1}),
        ("traffic", {"cell": "gru", "reach": 2, "reset": "before", "layers": 2}),
    ],
)
def test_a_run_whose_weights_places_share_opens_with_them_written_out(
    name: str, options: dict[str, Any], tmp_path: Path
) -> None:
    chosen = task(name)
    width = chosen.reads.count * 2  # two channels at each place
    spec = rv.ModelSpec(hidden=width, **options)
    run = rv.run(rv.Experiment(chosen, (spec,), rv.TrainingSpec(steps=2, batch=2)))
    run.save(tmp_path / "run.safetensors")
    ((label, layer),) = rv.open_checkpoint(tmp_path / "run.safetensors").items()
    own = restored(spec, chosen, run.model_frame(label).weights).recurrent
    x = torch.randn(5, 3, own.input_size, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(layer(x)[0], own(x)[0], atol=1e-6, rtol=1e-5)
    assert found_layers.found(Contents(dict(layer.state_dict())), "tanh").layers, (
        "Inspect can make it again from its weights"
    )
