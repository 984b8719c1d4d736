"""An array as a PNG in a data URL: one byte per cell and a palette, so that colouring costs nothing."""

import base64
import struct
import zlib

import numpy as np

from rnnviz.charts.scales import COLOURS, Scale, palette

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_INDEXED = 3  # PNG's colour type of images with a palette


def data_url(values: np.ndarray, scale: Scale, upscale: int = 1) -> str:
    """A picture of `values` (row, column), first row on top; NaN is transparent.

    upscale: pixels, both ways, of one cell.
    """
    indices = scale.indices(values)
    if upscale > 1:
        indices = indices.repeat(upscale, axis=0).repeat(upscale, axis=1)
    return "data:image/png;base64," + base64.b64encode(encode(indices, palette(scale.scheme))).decode()


def encode(indices: np.ndarray, colours: np.ndarray) -> bytes:
    """A PNG of `indices` (row, column) uint8 into `colours` (COLOURS, 3) uint8; index COLOURS is transparent."""
    height, width = indices.shape
    header = struct.pack(">IIBBBBB", width, height, 8, _INDEXED, 0, 0, 0)
    unfiltered = np.zeros((height, 1), np.uint8)  # each row begins with the kind of its filter: none
    pixels = zlib.compress(np.hstack([unfiltered, indices]).tobytes(), 1)
    clear = b"\xff" * COLOURS + b"\x00"
    parts = ((b"IHDR", header), (b"PLTE", colours.tobytes() + bytes(3)), (b"tRNS", clear), (b"IDAT", pixels))
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in (*parts, (b"IEND", b"")))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
