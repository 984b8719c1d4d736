"""The tensors in a file that anybody may have made: safetensors, or what `torch.save` writes. Nothing in it is run.

What a file is, its content decides. How much memory it will take is known before any is taken: a tensor never has more
numbers than the file has bytes for, and nothing in a file is unpacked to more than it takes there.
"""

import codecs
from pathlib import Path

from rnnviz.core import limits
from rnnviz.nn.checkpoints.contents import Contents, Unreadable
from rnnviz.nn.checkpoints.safetensors_files import safetensors_contents
from rnnviz.nn.checkpoints.torch_files import torch_contents

_OLD_TORCH = (0x1950A86A20F9469CFC6C).to_bytes(10, "little")  # stands in files of torch before 1.6
_BEFORE_1_6 = "in the format of torch before 1.6; open it with torch.load and save it again"
_RECORDS = (b"sys_info", b"storages", b"tensors", b"pickle")  # of a tar archive that torch of 2016 wrote
_COMPRESSED = "compressed; unpack it first"
_POINTER = "only the pointer to a file in a large-file store; fetch the file itself"
_SIGNATURES = {  # how a file begins, and what it then is
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"BM": "a picture",
    b"RIFF": "a picture or a sound",
    b"\x89HDF": "an HDF5 file, as Keras writes it",
    b"\x93NUMPY": "one array of numpy",
    b"\x1f\x8b": _COMPRESSED,
    b"BZh": _COMPRESSED,
    b"\xfd7zXZ": _COMPRESSED,
    b"7z\xbc\xaf": _COMPRESSED,
    b"Rar!": _COMPRESSED,
    b"\x28\xb5\x2f\xfd": _COMPRESSED,
    b"%PDF": "a PDF document",
    b"GGUF": "a GGUF file of llama.cpp, whose models are no recurrent networks of torch",
    b"ggml": "a GGML file of llama.cpp, whose models are no recurrent networks of torch",
    b"lmgg": "a GGML file of llama.cpp, whose models are no recurrent networks of torch",
    b"version https://git-lfs": _POINTER,
    b"/annex/objects/": _POINTER,
    b"model_checkpoint_path:": "the index of a TensorFlow checkpoint",
    b"\x08\x01\x12": "a SavedModel of TensorFlow",
}
_LATER = {b"TFL3": "a TensorFlow Lite model", b"ET12": "a program of ExecuTorch"}  # from the fifth byte on
_TABLE_END = (0xDB4775248B80FB57).to_bytes(8, "little")  # of the index of a TensorFlow checkpoint
_ENDINGS = {  # of names of files that no bytes tell apart
    ".onnx": "an ONNX model",
    ".pb": "a graph of TensorFlow",
    ".ckpt.meta": "a graph of TensorFlow",
    ".msgpack": "a MessagePack file, as Flax writes it",
    ".mlmodel": "a Core ML model",
    ".pdparams": "a file of PaddlePaddle",
}


def read(path: Path, largest: int = limits.LARGEST_CHECKPOINT, name: str = "") -> Contents:
    """Everything in a file.

    largest: bytes a file may have.
    name:    what its owner calls it; only its ending is looked at, and only where its content does not tell what it is.

    Raises:
        Unreadable: it is no such file, it is damaged, too large, or would run code.
    """
    try:
        begin = _begin(path, largest)
        if begin.startswith(b"PK\x03\x04"):
            return _affordable(torch_contents(path), path, largest)
        if begin[8:9] == b"{" and _text(begin[:8]) is None:
            return _affordable(safetensors_contents(path), path, largest)
        raise Unreadable(_what_else(begin, path, name))
    except OSError:
        raise Unreadable("it cannot be read") from None


def _affordable(contents: Contents, path: Path, largest: int) -> Contents:
    """Refuse tensors that share their numbers, or store them in so few bits, that in float32 they would be too many."""
    count = sum(t.numel() for t in contents.tensors.values() if t.is_floating_point())
    most = min(largest // 2, 4 * path.stat().st_size)
    if count > most:
        raise Unreadable(f"its tensors have {count:,} numbers all told, and {most:,} are the most")
    return contents


def _begin(path: Path, largest: int) -> bytes:
    """The first bytes of a file of a fitting size."""
    if not path.is_file():
        raise Unreadable("it is a folder" if path.is_dir() else "there is no such file")
    size = path.stat().st_size
    if size > largest:
        more = f"; in Python, rnnviz.open_checkpoint takes up to {limits.LARGEST_OPENED / 1e6:,.0f} MB"
        here = more if largest == limits.LARGEST_CHECKPOINT and size <= limits.LARGEST_OPENED else ""
        raise Unreadable(f"it has {size / 1e6:,.1f} MB, and {largest / 1e6:,.0f} MB are the most{here}")
    if not size:
        raise Unreadable("it is empty")
    with path.open("rb") as file:
        return file.read(512)


def _what_else(begin: bytes, path: Path, name: str) -> str:
    """What a file is that is neither of the two."""
    known = {**_SIGNATURES, **({begin[:8]: _LATER[begin[4:8]]} if begin[4:8] in _LATER else {})}
    for signature, kind in known.items():
        if begin.startswith(signature):
            return f"it is {kind}"
    if begin.startswith(b"\x80") or begin[257:262] == b"ustar":
        return _pickled(begin)
    if _is_onnx(begin):
        return "it is an ONNX model, which holds a graph and not the weights of torch's layers"
    if (text := _text(begin)) is not None:
        return _kind_of_text(text)
    if _end(path).endswith(_TABLE_END):
        return "it is the index of a TensorFlow checkpoint"
    ending = next((kind for ending, kind in _ENDINGS.items() if name.lower().endswith(ending)), "")
    if ".data-0" in name:
        ending = "the data of a TensorFlow checkpoint"
    return f"it is {ending}" if ending else "it is neither a safetensors file nor one that torch.save has written"


def _is_onnx(begin: bytes) -> bool:
    """Whether a file begins as ONNX does: the version of its format, then who has written it, or the graph."""
    return begin[:1] == b"\x08" and begin[1:2] <= b"\x20" and begin[2:3] in (b"\x12", b"\x1a", b"\x3a", b"\x42")


def _text(begin: bytes) -> str | None:
    """The beginning of a text in UTF-8, whose last character may be cut; None if it is none."""
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(begin)
    except UnicodeDecodeError:
        return None
    return text if all(c.isprintable() or c in "\t\n\r\f" for c in text) else None


def _kind_of_text(text: str) -> str:
    start = text.lstrip().lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<!--")):
        return "it is an HTML page, such as a site shows in place of a download"
    if "weight_map" in start and start.startswith("{"):
        return "it is the index of a checkpoint in several files; bring one of these"
    if start.startswith(("{", "[")):
        return "it is a JSON text"
    return "it is a text file"


def _end(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-min(64, path.stat().st_size), 2)
        return file.read()


def _pickled(begin: bytes) -> str:
    if begin[257:262] == b"ustar" and not begin.startswith(_RECORDS):
        return "it is a tar archive; unpack it first"
    if _OLD_TORCH in begin or begin[257:262] == b"ustar":
        return f"it is {_BEFORE_1_6}"
    return "it is a pickle, which can run code when it is loaded, and no torch file"
