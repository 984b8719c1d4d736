"""Checkpoints for the fuzzing: their seeds, and how they are damaged as the files that they are."""

import argparse
import collections
import io
import json
import random
import re
import warnings
import zipfile
from pathlib import Path

import torch
from safetensors.torch import save
from torch import nn
from torch.nn.utils import parametrizations

from rnnviz.nn.checkpoints import inspecting
from tests.benchmarks.fuzz.mutations import mutated
from tests.benchmarks.fuzz.targets import Target
from tests.support.checkpoints import HOSTILE, torch_file
from tests.support.refusals import is_one_clear_sentence

LARGEST = 100_000  # bytes of a file that is changed further

WORDS = [
    *(b".", b"(", b"}", b"]", b")", b"N", b"0", b"1", b"2", b"a", b"e", b"s", b"u", b"t", b"R", b"b", b"Q", b"o"),
    *(b"\x81", b"\x85", b"\x86", b"\x87", b"\x8f", b"\x90", b"\x91", b"\x93", b"\x94", b"\x92", b"\x97", b"\x98"),
    *(b"h\x00", b"h\x05", b"q\x00", b"q\x01", b"K\xff", b"M\xff\xff", b"J\xff\xff\xff\x7f", b"J\xff\xff\xff\xff"),
    *(b"X\x04\x00\x00\x00bias", b"X\x0c\x00\x00\x00weight_hr_l0", b"X\x0e\x00\x00\x00weight_hh_l0_g", b"I01\n"),
    *(b"cposix\nsystem\n", b"ccollections\nOrderedDict\n", b"ctorch\nHalfStorage\n", b"ctorch\nSize\n", b"L5L\n"),
    *(b"\x8a\x09" + b"\xff" * 8 + b"\x00", b"G\x7f\xf0\x00\x00\x00\x00\x00\x00", b"Pstorage\n", b"I99999999999\n"),
    *(b"X\x05\x00\x00\x00vocab", b"X\x01\x00\x00\x00.", b"X\x00\x00\x00\x00", b"\x8c\x03\xf0\x9f\x98", b"S'a'\n"),
    *(b"Vx\\u00e9\n", b"\x96" + b"\x02" + b"\0" * 7, b"c_codecs\nencode\n", b"cbuiltins\nset\n"),
]
JSON_VALUES = [
    *(-1, 0, 1, 2**31, 2**63, 1.5, "", "F32", "F16", "BF16", "F8_E4M3", "BOOL", "C64", None, True, [], {}, [[]]),
    *([0, 0], [0, 4], [4, 0], [2**60, 2**60], [-1, 4], "\ud800", "é\n", {"shape": [1]}, {"dtype": "F32"}),
]


def seeds() -> list[bytes]:
    """Files of every kind that opens, and those that are known to be refused."""
    lstm, normed = nn.LSTM(3, 4, 2, bidirectional=True), nn.GRU(3, 4)
    for name in ("weight_hh_l0", "weight_ih_l0"):
        parametrizations.weight_norm(normed, name)
    spectral, orthogonal = nn.RNN(3, 4), nn.RNN(3, 4)
    parametrizations.spectral_norm(spectral, "weight_hh_l0")
    parametrizations.orthogonal(orthogonal, "weight_hh_l0")
    plain = {f"model.rnn.{name}": weight for name, weight in lstm.state_dict().items()}
    more = {
        "state_dict": plain | {"emb.weight": torch.randn(5, 3), "model.cell.weight_ih": torch.zeros(4, 3)},
        "hyper_parameters": argparse.Namespace(lr=0.1, inner=collections.defaultdict(list, a=[1])),
        "vocab": {"a": 0, "b": 1, "c": 2, "d": 3, "e": 4},
        "optimizer": {"state": {0: {"step": torch.tensor(1.0)}}, "param_groups": [{"lr": 0.1, "params": [0]}]},
        "models": [normed.state_dict(), {"lstm.weight_ih_l0": torch.zeros(4, 1)}],
    }
    files = [torch_file(one.state_dict()) for one in (lstm, normed, spectral, orthogonal, nn.GRUCell(3, 4))]
    for protocol in (2, 3, 4, 5):
        file = io.BytesIO()
        torch.save(more, file, pickle_protocol=protocol)
        files.append(file.getvalue())
    kinds = {"a.weight_ih": torch.zeros(12, 3).half(), "a.weight_hh": torch.zeros(12, 4).bfloat16()}
    files += [torch_file(kinds), save(plain, {"vocab": '{"a": 0, "b": 1}', "format": "pt"}), save(kinds)]
    return files + [data for _, data, _ in HOSTILE if len(data) < LARGEST // 4]


def records(dice: random.Random, data: bytes) -> bytes:
    """One record of a zip file is changed, renamed, left out, doubled or exchanged; others stay whole."""
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(io.BytesIO(data)) as old:
        held = [(record.filename, old.read(record)) for record in old.infolist()]
    at = next((i for i, (name, _) in enumerate(held) if name.endswith("data.pkl")), 0)
    at = dice.choice((at, at, at, dice.randrange(len(held))))
    name, own = held[at]
    what = dice.randrange(8)
    if what < 4:
        held[at] = name, _inside(dice, own)
    elif what == 4:
        held[at] = dice.choice((f"x/{name}", "", "a/data.pkl", name.upper(), "a/byteorder", "m/data/\u00e9")), own
    elif what == 5:
        del held[at]
    elif what == 6:
        held.append(held[dice.randrange(len(held))])
    else:
        other = dice.randrange(len(held))
        held[at], held[other] = (name, held[other][1]), (held[other][0], own)
    out = io.BytesIO()
    method = dice.choice((0,) * 9 + (zipfile.ZIP_DEFLATED,))
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(out, "w", method) as new:
        for name, own in held:
            new.writestr(name, own)
    return out.getvalue()


def header(dice: random.Random, data: bytes) -> bytes:
    """What a safetensors file says of itself is other."""
    length = int.from_bytes(data[:8], "little")
    told = json.loads(data[8 : 8 + length])
    name = dice.choice([*told])
    entry = told[name]
    what = dice.randrange(4)
    if what == 0 or not isinstance(entry, dict) or not entry:
        told[dice.choice((name, "weight_hh_l0", "bias", "__metadata__", "a" * 300))] = dice.choice(JSON_VALUES)
    elif what == 1:
        entry[dice.choice([*entry, "vocab", "more"])] = dice.choice(JSON_VALUES)
    elif what == 2:
        told[dice.choice((f"{name}_g", f"x.{name}", name.replace("_l0", "_l1"), f"{name}\0"))] = told.pop(name)
    else:
        del told[name]
    text = json.dumps(told).encode()
    return len(text).to_bytes(8, "little") + text + data[8 + length :]


def damaged(data: bytes, draw: random.Random) -> bytes:
    """A zip file, safetensors file or pickle that is damaged as what it is."""
    way = records if data[:2] == b"PK" else header if data[8:9] == b"{" else _inside
    try:
        return way(draw, data)
    except Exception:  # what was damaged before is no zip file or JSON any more
        return _inside(draw, data)


def _inside(draw: random.Random, data: bytes) -> bytes:
    return mutated(data, [data], WORDS, draw, LARGEST)


def read(data: bytes) -> str:
    """What a file opens as, and with which notes.

    Raises:
        CheckpointError: it is refused.
        AssertionError: a note is no sentence.
    """
    found = inspecting.contents(data, "model.pt")
    assert all(is_one_clear_sentence(ValueError(note)) for note in found.notes), found.notes
    titles = sorted({layer.cell for layer in found.layers})
    notes = sorted({_without_names(note) for note in found.notes})
    return f"opens: {' '.join(titles)}, {len(found.vocabulary) > 0}, {len(found.embeddings) > 0}, {' '.join(notes)}"


def _without_names(said: str) -> str:
    said = re.sub(r"this has .*|this holds .*", "this has …", said)
    return re.sub(r"\d[\d,.]*", "N", re.sub(r"'[^']*'|\([^)]*\)|\"[^\"]*\"", "…", said))


def checkpoints(_folder: Path) -> Target:
    """The reader of checkpoints."""
    torch.set_num_threads(1)
    return Target(seeds(), WORDS, read, damaged, 0.7, LARGEST)
