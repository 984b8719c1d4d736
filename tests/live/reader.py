"""Messages read back as a browser reads them: see `assets/stage/kit/wire.js`."""

import json
import struct
from typing import Any

import numpy as np

KINDS = {"u1": np.uint8, "f2": np.float16, "f4": np.float32, "i4": np.int32}


def unpack(packed: bytes) -> Any:
    """What `rnnviz.live.pack` packed, each array flat; nothing of the bytes may be left over."""
    (length,) = struct.unpack_from("<I", packed)
    arrays, end = packed[4 + length :], 0

    def typed(kind: str, begin: int, size: int) -> np.ndarray:
        nonlocal end
        dtype = np.dtype(KINDS[kind]).newbyteorder("<")
        assert (4 + length + begin) % 4 == 0, "a typed array begins at a multiple of its element's size"
        end = max(end, begin + -(-size * dtype.itemsize // 4) * 4)
        return np.frombuffer(arrays, dtype, size, begin)

    def revive(value: dict[str, Any]) -> Any:
        return typed(*value["$"]) if "$" in value else value

    read = json.loads(packed[4 : 4 + length].decode(), object_hook=revive)
    assert end == len(arrays)
    return read
