"""The tensors in a file that anybody may have made: safetensors, or what `torch.save` writes. Nothing in it is run.

What a file is, its content decides. How much memory it will take is known before any is taken: a tensor never has more
numbers than the file has bytes for, and nothing in a file is unpacked to more than it takes there.
"""

import collections
import dataclasses
import io
import json
import pickle
import pickletools
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from rnnviz.core import limits
from rnnviz.core.errors import Words, shown

LARGEST_HEADER = 2_000_000  # bytes of what a file says about its tensors; looking through that takes seconds
DEEPEST_NESTING = 4  # dictionaries inside each other in which tensors are looked for
SAVE_WEIGHTS = "save the weights alone, with torch.save(model.state_dict(), …)"
VOCABULARY_NAMES = ("vocabulary", "vocab", "itos", "stoi", "token_to_id", "tokens")

_ALLOWED = {"collections.OrderedDict", "torch.Size", "torch.device", "torch.storage.UntypedStorage"} | {
    f"torch._utils._rebuild_{what}" for what in ("tensor_v2", "parameter", "parameter_with_state")
}
_NUMBER_TYPES = {f"torch.{name}" for name in dir(torch) if isinstance(getattr(torch, name), torch.dtype)}
_OLD_TORCH = (0x1950A86A20F9469CFC6C).to_bytes(10, "little")  # stands in files of torch before 1.6
_SIGNATURES = {  # how a file begins, and what it then is
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"BM": "a picture",
    b"RIFF": "a picture or a sound",
    b"\x89HDF": "an HDF5 file, as Keras writes it",
    b"\x93NUMPY": "one array of numpy",
    b"\x1f\x8b": "compressed; unpack it first",
    b"%PDF": "a PDF document",
}


class Unreadable(ValueError):
    """Why a file cannot be opened, in words that follow "FILE cannot be opened as a checkpoint: "."""


@dataclasses.dataclass(frozen=True)
class Contents:
    """What a file holds.

    tensors:  dotted name → tensor, wrappers such as `state_dict.` and `module.` taken off.
    notes:    what is told beside the tensors under a name that a vocabulary may have, plain values only.
    metadata: of a safetensors file.
    """

    tensors: dict[str, Tensor]
    notes: dict[str, Any]
    metadata: dict[str, str]


def read(path: Path, largest: int = limits.LARGEST_CHECKPOINT) -> Contents:
    """Everything in a file.

    largest: bytes a file may have.

    Raises:
        Unreadable: it is no such file, it is damaged, too large, or would run code.
    """
    try:
        begin = _begin(path, largest)
        if begin.startswith(b"PK\x03\x04"):
            return _affordable(_torch_contents(path), largest)
        if begin[8:9] == b"{":
            return _affordable(_safetensors_contents(path), largest)
    except OSError:
        raise Unreadable("it cannot be read") from None
    raise Unreadable(_what_else(begin, path))


def _affordable(contents: Contents, largest: int) -> Contents:
    """Refuse tensors that share their numbers, or store them in so few bits, that in float32 they would be too many."""
    count, most = sum(t.numel() for t in contents.tensors.values() if t.is_floating_point()), largest // 2
    if count > most:
        raise Unreadable(f"its tensors have {count:,} numbers all told, and {most:,} are the most")
    return contents


def _begin(path: Path, largest: int) -> bytes:
    """The first bytes of a file of a fitting size."""
    if not path.is_file():
        raise Unreadable("it is a folder" if path.is_dir() else "there is no such file")
    size = path.stat().st_size
    if size > largest:
        raise Unreadable(f"it has {size / 1e6:,.1f} MB, and {largest / 1e6:,.0f} MB are the most")
    if not size:
        raise Unreadable("it is empty")
    with path.open("rb") as file:
        return file.read(512)


def _what_else(begin: bytes, path: Path) -> str:
    """What a file is that is neither of the two."""
    for signature, kind in _SIGNATURES.items():
        if begin.startswith(signature):
            return f"it is {kind}"
    if begin.startswith(b"\x80") or begin[257:262] == b"ustar":
        return _pickled(path)
    if all(byte in b"\t\n\r\f" or 32 <= byte < 127 for byte in begin):
        return "it is a text file"
    return "it is neither a safetensors file nor one that torch.save has written"


def _pickled(path: Path) -> str:
    if _OLD_TORCH in path.read_bytes()[:512]:
        return "it is in the format of torch before 1.6; open it with torch.load and save it again"
    return "it is a pickle, which can run code when it is loaded, and no torch file"


# Safetensors


def _safetensors_contents(path: Path) -> Contents:
    _check_header(path)
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118, it is no dict
    except (SafetensorError, ValueError, RuntimeError, TypeError):
        raise Unreadable("it is a safetensors file that is damaged or not all there") from None
    notes = {name: _from_json(text) for name, text in metadata.items() if name in VOCABULARY_NAMES}
    return Contents(_unwrapped(tensors), notes, metadata)


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
    _check_length(max(map(len, header.keys() - {"__metadata__"}), default=0))
    declared = sum(_declared(entry) for name, entry in header.items() if name != "__metadata__")
    if declared > size:
        raise Unreadable(f"it declares {_large(declared)} numbers and has {size:,} bytes in all")


def _declared(entry: Any) -> int:
    """How many numbers a tensor is said to have."""
    shape = entry.get("shape") if isinstance(entry, dict) else None
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise Unreadable("it is a safetensors file whose header is damaged")
    count = 1
    for n in shape:
        count = min(count * n, 2**63)
    return count


def _large(count: int) -> str:
    return f"{count:,}" if count < 10**15 else "more than 10¹⁵"


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


# What torch.save writes: a zip with the pickle `NAME/data.pkl` and a record of bytes for each storage


def _torch_contents(path: Path) -> Contents:
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
    return Contents(_unwrapped(tensors), notes, {})


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
    _check_length(len(of) + len(name))
    return of + name


def _check_length(characters: int) -> None:
    if characters > limits.LONGEST_TENSOR_NAME:
        most = f"{limits.LONGEST_TENSOR_NAME} are the most"
        raise Unreadable(f"it has a name of {characters:,} characters, and {most}")


def _honest(name: str, tensor: Tensor) -> Tensor:
    """A plain tensor that has as many numbers as its storage has room for.

    Raises:
        Unreadable: it is stretched, sparse, on no device, or quantised.
    """
    if tensor.layout != torch.strided or tensor.device.type != "cpu" or tensor.is_quantized:
        raise Unreadable(f"{shown(name)} is no plain tensor")
    if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        raise Unreadable(f"{shown(name)} declares {_large(tensor.numel())} numbers and holds fewer")
    return tensor.detach()


_WRAPPERS = ("state_dict.", "model_state_dict.", "model_state.", "net_state_dict.", "weights.", "params.")
_ANYWHERE = ("module", "_orig_mod")  # of data parallel training and of torch.compile


def _unwrapped(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Names as the model has them; in full where that would make two of them equal."""
    short = {name: _short(name) for name in tensors}
    alike = collections.Counter(short.values())
    return {short[name] if alike[short[name]] == 1 else name: tensor for name, tensor in tensors.items()}


def _short(name: str) -> str:
    """A name without its wrappers; nothing can be taken off that again, so it is nobody else's full name."""
    name = ".".join(part for part in name.split(".") if part not in _ANYWHERE)
    while wrapper := next((one for one in _WRAPPERS if name.startswith(one)), ""):
        name = name.removeprefix(wrapper)
    return name
