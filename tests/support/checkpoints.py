"""Checkpoints as people save them, and files that nobody should open."""

import io
import json
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn

from tests.support.refusals import SCRIPT


class Tagger(nn.Module):
    """A bidirectional two-layer LSTM between an embedding and a classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(11, 6)
        self.lstm = nn.LSTM(6, 8, 2, bidirectional=True, batch_first=True)
        self.classifier = nn.Linear(16, 3)


def torch_file(value: Any) -> bytes:
    """What `torch.save` writes."""
    file = io.BytesIO()
    torch.save(value, file)
    return file.getvalue()


def tagger(seed: int = 0) -> Tagger:
    torch.manual_seed(seed)
    return Tagger().eval()


class Runs:
    """Would run a command when it is unpickled."""

    def __reduce__(self) -> Any:
        return os.system, ("touch /tmp/rnnviz-was-here",)


def changed(**tensors: Tensor | None) -> bytes:
    """A GRU of 3 inputs and 5 units, some parameters replaced or taken away."""
    weights: dict[str, Any] = {
        f"rnn.{name}": tensor for name, tensor in nn.GRU(3, 5, 2, bidirectional=True).state_dict().items()
    }
    for name, tensor in tensors.items():
        weights.pop(f"rnn.{name}", None)
        if tensor is not None:
            weights[f"rnn.{name}"] = tensor
    return torch_file(weights)


def rezipped(data: bytes, change: Callable[[str, bytes], bytes] = lambda name, d: d, method: int = 0) -> bytes:
    """The same records in a new zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", method) as new:
        for record in old.infolist():
            new.writestr(record.filename, change(record.filename, old.read(record)))
    return out.getvalue()


def declaring(count: int) -> bytes:
    """A torch file of one weight that says it has `count` numbers and has 75."""

    def claim(name: str, data: bytes) -> bytes:
        old, large = b"K\x4bt", b"J" + count.to_bytes(4, "little") + b"t"
        return data.replace(old, large) if name.endswith("data.pkl") else data

    data = rezipped(torch_file({"gru.weight_hh_l0": torch.zeros(15, 5), "gru.weight_ih_l0": torch.zeros(15, 3)}), claim)
    assert count.to_bytes(4, "little") in data
    return data


def safetensors_of(header: dict[str, Any], data: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def nested(depth: int) -> Any:
    value: Any = {"weight_ih_l0": torch.zeros(4, 1), "weight_hh_l0": torch.zeros(4, 1)}
    for _ in range(depth):
        value = {"a": value}
    return value


def bomb() -> bytes:
    """Dictionaries that hold each other, 2^30 ways to go through them."""
    value: Any = {}
    for _ in range(30):
        value = {"a": value, "b": value}
    return torch_file(value)


def old_format(value: Any) -> bytes:
    file = io.BytesIO()
    torch.save(value, file, _use_new_zipfile_serialization=False)
    return file.getvalue()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def shared() -> bytes:
    """Half a megabyte that a thousand layers share."""
    weights = nn.GRU(100, 160).state_dict()
    return torch_file({f"a{index}.{name}": tensor for index in range(950) for name, tensor in weights.items()})


def long_names() -> bytes:
    """A quarter of a megabyte in which one long name stands in front of ten thousand others."""
    one = torch.zeros(1)
    return torch_file({"k" * 100_000: {str(index): one for index in range(10_000)}})


def crowd(count: int, *names: str) -> bytes:
    """Very many layers, or whatever else, that share one tensor."""
    one = torch.zeros(1, 1)
    return torch_file({f"m{index}.{name}": one for index in range(count) for name in names})


def embedded(count: int) -> bytes:
    """A layer with so many embeddings, each another table."""
    weights = nn.GRU(3, 5).state_dict()
    return torch_file(
        {f"emb{index}.weight": torch.full((1, 3), float(index)) for index in range(count)}
        | {f"gru.{of}": w for of, w in weights.items()}
    )


def flooded() -> bytes:
    """Twelve kilobytes that would unpack to twelve megabytes."""
    return rezipped(
        torch_file({"weight_ih_l0": torch.zeros(4, 1), "x": torch.zeros(3_000_000)}), method=zipfile.ZIP_DEFLATED
    )


def picture() -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(500)


GOOD = torch_file(nn.GRU(3, 5).state_dict())
SAFE = save(nn.GRU(3, 5).state_dict())
STATE = nn.GRU(3, 5).state_dict()
NAN, INFINITE = torch.full((15, 5), float("nan")), torch.zeros(15, 5).index_fill_(0, torch.tensor([3]), float("inf"))

# Name, file, and a part of the sentence with which it is refused.
HOSTILE: list[tuple[str, bytes, str]] = [
    ("empty.pt", b"", "it is empty"),
    ("byte.pt", b"x", "text file"),
    ("picture.pt", picture(), "a picture"),
    ("photo.pt", b"\xff\xd8\xff\xe0" + bytes(99), "a picture"),
    ("notes.txt", b"the weights are in the other file\n" * 20, "text file"),
    ("keras.h5", b"\x89HDF\r\n\x1a\n" + bytes(99), "HDF5"),
    ("page.safetensors", f"<html>{SCRIPT}</html>".encode(), "an HTML page"),
    ("random.bin", bytes(range(129, 256)) * 9, "neither a safetensors file"),
    ("array.npy", b"\x93NUMPY\x01\x00" + bytes(99), "one array of numpy"),
    ("code.pt", torch_file({"state_dict": STATE, "more": Runs()}), "could run code (posix.system)"),
    ("code.pkl", pickle.dumps(Runs()), "a pickle, which can run code"),
    (
        "protocol4.pt",
        rezipped(GOOD, lambda n, d: pickle.dumps(Runs(), 4) if n.endswith("data.pkl") else d),
        "could run code (posix.system)",
    ),
    (
        "eval.pt",
        rezipped(GOOD, lambda n, d: b"cbuiltins\neval\n(X\x01\x00\x00\x001tR." if n.endswith(".pkl") else d),
        "builtins.eval",
    ),
    (
        "bytes.pt",
        rezipped(GOOD, lambda n, d: b"cbuiltins\nbytearray\n(J\xff\xff\xff\x7ftR." if n.endswith(".pkl") else d),
        "builtins.bytearray",
    ),
    ("whole.pt", torch_file(nn.GRU(3, 5)), "torch.nn.modules.rnn.GRU"),
    ("old.pt", old_format(STATE), "torch before 1.6"),
    ("script.pt", zipped(**{"m/data.pkl": b"", "m/constants.pkl": b"", "m/code/a.py": b""}), "TorchScript"),
    ("document.docx", zipped(**{"word/document.xml": b"<xml/>"}), "none that torch.save has written"),
    ("cut.pt", GOOD[: len(GOOD) // 2], "not all there"),
    ("cut-at-its-end.pt", GOOD[:-30], "not all there"),
    ("only-pk.pt", b"PK\x03\x04" + bytes(90), "not all there"),
    ("broken-pickle.pt", rezipped(GOOD, lambda n, d: d[:-9] if n.endswith("data.pkl") else d), "damaged"),
    (
        "missing-record.pt",
        rezipped(GOOD, lambda n, d: b"" if n.endswith("data/1") else d),
        "more numbers than it holds",
    ),
    ("billion.pt", declaring(10**9), "more numbers than it holds"),
    ("stretched.pt", changed(weight_hh_l0=torch.zeros(1).expand(40_000, 25_000)), "declares 1,000,000,000 numbers"),
    ("shared.pt", shared(), "119,472,000 numbers all told"),
    ("names.pt", long_names(), "a name of 100,005 characters, and 200 are the most"),
    ("name.pt", torch_file({"n" * 201: torch.zeros(1)}), "a name of 201 characters"),
    ("name.safetensors", save({"n" * 201: torch.zeros(1)}), "a name of 201 characters"),
    ("crowd.pt", crowd(15_000, "weight_ih_l0", "weight_hh_l0"), "more than 4,000 tensors"),
    ("layers.pt", crowd(65, "weight_ih_l0", "weight_hh_l0"), "more than 64 recurrent layers"),
    ("embeddings.pt", embedded(65), "more than 64 embeddings"),
    ("twice.pt", torch_file({"a": STATE, "a.weight_ih_l0": torch.zeros(15, 3)}), "'a.weight_ih_l0' stands twice"),
    (
        "blind.pt",
        torch_file({"weight_ih_l0": torch.zeros(4, 0), "weight_hh_l0": torch.zeros(4, 1)}),
        "'lstm' reads nothing: 4 × 0 weights",
    ),
    ("long.pt", rezipped(GOOD, lambda n, d: b"(" * 2_000_001 if n.endswith("data.pkl") else d), "2 MB that may be"),
    ("sparse.pt", changed(weight_hh_l0=torch.zeros(9, 3).to_sparse()), "'rnn.weight_hh_l0' is stored sparse"),
    ("deflated.pt", flooded(), "compressed"),
    ("bomb.pt", bomb(), "no tensors at all"),
    ("deep.pt", torch_file(nested(40)), "no tensors at all"),
    ("list.pt", torch_file([torch.zeros(4, 1)]), "no dictionary"),
    ("tensor.pt", torch_file(torch.zeros(4, 1)), "no dictionary"),
    ("nothing.pt", torch_file({}), "no tensors at all"),
    ("linear.pt", torch_file(nn.Linear(3, 4).state_dict()), "this has weight, bias"),
    (
        "keras.pt",
        torch_file({SCRIPT: torch.zeros(3), "b\n": torch.zeros(2), "c": torch.zeros(1), "d": torch.zeros(1)}),
        "and 1 more",
    ),
    ("projected.pt", torch_file(nn.LSTM(3, 5, proj_size=2).state_dict()), "projection"),
    ("nan.pt", changed(weight_hh_l0=NAN), "NaN or infinite"),
    ("inf.safetensors", save({**STATE, "weight_hh_l0": INFINITE}), "5 of its 75"),
    ("whole-numbers.pt", changed(weight_hh_l0=torch.zeros(15, 5, dtype=torch.int8)), "not int8"),
    ("no-hh.pt", changed(weight_hh_l0=None), "'rnn.weight_hh_l0' is missing"),
    ("no-ih.pt", changed(weight_ih_l0=None), "'rnn.weight_ih_l0' is missing"),
    ("rows.pt", changed(weight_ih_l0=torch.zeros(14, 3)), "must be 15 × 3, not 14 × 3"),
    ("gates.pt", changed(weight_hh_l0=torch.zeros(10, 5)), "must be 4·H × H"),
    ("flat.pt", changed(weight_hh_l0=torch.zeros(75)), "must be 4·H × H"),
    ("upper.pt", changed(weight_ih_l1=torch.zeros(15, 5)), "must be 15 × 10, not 15 × 5"),
    ("gap.pt", changed(weight_ih_l3=torch.zeros(15, 5)), "is missing"),
    ("one-way.pt", changed(weight_ih_l1_reverse=None), "'rnn.weight_ih_l1_reverse' is missing"),
    ("bias.pt", changed(bias_hh_l0=torch.zeros(5)), "must be 15, not 5"),
    ("half-a-bias.pt", changed(bias_hh_l0=None), "'rnn.bias_hh_l0' is missing"),
    ("level.pt", changed(weight_ih_l999=torch.zeros(15, 5)), "8 layers are the most"),
    (
        "wide.pt",
        torch_file({"weight_hh_l0": torch.zeros(1537, 1537).half(), "weight_ih_l0": torch.zeros(1537, 1)}),
        "1,536 units",
    ),
    ("none.pt", torch_file({"weight_hh_l0": torch.zeros(0, 0), "weight_ih_l0": torch.zeros(0, 1)}), "must be 4·H × H"),
    ("cut.safetensors", SAFE[:-1], "damaged or not all there"),
    ("cut-header.safetensors", SAFE[:60], "not all is there"),
    ("longer.safetensors", SAFE + b"x", "damaged or not all there"),
    ("no-json.safetensors", SAFE[:9] + b"[" * 50 + SAFE[59:], "header is damaged"),
    ("deep.safetensors", struct.pack("<Q", 100_000) + b'{"a":' * 20_000, "header is damaged"),
    ("long.safetensors", struct.pack("<Q", 2**63) + SAFE[8:], "not all is there"),
    (
        "billion.safetensors",
        safetensors_of({"weight_hh_l0": {"dtype": "F32", "shape": [10**9], "data_offsets": [0, 4 * 10**9]}}, bytes(64)),
        "declares 1,000,000,000 numbers",
    ),
    (
        "beyond.safetensors",
        safetensors_of({"a": {"dtype": "F32", "shape": [2**60, 2**60], "data_offsets": [0, 4]}}, bytes(4)),
        "more than 10¹⁵",
    ),
    (
        "negative.safetensors",
        safetensors_of({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}, bytes(4)),
        "header is damaged",
    ),
    (
        "kind.safetensors",
        safetensors_of({"a": {"dtype": "F7", "shape": [1], "data_offsets": [0, 4]}}, bytes(4)),
        "damaged",
    ),
    (
        "many.safetensors",
        safetensors_of({f"{i}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for i in range(4_001)}),
        "4,000 are the most",
    ),
    ("run.safetensors", save({"a": torch.zeros(1)}, {"format": "rnnviz run 1"}), "experiment must be"),
    (f"{SCRIPT}\n.pt", b"", "it is empty"),
    ("x" * 300 + ".pt", b"", "it is empty"),
]
