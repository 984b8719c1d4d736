"""What torch.save writes: a zip with the pickle `NAME/data.pkl` and a record of bytes for each storage.

Every instruction of the pickle is looked at before torch reads it, and torch reads weights only.
"""

import io
import pickle
import pickletools
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from rnnviz.core import limits
from rnnviz.core.errors import Words, shown
from rnnviz.nn.checkpoints.contents import (
    LARGEST_HEADER,
    VOCABULARY_NAMES,
    Contents,
    Unreadable,
    check_length,
    in_words,
    unwrapped,
)

DEEPEST_NESTING = 4  # dictionaries inside each other in which tensors are looked for
SAVE_WEIGHTS = "save the weights alone, with torch.save(model.state_dict(), …)"

_ALLOWED = {"collections.OrderedDict", "torch.Size", "torch.device", "torch.storage.UntypedStorage"} | {
    f"torch._utils._rebuild_{what}" for what in ("tensor_v2", "parameter", "parameter_with_state")
}
_NUMBER_TYPES = {f"torch.{name}" for name in dir(torch) if isinstance(getattr(torch, name), torch.dtype)}


def torch_contents(path: Path) -> Contents:
    """Everything in a zip file, if `torch.save` has written it.

    Raises:
        Unreadable: it is another zip file, it is damaged, holds more than it may, or would run code.
    """
    try:
        loaded = torch.load(_safe_zip(path), map_location="cpu", weights_only=True)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError):
        raise Unreadable("it is a zip file that is damaged or not all there") from None
    except pickle.UnpicklingError:
        raise Unreadable(f"it holds more than weights, which could run code; {SAVE_WEIGHTS}") from None
    except RuntimeError as error:
        raise Unreadable(_torch_refusal(str(error))) from None
    except Unreadable:
        raise
    except Exception:  # whatever a damaged pickle makes torch stumble over
        raise Unreadable("it is a torch file that is damaged") from None
    if isinstance(loaded, Tensor) or not isinstance(loaded, Mapping):
        raise Unreadable(f"it holds no dictionary of named weights; {SAVE_WEIGHTS}")
    tensors: dict[str, Tensor] = {}
    notes: dict[str, Any] = {}
    for of, name, value in _named(loaded):
        if isinstance(value, Tensor):
            _add(tensors, _joined(of, name), value)
        elif len(name) <= limits.LONGEST_TENSOR_NAME and name.rpartition(".")[2] in VOCABULARY_NAMES:
            notes[name.rpartition(".")[2]] = value
    return Contents(unwrapped(tensors), notes, {})


def _add(tensors: dict[str, Tensor], name: str, tensor: Tensor) -> None:
    if name in tensors:
        raise Unreadable(f"{shown(name)} stands twice in it")
    if len(tensors) == limits.MOST_TENSORS:
        raise Unreadable(f"it has more than {limits.MOST_TENSORS:,} tensors, which are the most")
    tensors[name] = _honest(name, tensor)


def _torch_refusal(said: str) -> str:
    if "does not match expected size" in said or "out of bounds" in said:
        return "it declares more numbers than it holds"
    return "it is a torch file that is damaged or not all there"


def _safe_zip(path: Path) -> io.BytesIO:
    """The records of a torch file, written anew: so what torch reads is what was looked at here."""
    clean = io.BytesIO()
    with zipfile.ZipFile(path) as file, zipfile.ZipFile(clean, "w") as out:
        records = file.infolist()
        _check_records(records, path.stat().st_size)
        for record in records:
            data = file.read(record)
            if record.filename.endswith("/data.pkl"):
                _check_pickle(data)
            out.writestr(record.filename, data)
    clean.seek(0)
    return clean


def _check_records(records: list[zipfile.ZipInfo], size: int) -> None:
    names = [record.filename for record in records]
    if any(name.endswith("/constants.pkl") or "/code/" in name for name in names):
        raise Unreadable(f"it is a TorchScript archive, which holds code; {SAVE_WEIGHTS}")
    if sum(name.endswith("/data.pkl") for name in names) != 1:
        raise Unreadable("it is a zip file, but none that torch.save has written")
    if len(names) > limits.MOST_TENSORS + 16:
        raise Unreadable(f"it has {len(names):,} records, and {limits.MOST_TENSORS:,} tensors are the most")
    if len({*names}) < len(names):
        raise Unreadable("two of its records have the same name")
    if any(record.compress_type != zipfile.ZIP_STORED for record in records):
        raise Unreadable("its records are compressed, which torch.save does not do")
    if sum(record.file_size for record in records) > size:
        raise Unreadable("its records overlap, so that it would unpack to more than it has")


def _check_pickle(data: bytes) -> None:
    """Look at every instruction of a pickle, carrying out none, for a name that weights do not need."""
    if len(data) > LARGEST_HEADER:
        raise Unreadable(f"it says more about its tensors than the {LARGEST_HEADER / 1e6:.0f} MB that may be")
    try:
        for operation, argument, _ in pickletools.genops(data):
            if operation.name in ("GLOBAL", "INST"):
                _check_name(str(argument).replace(" ", "."))
            elif operation.name in ("STACK_GLOBAL", "EXT1", "EXT2", "EXT4"):
                raise Unreadable(f"it is written in a way in which code can hide; {SAVE_WEIGHTS}")
    except Unreadable:
        raise
    except Exception:  # pickletools raises whatever the bytes make it
        raise Unreadable("it is a torch file that is damaged") from None


def _check_name(name: str) -> None:
    storage = name.startswith("torch.") and name.endswith("Storage") and name.count(".") == 1
    if not storage and name not in _ALLOWED and name not in _NUMBER_TYPES:
        raise Unreadable(f"loading it could run code ({shown(Words(name))}); {SAVE_WEIGHTS}")


def _named(loaded: Mapping[Any, Any]) -> Iterator[tuple[str, str, Any]]:
    """Every value in nested dictionaries: what stands in front of its name, the name, and the value.

    Each dictionary is looked at once. Names are put together only where they are needed: a small file can have a long
    one that stands in front of thousands.
    """
    waiting: list[tuple[str, Mapping[Any, Any], int]] = [("", loaded, 1)]
    seen = {id(loaded)}
    while waiting:
        of, values, depth = waiting.pop(0)
        for name, value in values.items():
            if not isinstance(name, str):
                continue  # as in the state of an optimizer
            yield of, name, value
            if isinstance(value, Mapping) and depth < DEEPEST_NESTING and id(value) not in seen:
                seen.add(id(value))
                waiting.append((f"{_joined(of, name)}.", value, depth + 1))


def _joined(of: str, name: str) -> str:
    check_length(len(of) + len(name))
    return of + name


def _honest(name: str, tensor: Tensor) -> Tensor:
    """A plain tensor that has as many numbers as its storage has room for.

    Raises:
        Unreadable: it is stretched, sparse, on no device, or quantised.
    """
    if tensor.layout != torch.strided or tensor.device.type != "cpu" or tensor.is_quantized:
        raise Unreadable(f"{shown(name)} is no plain tensor")
    if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        raise Unreadable(f"{shown(name)} declares {in_words(tensor.numel())} numbers and holds fewer")
    return tensor.detach()
