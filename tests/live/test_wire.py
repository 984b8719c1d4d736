"""What is packed is what a browser reads: checked by a reader of the format in Python."""

import json
import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from rnnviz.live import wire
from tests.live.reader import unpack

ARRAYS = st.sampled_from([np.uint8, np.float16, np.float32, np.int32]).flatmap(
    lambda dtype: arrays_of.arrays(dtype, arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5))
)
KEYS = st.text(max_size=8).filter(lambda key: key != "$")
PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(max_size=12)
MESSAGES = st.dictionaries(
    KEYS,
    st.recursive(PLAIN | ARRAYS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)),
    max_size=5,
)


def agree(sent: object, came: Any) -> bool:
    """Whether a message came as it was sent: tuples as lists, what is not finite as null, arrays flat."""
    if isinstance(sent, np.ndarray):
        return came.dtype == sent.dtype and came.tobytes() == np.ascontiguousarray(sent).tobytes()
    if isinstance(sent, dict):
        return list(came) == list(sent) and all(agree(sent[key], came[key]) for key in sent)
    if isinstance(sent, list):
        return len(came) == len(sent) and all(map(agree, sent, came))
    if isinstance(sent, float) and not math.isfinite(sent):
        return came is None
    return type(came) is type(sent) and came == sent


@pytest.mark.slow
@given(MESSAGES)
def test_what_is_packed_comes_out_again_to_the_last_bit(message: dict[str, Any]) -> None:
    assert agree(message, unpack(wire.pack(message)))


def test_the_format_byte_by_byte() -> None:
    packed = wire.pack({"a": np.array([1, 2, 3], np.uint8), "b": np.array([0.5], np.float16)})
    head = b'{"a":{"$":["u1",0,3]},"b":{"$":["f2",4,1]}}'
    head += b" " * (-len(head) % 4)
    assert packed == struct.pack("<I", len(head)) + head + b"\1\2\3\0" + b"\0\x38\0\0"


def test_numbers_that_are_not_finite_are_null_in_the_head_and_themselves_in_arrays() -> None:
    values = np.array([np.nan, np.inf, -np.inf, 1], np.float32)
    message = {"plain": [math.nan, math.inf, 1.5], "numpy": np.float64(math.nan), "array": values}
    came = unpack(wire.pack(message))
    assert came["plain"] == [None, None, 1.5] and came["numpy"] is None
    np.testing.assert_array_equal(came["array"], values)


def test_numpy_scalars_are_plain_numbers() -> None:
    said = {"f": np.float32(0.5), "i": np.int64(7), "b": np.bool_(True), "t": (1, 2)}
    came = unpack(wire.pack(said))
    assert came == {"f": 0.5, "i": 7, "b": True, "t": [1, 2]}
    assert [type(came[name]) for name in "fib"] == [float, int, bool]


def test_arrays_that_do_not_lie_in_order_are_sent_in_order() -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    came = unpack(wire.pack({"turned": values.T, "every second": values[:, ::2]}))
    assert came["turned"].tolist() == values.T.ravel().tolist()
    assert came["every second"].tolist() == [0, 2, 4, 6, 8, 10]


def test_texts_of_every_script_are_sent_as_utf8_and_not_longer_than_they_are() -> None:
    text = "שלום, κόσμε 🎲 <b>&\"'\u2028"
    packed = wire.pack({"text": text})
    assert unpack(packed) == {"text": text} and text[:5].encode() in packed


@pytest.mark.parametrize(
    "wrong",
    [np.zeros(2), np.zeros(2, np.int64), np.array(["a"]), np.zeros(2, bool), np.zeros(2, complex), {1}, b"x", object()],
    ids=lambda one: getattr(getattr(one, "dtype", None), "name", type(one).__name__),
)
def test_what_no_browser_could_read_is_refused_with_a_sentence(wrong: object) -> None:
    with pytest.raises(TypeError, match="a message holds numpy arrays of uint8, float16, float32, int32; got"):
        wire.pack({"deep": [{"down": wrong}]})


def test_nothing_is_packed_too() -> None:
    assert unpack(wire.pack({})) == {} and unpack(wire.pack({"a": np.zeros(0, np.float32)}))["a"].size == 0


def test_columns_hold_numbers_as_float32_and_texts_as_places() -> None:
    table = {"time": [1, 2, 3], "value": [0.5, math.nan, -1.0], "label": ["lstm", "rnn", "lstm"], "none": []}
    came = unpack(wire.pack(wire.columns(table)))  # type: ignore[arg-type]
    assert came["time"].tolist() == [1, 2, 3] and np.isnan(came["value"][1])
    assert came["label"]["names"] == ["lstm", "rnn"] and came["label"]["places"].tolist() == [0, 1, 0]
    assert came["none"].size == 0


def test_the_head_is_json_that_any_browser_takes() -> None:
    packed = wire.pack({"x": math.nan, "y": [1e308, -0.0]})
    (length,) = struct.unpack_from("<I", packed)
    json.loads(packed[4 : 4 + length], parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
