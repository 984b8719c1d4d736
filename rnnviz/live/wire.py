"""Numbers as bytes: a JSON head in which every array is a reference into the block behind it."""

import json
import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

KINDS = {"uint8": "u1", "float16": "f2", "float32": "f4", "int32": "i4"}  # dtype → its name in the head
ALIGNED = 4  # bytes; a typed array in a browser must begin at a multiple of its element's size


def pack(message: Any) -> bytes:
    """`message` (dicts, lists, texts, numbers, numpy arrays) as [length of the head][head][arrays].

    The length is a uint32, little-endian. In the head, which is JSON, an array is {"$": [kind, byte it begins at,
    number of elements]}, in row-major order; numbers that are not finite become null.

    Raises:
        TypeError: an array is of none of `KINDS`, or the message holds something else than said above.
    """
    parts: list[bytes] = []
    size = 0

    def refer(array: Any) -> dict[str, list[Any]]:
        nonlocal size
        if not isinstance(array, np.ndarray) or array.dtype.name not in KINDS:
            raise TypeError(f"a message holds numpy arrays of {', '.join(KINDS)}; got {type(array).__name__}")
        raw = np.ascontiguousarray(array).tobytes()
        parts.append(raw + bytes(-len(raw) % ALIGNED))
        begin, size = size, size + len(parts[-1])
        return {"$": [KINDS[array.dtype.name], begin, array.size]}

    text = json.dumps(_finite(message), default=refer, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    head = text.encode()
    head += b" " * (-len(head) % ALIGNED)
    return b"".join([struct.pack("<I", len(head)), head, *parts])


def columns(table: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """A chart's table as arrays: numbers as float32, texts as places in the few that there are."""
    return {name: _column(list(values)) for name, values in table.items()}


def _column(values: list[Any]) -> Any:
    if not values or not isinstance(values[0], str):
        return np.array(values, np.float32)
    names = list(dict.fromkeys(values))
    places = {name: place for place, name in enumerate(names)}
    return {"names": names, "places": np.array([places[value] for value in values], np.int32)}


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.generic):
        return _finite(value.item())
    if isinstance(value, Mapping):
        return {str(name): _finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
