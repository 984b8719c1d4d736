"""What is brought as a checkpoint, of every kind: what opens, and what is left out with a note."""

import argparse
import collections
import pathlib
import tracemalloc
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from rnnviz.core.errors import CheckpointError
from rnnviz.nn.checkpoints import inspecting
from tests.nn.checkpoints.bringing import Setting, bring
from tests.support.checkpoints import Runs
from tests.support.odd_layers import NormedLSTM, state_of
from tests.support.refusals import refused


def good() -> tuple[nn.GRU, dict[str, Tensor]]:
    module = nn.GRU(3, 4, bidirectional=True)
    return module, state_of(module, "good.")


# One odd layer does not refuse a file

BROKEN: dict[str, tuple[dict[str, Tensor], str]] = {
    "nan": ({**nn.GRU(3, 4).state_dict(), "weight_hh_l0": torch.full((12, 4), torch.nan)}, "NaN or infinite weights"),
    "infinite": ({**nn.GRU(3, 4).state_dict(), "bias_ih_l0": torch.full((12,), torch.inf)}, "NaN or infinite weights"),
    "nine-layers": (nn.RNN(2, 2, 9).state_dict(), "2 units and 9 layers, and 1,536 units and 8 layers are the most"),
    "two-gates": ({"weight_ih": torch.zeros(8, 3), "weight_hh": torch.zeros(8, 4)}, "must be 4·H × H (LSTM)"),
    "five-gates": ({"weight_ih": torch.zeros(20, 3), "weight_hh": torch.zeros(20, 4)}, "must be 4·H × H (LSTM)"),
    "whole-numbers": ({**nn.GRU(3, 4).state_dict(), "bias_ih_l0": torch.zeros(12, dtype=torch.int8)}, "not int8"),
    "complex": ({"weight_ih": torch.zeros(4, 3, dtype=torch.cfloat), "weight_hh": torch.zeros(4, 4)}, "not complex64"),
    "half-a-layer": ({"weight_hh_l0": torch.zeros(12, 4)}, "weight_ih_l0' is missing"),
    "normed": (NormedLSTM(3, 4).state_dict(), "has a normalisation inside"),
    "projected": (nn.LSTM(3, 4, proj_size=2).state_dict(), "projection (proj_size), which is not supported"),
    "sparse": ({"weight_ih": torch.zeros(4, 3).to_sparse(), "weight_hh": torch.zeros(4, 4)}, "is stored sparse"),
    "on-no-device": ({"weight_ih": torch.zeros(4, 3, device="meta"), "weight_hh": torch.zeros(4, 4)}, "has no numbers"),
    "window": ({"weight_ih_l0": torch.zeros(4, 3)}, "has weights by its input alone"),
}


@pytest.mark.parametrize("odd", BROKEN)
def test_one_odd_layer_does_not_refuse_the_others(tmp_path: Path, odd: str) -> None:
    module, state = good()
    broken, why = BROKEN[odd]
    found = bring(tmp_path, {f"odd.{name}": w for name, w in broken.items()} | state)
    assert [*found] == ["good"] and torch.equal(
        found["good"].state_dict()["weight_hh_l0"], module.state_dict()["weight_hh_l0"]
    )
    (note,) = found.notes
    assert note.startswith("Left out: 'odd") and why in note and note.endswith(".")
    brought = inspecting.contents((tmp_path / "model.pt").read_bytes(), "model.pt")
    assert brought.notes == found.notes and [layer.name for layer in brought.layers] == ["good"]


def test_the_first_reason_is_told_where_no_layer_is_understood(tmp_path: Path) -> None:
    state = {f"{of}.{name}": w for of in "ab" for name, w in BROKEN["nan"][0].items()}
    error = refused(lambda: bring(tmp_path, state), CheckpointError)
    assert "'a.weight_hh_l0' has NaN or infinite weights: none of its numbers is finite" in str(error)


def test_a_published_width_opens(tmp_path: Path) -> None:
    module = nn.LSTM(8, 1_150)
    found = bring(tmp_path, state_of(module, "0.rnns.1."))
    assert torch.equal(found["0.rnns.1"].state_dict()["weight_hh_l0"], module.state_dict()["weight_hh_l0"])


# Hyper-parameters of any kind beside the weights

HYPER: dict[str, Any] = {
    "namespace": argparse.Namespace(lr=0.1, layers=[1, 2], inner=argparse.Namespace(a=1)),
    "path": pathlib.PurePosixPath("/data/words"),
    "numpy-scalar": np.float64(0.5),
    "numpy-array": np.arange(3),
    "set": {1, 2, 3},
    "frozenset": frozenset("ab"),
    "defaultdict": collections.defaultdict(list, a=[1]),
    "ordered": collections.OrderedDict(a=1),
    "counter": collections.Counter("abba"),
    "deque": collections.deque([1, 2]),
    "simple-namespace": types.SimpleNamespace(a=1),
    "own-class": Setting(a=1, weights=torch.zeros(4, 4), weight_ih_l0=torch.zeros(3, 3)),
    "device": torch.device("cpu"),
    "dtype": torch.float16,
    "size": torch.Size([1, 2]),
    "function": torch.nn.functional.relu,
    "class": nn.GRU,
    "module": nn.LSTM(2, 3),
    "bytes": b"abc",
    "complex": 1 + 2j,
    "slice": slice(1, 2),
    "range": range(3),
    "large-number": 10**400,
    "tuple-keys": {(1, 2): 3, 1.5: 4, None: 5},
}


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize("name", HYPER)
def test_hyper_parameters_of_any_kind_stand_inert(tmp_path: Path, name: str, protocol: int) -> None:
    module = nn.LSTM(3, 4)
    checkpoint = {
        "epoch": 3,
        "pytorch-lightning_version": "2.5.0",
        "state_dict": state_of(module, "model.lstm."),
        "hyper_parameters": {"given": HYPER[name], "more": [HYPER[name]]},
        "callbacks": {"ModelCheckpoint" + "{'monitor': 'val_loss'}" * 12: {"best_model_score": torch.tensor(0.5)}},
        "optimizer_states": [torch.optim.Adam(module.parameters()).state_dict()],
    }
    found = bring(tmp_path, checkpoint, pickle_protocol=protocol)
    assert [*found] == ["model.lstm"]
    for own, weight in module.state_dict().items():
        assert torch.equal(found["model.lstm"].state_dict()[own], weight)
    assert found.notes == ("Tensors with names of more than 200 characters are left out.",)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_every_protocol_that_torch_writes(tmp_path: Path, protocol: int) -> None:
    module = nn.LSTM(3, 4, 2, bidirectional=True).half()
    found = bring(tmp_path, module.state_dict(), pickle_protocol=protocol)["lstm"]
    for name, weight in module.state_dict().items():
        assert torch.equal(found.state_dict()[name], weight.float())


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_parameters_views_and_shared_storages(tmp_path: Path, protocol: int) -> None:
    wide = torch.randn(12, 20)
    extra = nn.Parameter(torch.randn(12))
    extra.note = "more"  # type: ignore[attr-defined]
    state = {
        "weight_ih_l0": wide[:, 1:4],
        "weight_hh_l0": wide.T[6:10].T,
        "bias_ih_l0": extra,
        "bias_hh_l0": wide[:, 0],
    }
    layer = bring(tmp_path, state, pickle_protocol=protocol)["gru"]
    for name, weight in state.items():
        assert torch.equal(getattr(layer, name), weight)


def test_a_view_with_the_sign_turned_opens_with_it(tmp_path: Path) -> None:
    module, x = nn.LSTM(3, 4), torch.randn(5, 2, 3)
    state = {name: torch._neg_view(weight) for name, weight in module.state_dict().items()}
    layer = bring(tmp_path, state)["lstm"]
    for name, weight in module.state_dict().items():
        assert torch.equal(layer.state_dict()[name], -weight)
    complex_view = torch.randn(16, dtype=torch.cfloat).conj().imag  # a view whose sign is turned
    layer = bring(tmp_path, {**module.state_dict(), "bias_ih_l0": complex_view})["lstm"]
    assert torch.equal(layer.state_dict()["bias_ih_l0"], complex_view) and layer(x)[0].isfinite().all()


@pytest.mark.parametrize("protocol", [2, 4])
def test_models_in_a_list_open_under_their_places(tmp_path: Path, protocol: int) -> None:
    one, other = nn.GRU(3, 4), nn.LSTM(3, 4)
    for value, names in (
        ({"models": [state_of(one, "rnn."), state_of(other, "rnn.")]}, ["models.0.rnn", "models.1.rnn"]),
        ((state_of(one, "rnn."), state_of(other, "rnn."), 3), ["0.rnn", "1.rnn"]),
        ([("a", state_of(one, "rnn.")), ("b", state_of(other, "rnn."))], ["a.rnn", "b.rnn"]),
    ):
        found = bring(tmp_path, value, pickle_protocol=protocol)
        assert [*found] == names and not found.notes
        for module, layer in zip((one, other), found.values(), strict=True):
            assert torch.equal(layer.state_dict()["weight_hh_l0"], module.state_dict()["weight_hh_l0"])


def test_a_list_in_very_many_places_is_looked_at_once(tmp_path: Path) -> None:
    many: list[Any] = [{"a": 1} for _ in range(64)]
    value = {"state_dict": nn.GRU(3, 4).state_dict(), **{f"{index}": many for index in range(50_000)}}
    tracemalloc.start()
    assert [*bring(tmp_path, value)] == ["gru"]
    assert tracemalloc.get_traced_memory()[1] < 100_000_000
    tracemalloc.stop()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
@pytest.mark.parametrize(
    ("make", "kind"), [(nn.LSTM, torch.qint8), (nn.LSTMCell, torch.qint8), (nn.GRU, torch.float16)]
)
def test_a_quantised_layer_beside_a_good_one_is_told(tmp_path: Path, make: Any, kind: torch.dtype) -> None:
    small = torch.ao.quantization.quantize_dynamic(nn.Sequential(make(2, 3)), {make}, dtype=kind)
    found = bring(tmp_path, state_of(small, "small.") | good()[1])
    (note,) = found.notes
    assert [*found] == ["good"] and note.startswith("Left out: 'small.0._") and " is quantised; bring" in note


@pytest.mark.parametrize("name", ["exp_avg", "momentum_buffer", "grads"])
def test_what_an_optimizer_keeps_is_no_layer(tmp_path: Path, name: str) -> None:
    module = nn.LSTM(3, 4)
    kept = {"optimizer": {"state": {name: state_of(nn.LSTM(3, 4), "rnn.")}}}
    found = bring(tmp_path, {"state_dict": state_of(module, "rnn.")} | kept)
    assert [*found] == ["rnn"] and found["rnn"].state_dict().keys() == module.state_dict().keys()
    said = f"Left out: 'optimizer.state.{name}.rnn' holds what training keeps beside weights ({name})."
    assert found.notes == (said,)


def test_numbers_beyond_single_precision_are_no_infinities(tmp_path: Path) -> None:
    for state in (
        {**nn.GRU(3, 4).state_dict(), "weight_hh_l0": torch.full((12, 4), 1e60, dtype=torch.float64)},
        {name: weight.double() * 1e60 for name, weight in nn.LSTM(3, 4).state_dict().items()},
    ):
        error = refused(lambda state=state: bring(tmp_path, state), CheckpointError)  # type: ignore[misc]
        assert "has weights beyond single precision" in str(error)


def test_nothing_in_a_file_is_ever_run(tmp_path: Path) -> None:
    for protocol in (2, 4):
        error = refused(
            lambda protocol=protocol: bring(  # type: ignore[misc]
                tmp_path, {"state_dict": good()[1], "hyper_parameters": Runs()}, pickle_protocol=protocol
            ),
            CheckpointError,
        )
        assert "could run code (posix.system)" in str(error)
    assert not Path("/tmp/rnnviz-was-here").exists()


def test_no_refusal_of_a_state_dict_advises_to_save_one(tmp_path: Path) -> None:
    for odd, _ in BROKEN.values():
        for protocol in (2, 4):
            error = refused(
                lambda odd=odd, protocol=protocol: bring(tmp_path, odd, pickle_protocol=protocol),  # type: ignore[misc]
                CheckpointError,
            )
            assert "torch.save" not in str(error)
