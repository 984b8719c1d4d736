"""Safetensors files: what they say of themselves is compared with their size before any of it is believed."""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from rnnviz.checkpoints.vocabulary import is_vocabulary
from rnnviz.core import limits
from rnnviz.nn.checkpoints.contents import (
    LARGEST_HEADER,
    Contents,
    Unreadable,
    in_words,
    too_long,
    unwrapped,
)


def safetensors_contents(path: Path) -> Contents:
    """Everything in a safetensors file.

    Raises:
        Unreadable: it is damaged, not all there, or declares more than it has.
    """
    _check_header(path)
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118, it is no dict
    except (SafetensorError, ValueError, RuntimeError, TypeError):
        raise Unreadable("it is a safetensors file that is damaged or not all there") from None
    named = unwrapped(tensors)
    vocabularies = {name: text for name, text in metadata.items() if is_vocabulary(name, text)}
    return Contents({named(name): one for name, one in tensors.items()}, vocabularies=vocabularies, metadata=metadata)


def _check_header(path: Path) -> None:
    """Compare what a file says of itself with its size, before any of it is believed."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > size - 8:
            raise Unreadable("it is a safetensors file of which not all is there")
        if length > LARGEST_HEADER:
            raise Unreadable(f"its header has {length:,} bytes, and {LARGEST_HEADER:,} are the most")
        header = _from_json(file.read(length).decode("utf-8", "replace"))
    if not isinstance(header, dict):
        raise Unreadable("it is a safetensors file whose header is damaged")
    if len(header) > limits.MOST_TENSORS:
        raise Unreadable(f"it has {len(header):,} tensors, and {limits.MOST_TENSORS:,} are the most")
    if (longest := max(map(len, header.keys() - {"__metadata__"}), default=0)) > limits.LONGEST_TENSOR_NAME:
        raise Unreadable(too_long(longest))
    declared = sum(_declared(entry) for name, entry in header.items() if name != "__metadata__")
    if declared > size:
        raise Unreadable(f"it declares {in_words(declared)} numbers and has {size:,} bytes in all")


def _declared(entry: Any) -> int:
    """How many numbers a tensor is said to have."""
    shape = entry.get("shape") if isinstance(entry, dict) else None
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise Unreadable("it is a safetensors file whose header is damaged")
    count = 1
    for n in shape:
        count = min(count * n, 2**63)
    return count


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
