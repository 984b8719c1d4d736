"""What a file is said to be that cannot be opened."""

import io
import pickle
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import rnnviz as rv
from rnnviz.core.errors import CheckpointError
from rnnviz.nn.checkpoints.opening import opened
from tests.nn.checkpoints.bringing import bring
from tests.support.checkpoints import changed, rezipped, torch_file, zipped
from tests.support.refusals import SCRIPT, refused


def array_file(**arrays: Any) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def quantised() -> bytes:
    with warnings.catch_warnings(action="ignore"):
        weight = torch.quantize_per_tensor(torch.randn(12, 4), 0.1, 0, torch.qint8)
    return torch_file({"rnn.weight_hh_l0": weight, "rnn.weight_ih_l0": torch.zeros(12, 3)})


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
FILES = [
    ("model.h5", b"\x89HDF\r\n\x1a\n" + bytes(99), "it is an HDF5 file, as Keras writes it"),
    ("model.keras", zipped(**{"config.json": b"{}", "model.weights.h5": b"x"}), "it is a Keras archive"),
    ("model.onnx", b"\x08\x08\x12\x07pytorch\x1a\x052.1.0:" + bytes(99), "it is an ONNX model"),
    ("other.onnx", b"\xff\xfe" + bytes(99), "it is an ONNX model"),
    ("model.gguf", b"GGUF\x03\x00\x00\x00" + bytes(99), "it is a GGUF file"),
    ("model.pt", LFS, "it is only the pointer to a file in a large-file store"),
    ("annexed.pt", b"/annex/objects/MD5E-s12345\n", "it is only the pointer"),
    ("model.pt", b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "it is an HTML page"),
    ("model.pt", "\ufeff\n <html>caf\u00e9".encode(), "it is an HTML page"),
    ("saved_model.pb", b"\x08\x01\x12\x97\x10\x0a" + bytes(99), "it is a SavedModel of TensorFlow"),
    ("saved.zip", zipped(**{"m/saved_model.pb": b"x"}), "it is a SavedModel of TensorFlow"),
    ("checkpoint", b'model_checkpoint_path: "model.ckpt-1"\n', "the index of a TensorFlow checkpoint"),
    ("x.index", b"\x00\x01\xff" + bytes(99) + (0xDB4775248B80FB57).to_bytes(8, "little"), "the index of a TensorFlow"),
    ("model.ckpt.data-00000-of-00001", b"\x01\xfe" * 99, "it is the data of a TensorFlow checkpoint"),
    ("model.tflite", b"\x1c\x00\x00\x00TFL3" + bytes(99), "it is a TensorFlow Lite model"),
    ("arrays.npz", array_file(a=np.zeros(3)), "it holds arrays of numpy (.npz)"),
    ("x.safetensors.index.json", b'{"metadata": {}, "weight_map": {}}', "the index of a checkpoint in several files"),
    ("config.json", b'{"hidden_size": 3}', "it is a JSON text"),
    ("model.pt.xz", b"\xfd7zXZ\x00" + bytes(99), "it is compressed; unpack it first"),
    ("quantised.pt", quantised(), "'rnn.weight_hh_l0' is quantised; bring the weights from before that"),
    ("weights.pkl", pickle.dumps({"a": np.zeros(3)}), "it is a pickle"),
    ("modules.pt", torch_file({"model": nn.GRU(3, 4)}), "it holds whole modules, which are code; save the"),
    ("around.zip", zipped(**{"run/model.pt": b"x"}), "it is a zip file around run/model.pt; unpack it first"),
    ("model.tar", b"model.pt" + bytes(249) + b"ustar\x0000" + bytes(99), "it is a tar archive; unpack it first"),
    ("model.pt", b"storages" + bytes(249) + b"ustar\x0000" + bytes(99), "it is in the format of torch before 1.6"),
    ("module.pt", torch_file(nn.GRU(3, 4)), "loading it could run code (torch.nn.modules.rnn.GRU); save the weights"),
    ("numpy.pt", torch_file({"weight_hh_l0": np.ones((4, 4)), "weight_ih_l0": torch.ones(4, 4)}), "is no plain tensor"),
    ("script.html", f"<html>{SCRIPT}</html>".encode(), "it is an HTML page"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "why"), FILES, ids=range(len(FILES)))
def test_a_refusal_says_what_the_file_is(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert why in str(refused(lambda: opened(path, name), CheckpointError))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_quantised_layer_is_named(tmp_path: Path) -> None:
    model = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.LSTM(2, 3)), {nn.LSTM}, dtype=torch.qint8)
    error = refused(lambda: bring(tmp_path, model.state_dict()), CheckpointError)
    assert "quantised" in str(error) and "torch.save(model.state_dict()" not in str(error)


def test_a_torchscript_archive_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.pt", "w") as file:
        file.writestr("m/data.pkl", b"")
        file.writestr("m/constants.pkl", b"")
    assert "TorchScript" in str(refused(lambda: rv.open_checkpoint(tmp_path / "x.pt"), CheckpointError))


def test_a_tensor_in_pieces_of_two_machines_is_damaged_not_an_accident(tmp_path: Path) -> None:
    data = rezipped(changed(), lambda name, d: b"big" if name.endswith("byteorder") else d)
    (tmp_path / "x.pt").write_bytes(data)
    assert "largest byte first" in str(refused(lambda: rv.open_checkpoint(tmp_path / "x.pt"), CheckpointError))


def test_names_in_a_refusal_can_be_printed(tmp_path: Path) -> None:
    state = {"rnn.parametrizations.weight_hh_l0.ori\x03ginal": torch.zeros(4, 4), "rnn.weight_ih_l0": torch.zeros(4, 1)}
    assert r"not known (ori\x03ginal)" in str(refused(lambda: bring(tmp_path, state), CheckpointError))


def test_a_name_of_a_record_that_is_no_text_is_refused(tmp_path: Path) -> None:
    data = zipped(**{"\u00e9/data.pkl": b"x"}).replace("\u00e9".encode(), b"\xff\xff")
    (tmp_path / "x.pt").write_bytes(data)
    assert "damaged or not all there" in str(refused(lambda: rv.open_checkpoint(tmp_path / "x.pt"), CheckpointError))
