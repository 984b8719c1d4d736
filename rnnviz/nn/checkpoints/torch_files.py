"""What torch.save writes: a zip with the pickle `NAME/data.pkl` and a record of bytes for each storage.

The pickle is read by a machine that calls nothing (`pickles`); of what it says of tensors and of the records these are
made.
"""

import dataclasses
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from rnnviz.checkpoints.vocabulary import each_of, is_vocabulary
from rnnviz.core import limits
from rnnviz.core.errors import Words, plain, shown
from rnnviz.nn.checkpoints import pickles
from rnnviz.nn.checkpoints.contents import Contents, Unreadable, unwrapped
from rnnviz.nn.checkpoints.pickles import Made, Name
from rnnviz.nn.checkpoints.storages import Storages, is_tensor

DEEPEST_NESTING = 8  # dictionaries inside each other in which tensors are looked for
MOST_IN_LIST = 64  # dictionaries of a list that are looked into
MOST_VOCABULARIES = 8  # that are looked at
SAVE_WEIGHTS = "save the weights alone, with torch.save(model.state_dict(), …)"

_DIRECTORY = b"PK\x01\x02"  # in front of each record in the directory of a zip file
_RUNS = {"os", "posix", "nt", "subprocess", "pty", "runpy", "ctypes", "socket", "shutil", "importlib", "webbrowser"}
_RUNS_TOO = {f"builtins.{name}" for name in ("eval", "exec", "compile", "__import__")}
_WEIGHTS = (".pt", ".pth", ".ckpt", ".bin", ".safetensors")
_MODULE = "torch.nn.modules."
_ARCHIVES = {  # a record that tells what a zip file is
    "model.weights.h5": "it is a Keras archive",
    "saved_model.pb": "it is a SavedModel of TensorFlow",
    "serialized_exported_program.json": "it is a program that torch.export has written",
    "archive_format": "it is a program that torch.export has written",
    "word/document.xml": "it is a document",
}


def torch_contents(path: Path) -> Contents:
    """Everything in a zip file, if `torch.save` has written it.

    Raises:
        Unreadable: it is another zip file, it is damaged, holds more than it may, or would run code.
    """
    try:
        _check_directory(path)
        with zipfile.ZipFile(path) as file:
            _check_records(file.infolist(), path.stat().st_size)
            (name,) = (name for name in file.namelist() if name.endswith("/data.pkl"))
            pickled = pickles.read(file.read(name))
            contents = _contents(_dictionary(pickled), Storages(file, name.removesuffix("data.pkl")))
            if not contents.tensors and any(name.startswith(_MODULE) for name in pickled.names):
                raise Unreadable(f"it holds whole modules, which are code; {SAVE_WEIGHTS}")
            return contents
    except (Unreadable, OSError):
        raise
    except Exception:  # whatever a damaged file makes zipfile stumble over
        raise Unreadable("it is a zip file that is damaged or not all there") from None


def _check_directory(path: Path) -> None:
    """Refuse very many records before Python makes an object of each."""
    with path.open("rb") as file:
        count = sum(part.count(_DIRECTORY) for part in iter(lambda: file.read(1_000_000), b""))
    if count > 2 * limits.MOST_TENSORS:
        raise Unreadable(f"it has {count:,} records, and {limits.MOST_TENSORS:,} tensors are the most")


def _check_kind(names: list[str]) -> None:
    """Refuse zip files of other programs by the names of their records."""
    if any(name.endswith("/constants.pkl") or "/code/" in name for name in names):
        raise Unreadable(f"it is a TorchScript archive, which holds code; {SAVE_WEIGHTS}")
    for name in names:
        if what := _ARCHIVES.get(name) or _ARCHIVES.get(name.rpartition("/")[2]):
            raise Unreadable(f"{what}, none that torch.save has written")
    if names and all(name.endswith(".npy") for name in names):
        raise Unreadable("it holds arrays of numpy (.npz), and none that torch.save has written")
    if sum(name.endswith("/data.pkl") for name in names) != 1:
        if inside := next((name for name in names if name.endswith(_WEIGHTS)), ""):
            raise Unreadable(f"it is a zip file around {shown(Words(plain(inside, 40)))}; unpack it first")
        raise Unreadable("it is a zip file, but none that torch.save has written")


def _check_records(records: list[zipfile.ZipInfo], size: int) -> None:
    names = [record.filename for record in records]
    _check_kind(names)
    if len(names) > limits.MOST_TENSORS + 16:
        raise Unreadable(f"it has {len(names):,} records, and {limits.MOST_TENSORS:,} tensors are the most")
    if len({*names}) < len(names):
        raise Unreadable("two of its records have the same name")
    if any(record.compress_type != zipfile.ZIP_STORED for record in records):
        raise Unreadable("its records are compressed, which torch.save does not do")
    if sum(record.file_size for record in records) > size:
        raise Unreadable("its records overlap, so that it would unpack to more than it has")


def _dictionary(pickled: pickles.Pickled) -> dict[Any, Any]:
    """The dictionary that a pickle holds.

    Raises:
        Unreadable: it holds something else, or names what runs commands, which nobody needs who means no harm.
    """
    value = pickled.value
    for name in sorted(pickled.names):
        if name.partition(".")[0] in _RUNS or name in _RUNS_TOO:
            raise Unreadable(f"loading it could run code ({shown(Words(name))}); {SAVE_WEIGHTS}")
    if isinstance(value, Made) and value.items:
        return value.items
    if isinstance(value, (Made, Name)) and not is_tensor(value):
        of = value.of if isinstance(value, Made) else value.dotted
        raise Unreadable(f"loading it could run code ({shown(Words(of))}); {SAVE_WEIGHTS}")
    if isinstance(value, (list, tuple)):
        value = _by_place(value) or None
    if not isinstance(value, dict):
        raise Unreadable(f"it holds no dictionary of named weights; {SAVE_WEIGHTS}")
    return value


def _contents(loaded: dict[Any, Any], storages: Storages) -> Contents:
    tensors: dict[str, Tensor] = {}
    unread: dict[str, str] = {}
    vocabularies: dict[str, Any] = {}
    longest = 0
    for of, name, value in _named(loaded):
        length = of.length + len(name)
        if length > limits.LONGEST_TENSOR_NAME:
            longest = max(longest, length if is_tensor(value) else 0)
        elif is_tensor(value):
            full = of.text + name
            if full in tensors or full in unread:
                raise Unreadable(f"{shown(full)} stands twice in it")
            if len(tensors) + len(unread) == limits.MOST_TENSORS:
                raise Unreadable(f"it has more than {limits.MOST_TENSORS:,} tensors, which are the most")
            try:
                tensors[full] = storages.tensor(value)
            except Unreadable as error:
                unread[full] = str(error)
        elif name.endswith("_extra_state"):  # what a module of somebody's own saves beside its weights
            unread[of.text + name] = "is no tensor"
        elif len(vocabularies) < MOST_VOCABULARIES and is_vocabulary(name, held := _held(value)):
            vocabularies |= {of.text + full: one for full, one in each_of(name, held).items()}
    named = unwrapped(tensors)
    return Contents(
        {named(name): tensor for name, tensor in tensors.items()},
        {named(name): why for name, why in unread.items()},
        vocabularies,
        longest=longest,
    )


def _held(value: Any) -> Any:
    """Of an object of an unknown class what stands in it by name."""
    return next((one for one in value.dictionaries if one), None) if isinstance(value, Made) else value


@dataclasses.dataclass(frozen=True)
class _Prefix:
    """What stands in front of names: its length, and its text, if that is not too long to be put in front of them."""

    length: int = 0
    text: str = ""

    def then(self, name: str) -> "_Prefix":
        length = self.length + len(name) + 1
        return _Prefix(length, f"{self.text}{name}." if length <= limits.LONGEST_TENSOR_NAME else "")


def _named(loaded: dict[Any, Any]) -> Iterator[tuple[_Prefix, str, Any]]:
    """Every value in nested dictionaries: what stands in front of its name, the name, and the value.

    Each dictionary is looked at once. What stands in objects of unknown classes comes without its tensors, which are no
    weights of the model.
    """
    waiting: list[tuple[_Prefix, dict[Any, Any], int, bool]] = [(_Prefix(), loaded, 1, True)]
    seen = {id(loaded)}
    for of, values, depth, known in waiting:
        for name, value in values.items():
            if not isinstance(name, str):
                continue  # as in the state of an optimizer
            if known or not is_tensor(value):
                yield of, name, value
            for one in _inside(value) if depth < DEEPEST_NESTING else []:
                if one and id(one) not in seen:
                    seen.add(id(one))
                    values_of = one if isinstance(one, dict) else _by_place(one)
                    waiting.append((of.then(name), values_of, depth + 1, known and not isinstance(value, Made)))


def _inside(value: Any) -> Sequence[dict[Any, Any] | Sequence[Any]]:
    if isinstance(value, Made):
        return value.dictionaries
    return [value] if isinstance(value, (dict, list, tuple)) else []


def _by_place(values: Sequence[Any]) -> dict[Any, Any]:
    """What of a list holds something by name, as several models stand in one: under its name, if it has one."""
    found: dict[Any, Any] = {}
    for place, one in enumerate(values[:MOST_IN_LIST]):
        pair = isinstance(one, (list, tuple)) and len(one) == 2 and isinstance(one[0], str)
        name, held = one if pair else (str(place), one)
        if isinstance(held, dict) or (isinstance(held, Made) and not is_tensor(held)):
            found[name] = held
    return found
