"""The tensors in a file that anybody may have made: safetensors, or what `torch.save` writes. Nothing in it is run.

What a file is, its content decides. How much memory it will take is known before any is taken: a tensor never has more
numbers than the file has bytes for, and nothing in a file is unpacked to more than it takes there.
"""

from pathlib import Path

from rnnviz.core import limits
from rnnviz.nn.checkpoints.contents import Contents, Unreadable
from rnnviz.nn.checkpoints.safetensors_files import safetensors_contents
from rnnviz.nn.checkpoints.torch_files import torch_contents

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


def read(path: Path, largest: int = limits.LARGEST_CHECKPOINT) -> Contents:
    """Everything in a file.

    largest: bytes a file may have.

    Raises:
        Unreadable: it is no such file, it is damaged, too large, or would run code.
    """
    try:
        begin = _begin(path, largest)
        if begin.startswith(b"PK\x03\x04"):
            return _affordable(torch_contents(path), largest)
        if begin[8:9] == b"{":
            return _affordable(safetensors_contents(path), largest)
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
