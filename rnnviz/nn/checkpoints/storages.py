"""Tensors of a torch file, made of a pickle's words for them and of the records that hold their numbers."""

import math
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from rnnviz.core.errors import Words, shown
from rnnviz.nn.checkpoints.contents import Unreadable, in_words
from rnnviz.nn.checkpoints.pickles import Made, Name, Outside

_NUMBER_TYPES = {f"torch.{name}": kind for name in dir(torch) if isinstance(kind := getattr(torch, name), torch.dtype)}
_STORAGES = {  # what a storage of torch is called, and what its numbers are
    "FloatStorage": torch.float32,
    "DoubleStorage": torch.float64,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
    "ComplexFloatStorage": torch.complex64,
    "ComplexDoubleStorage": torch.complex128,
}
QUANTISED = "is quantised; bring the weights from before that"
_TENSOR = re.compile(r"tensor|ndarray|multiarray|_rebuild_|parameter$|scriptobject", re.IGNORECASE)
_OTHERS = {  # what a tensor is made by that is no plain one, and why it is not read
    "torch._utils._rebuild_qtensor": QUANTISED,
    "torch.ScriptObject": QUANTISED,
    "torch._utils._rebuild_sparse_tensor": "is stored sparse; save its to_dense()",
    "torch._utils._rebuild_meta_tensor_no_storage": "has no numbers, as it is on the device meta",
}
_MOST_WRAPPED = 8  # parameters around parameters
_MOST_DIMENSIONS = 16
_LARGEST_SIZE = 2**40


def is_tensor(value: Any) -> bool:
    """Whether a pickle means a tensor by this, or an array of another library."""
    return isinstance(value, Made) and _TENSOR.search(value.of) is not None


class Storages:
    """The records of a torch file that hold numbers, each read when a tensor first asks for it.

    prefix: of the names of its records, such as "archive/".
    """

    def __init__(self, file: zipfile.ZipFile, prefix: str) -> None:
        self._file, self._prefix = file, prefix
        self._read: dict[str, bytearray] = {}
        order = f"{prefix}byteorder"
        if order in file.namelist() and file.read(order) == b"big":
            raise Unreadable("its numbers have their largest byte first, as on few machines")

    def tensor(self, made: Made) -> Tensor:
        """The tensor that is meant.

        Raises:
            Unreadable: it is no plain one, or declares more numbers than the file has; it goes on after "it ".
        """
        for _ in range(_MOST_WRAPPED):
            if made.of in _REBUILT:
                return _REBUILT[made.of](self, *made.arguments)
            inner = _inner(made)
            if inner is None:
                break
            made = inner
        raise Unreadable(_OTHERS.get(made.of, f"is no plain tensor ({shown(Words(made.of))})"))

    def plain(self, storage: Any, offset: Any, size: Any, stride: Any, kind: torch.dtype | None = None) -> Tensor:
        """Numbers of a storage as a tensor; kind: of the numbers, if the storage does not tell it.

        Raises:
            Unreadable: it declares more numbers than the file has, or is damaged.
        """
        if not isinstance(storage, Outside) or not isinstance(storage.key, tuple) or len(storage.key) != 5:
            raise Unreadable("is damaged")
        _, of, key, _, declared = storage.key
        own = kind or _kind(of)
        _check_sizes(offset, size, stride, declared)
        data = self._bytes(key)
        room = len(data) // own.itemsize
        count = math.prod(size)
        last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
        if declared * (1 if kind else own.itemsize) > len(data) or (count and last >= room):
            raise Unreadable("declares more numbers than it holds")
        if count > room:
            raise Unreadable(f"declares {in_words(count)} numbers and holds fewer")
        if not count:
            return torch.empty(size, dtype=own)
        return torch.frombuffer(data, dtype=own, count=room).as_strided(tuple(size), tuple(stride), offset)

    def _bytes(self, key: Any) -> bytearray:
        if not isinstance(key, str):
            raise Unreadable("is damaged")
        if key not in self._read:
            try:
                self._read[key] = bytearray(self._file.read(f"{self._prefix}data/{key}"))
            except KeyError:
                raise Unreadable("declares more numbers than it holds") from None
        return self._read[key]


def _kind(of: Any) -> torch.dtype:
    """Of the numbers of a storage of this name."""
    name = of.dotted.rpartition(".")[2] if isinstance(of, Name) else "no name"
    if name not in _STORAGES:
        raise Unreadable(QUANTISED if name.startswith("Q") else f"has numbers of another kind ({shown(Words(name))})")
    return _STORAGES[name]


def _check_sizes(offset: Any, size: Any, stride: Any, declared: Any) -> None:
    rows = (size, stride)
    plain = all(isinstance(row, (list, tuple)) and len(row) <= _MOST_DIMENSIONS for row in rows)
    numbers = [offset, declared, *(n for row in rows for n in row)] if plain else [None]
    if not all(type(n) is int and 0 <= n < _LARGEST_SIZE for n in numbers) or len(size) != len(stride):
        raise Unreadable("is damaged")


def _inner(made: Made) -> Made | None:
    """What a parameter or a subclass is made around."""
    if made.of in ("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state"):
        inner = made.arguments[0] if made.arguments else None
        return inner if isinstance(inner, Made) else None
    if made.of == "torch._tensor._rebuild_from_type_v2" and len(made.arguments) > 2:
        function, _, arguments = made.arguments[:3]
        if isinstance(function, Name) and isinstance(arguments, (list, tuple)):
            return Made(function.dotted, tuple(arguments))
    return None


def _typed(storages: Storages, *arguments: Any) -> Tensor:
    """As `_rebuild_tensor_v2` is called: storage, offset, size, stride, two that no number needs, and what it is."""
    found = storages.plain(*_first_four(arguments))
    view = arguments[6] if len(arguments) > 6 else None
    return found.neg() if isinstance(view, dict) and view.get("neg") is True else found


def _untyped(storages: Storages, *arguments: Any) -> Tensor:
    """As `_rebuild_tensor_v3` is called, with the kind of its numbers behind the hooks."""
    of = arguments[6] if len(arguments) > 6 else None
    kind = _NUMBER_TYPES.get(of.dotted) if isinstance(of, Name) else None
    if kind is None:
        raise Unreadable("is damaged")
    return storages.plain(*_first_four(arguments), kind)


def _first_four(arguments: tuple[Any, ...]) -> tuple[Any, Any, Any, Any]:
    if len(arguments) < 4:
        raise Unreadable("is damaged")
    storage, offset, size, stride = arguments[:4]
    return storage, offset, size, stride


_REBUILT: Mapping[str, Callable[..., Tensor]] = {
    "torch._utils._rebuild_tensor": _typed,
    "torch._utils._rebuild_tensor_v2": _typed,
    "torch._utils._rebuild_tensor_v3": _untyped,
}
