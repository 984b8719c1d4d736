"""Pickles are read by a machine that calls nothing, and refused before they take much time or memory."""

import argparse
import collections
import pickle
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnviz as rv
from rnnviz.core.errors import CheckpointError
from rnnviz.nn.checkpoints import pickles
from rnnviz.nn.checkpoints.contents import Unreadable
from rnnviz.nn.checkpoints.pickles import Made
from tests.support.checkpoints import GOOD, Runs, rezipped

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(0, 99), inner),
    max_leaves=20,
)


@given(value=PLAIN, protocol=st.integers(0, 5))
def test_plain_values_come_back_as_they_were(value: Any, protocol: int) -> None:
    assert pickles.read(pickle.dumps(value, protocol)).value == value


@pytest.mark.parametrize("protocol", range(6))
def test_objects_stand_inert_with_what_is_told_of_them(protocol: int) -> None:
    value = {"a": argparse.Namespace(lr=0.1), "run": Runs(), "d": collections.defaultdict(list, x=[1]), "set": {1}}
    found = pickles.read(pickle.dumps(value, protocol))
    a, run = found.value["a"], found.value["run"]
    assert isinstance(a, Made) and a.of == "argparse.Namespace" and {"lr": 0.1} in a.dictionaries
    assert isinstance(run, Made) and run.of == "posix.system" and run.arguments == ("touch /tmp/rnnviz-was-here",)
    assert found.value["d"] == {"x": [1]} and found.value["set"] == [1]
    assert {"posix.system", "argparse.Namespace"} <= found.names
    assert not Path("/tmp/rnnviz-was-here").exists()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (b"", b"\x80\x04", b"\x80\x02}q\x00"):
        try:
            pickles.read(start + data + b".")
        except Unreadable as error:
            assert str(error) == "it is a torch file that is damaged"


PAIR = b"K\x01K\x02\x86"
LARGE = {
    "marks": b"(" * 1_900_000,
    "dictionaries": b"\x80\x04" + b"}" * 1_900_000,
    "sets": b"\x80\x04" + b"\x8f" * 1_900_000,
    "memo": b"\x80\x04}" + b"\x94" * 1_900_000,
    "tuples": b")" + b"\x85" * 1_900_000 + b".",
    "objects": b"\x80\x02cargparse\nNamespace\nq\x00" + b"h\x00)\x81" * 470_000 + b".",
    "copies-of-a-list": b"\x80\x02cbuiltins\nset\nq\x00](" + b"N" * 90_000 + b"eq\x01" + b"h\x00h\x01\x85R" * 90_000,
    "copies-of-a-dictionary": b"\x80\x02ccollections\nOrderedDict\nq\x00](" + PAIR * 60_000 + b"eq\x01"
    + b"h\x00h\x01\x85R" * 60_000,
    "one-inside-the-other": b"\x80\x02" + b"}X\x01\x00\x00\x00a" * 200_000 + b"}" + b"s" * 200_000 + b".",
    "a-far-place-in-the-memo": b"\x80\x02}r\xff\xff\xff\x7f.",
    "a-long-number": b"\x80\x02\x8b\xff\xff\xff\x7f.",
    "many-bytes": b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.",
    "keys-of-one-hash": b"\x80\x02}("
    + b"".join(b"\x8a\x0a" + (at * (2**61 - 1)).to_bytes(10, "little") + b"N" for at in range(1, 99_000)) + b"u.",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_large_pickle_takes_little_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.pt"
    path.write_bytes(rezipped(GOOD, lambda of, data: LARGE[name] if of.endswith("data.pkl") else data))
    tracemalloc.start()
    with pytest.raises(CheckpointError):
        rv.open_checkpoint(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000_000


def test_a_large_pickle_is_refused_at_its_operation_that_is_one_too_many() -> None:
    most = pickles.MOST_OPERATIONS - 3
    assert pickles.read(b"(" + b"N" * most + b"t.").value == (None,) * most
    with pytest.raises(Unreadable, match="takes more than 400,000 operations"):
        pickles.read(b"(" + b"N" * (most + 1) + b"t.")
