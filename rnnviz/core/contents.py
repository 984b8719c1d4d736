"""What visitors bring, stored once: an experiment names it by its hash, and whoever needs the bytes opens them.

The bytes lie in files that all processes of one user share, in `folder()`. A file gets its name when it is whole, its
hash is checked when it is opened, and the least recently used files make room; one that any process holds stays.
What nobody used for `limits.CONTENT_DAYS_KEPT` is opened no more, and deleted when next anything is stored or tidied.
"""

import contextlib
import getpass
import hashlib
import mmap
import os
import re
import secrets
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from rnnviz.core import limits
from rnnviz.core.errors import ContentNeeded, ExperimentError, Words

_fcntl: ModuleType | None
try:
    import fcntl as _fcntl
except ImportError:  # Windows: what is in use cannot be deleted there anyway
    _fcntl = None

FOLDER = "RNNVIZ_CONTENTS"  # environment variable: where the files lie
_NAME = re.compile(r"[0-9a-f]{64}")
_PART = ".part"  # ends the name of a file that is not whole yet
NOTHING = memoryview(b"")
_YOUNG = 60.0  # seconds in which a part may not say yet that it is in use

_lock = threading.RLock()
_known: "weakref.WeakValueDictionary[str, Content]" = weakref.WeakValueDictionary()


class Exact(str):
    """A text as a spec has held it, from a link, a file or a spec: it is learned as it stands, and not read anew."""


class Content:
    """Bytes by their SHA-256, `digest` in hexadecimal; in one process there is one object for each.

    Made by `keep` and `named`. As long as it lives and has been opened, or kept, its file stays.
    """

    def __init__(self, digest: str) -> None:
        self.digest = digest
        self._lock = threading.Lock()
        self._view: memoryview | None = None
        self._text: Exact | None = None
        self._closing: weakref.finalize[Any, Content] | None = None  # closes the file, which carries the lock "in use"

    def view(self, field: str = "content") -> memoryview:
        """The bytes, read-only.

        field: which field of a task names them, for the message.

        Raises:
            ContentNeeded: they are not on this machine, or damaged.
        """
        with self._lock:
            if self._view is None:
                self._open(field)
            assert self._view is not None
            return self._view

    def text(self, field: str = "content") -> Exact:
        """The bytes as a text in UTF-8; in one process there is one copy of it.

        Raises:
            ContentNeeded: they are not on this machine, or damaged.
        """
        if self._text is None:
            self._text = Exact(bytes(self.view(field)).decode("utf-8", "surrogatepass"))
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Content({self.digest[:12]}…)"

    def __str__(self) -> str:
        return self.digest

    def __copy__(self) -> "Content":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Content":
        return self

    def __reduce__(self) -> tuple[Any, tuple[str | bytes]]:
        if self._view is not None and not _path(self.digest).exists():  # no disk to share: the bytes travel
            return keep, (bytes(self._view),)
        return named, (self.digest,)

    def _open(self, field: str) -> None:
        path = _path(self.digest)
        with contextlib.suppress(OSError):
            if _old(path.stat().st_mtime):
                _deleted(path)
        try:
            self._hold(os.open(path, os.O_RDONLY))
        except OSError:
            self._let_go()
            raise ContentNeeded(field, self.digest) from None
        if self._view is None or hashlib.sha256(self._view).hexdigest() != self.digest:
            self._let_go()
            path.unlink(missing_ok=True)
            raise ContentNeeded(field, self.digest)
        with contextlib.suppress(OSError):
            os.utime(path)

    def _hold(self, file: int) -> None:
        """Keep a file that is open, and map its bytes.

        Raises:
            OSError: it has been deleted meanwhile.
        """
        self._closing = weakref.finalize(self, _close, file)
        _share(file)
        stat = os.fstat(file)
        if not stat.st_nlink:
            raise FileNotFoundError(self.digest)
        self._view = memoryview(mmap.mmap(file, stat.st_size, access=mmap.ACCESS_READ)) if stat.st_size else NOTHING

    def _let_go(self) -> None:
        self._view = None
        if self._closing is not None:
            self._closing()
            self._closing = None

    def _keep(self, data: bytes) -> None:
        with self._lock:
            if self._view is not None and _path(self.digest).exists():
                return
            self._let_go()
            with contextlib.suppress(ContentNeeded):
                self._open("content")
                return
            try:
                self._hold(_written(self.digest, data))
            except OSError:  # no place on disk: this process alone has it
                self._view = memoryview(data)


def keep(data: bytes) -> Content:
    """Store bytes; those that are there already are stored once.

    Raises:
        ExperimentError: they are too many, or there is no room beside what others use just now.
    """
    if len(data) > limits.LARGEST_CONTENT:
        allowed = f"at most {limits.LARGEST_CONTENT:,} bytes once it is read"
        raise ExperimentError("content", allowed, Words(f"{len(data):,}"))
    content = named(hashlib.sha256(data).hexdigest())
    content._keep(data)
    return content


def named(digest: str) -> Content:
    """The content with this hash, whether it is on this machine or not.

    Raises:
        ExperimentError: it is no hash.
    """
    if not isinstance(digest, str) or not _NAME.fullmatch(digest):
        raise ExperimentError("content", "a hash of 64 hexadecimal digits", digest)
    with _lock:
        found = _known.get(digest)
        if found is None:
            found = _known[digest] = Content(digest)
        return found


def folder() -> Path:
    """Where the files lie: private to the user; made if it is not there, without a home among temporary files."""
    chosen = os.environ.get(FOLDER)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(chosen) if chosen else Path(cache) / "rnnviz" / "contents"
    try:
        path.mkdir(0o700, parents=True, exist_ok=True)
    except OSError:
        path = Path(tempfile.gettempdir()) / f"rnnviz-contents-{getpass.getuser()}"
        path.mkdir(0o700, exist_ok=True)
    return path


@contextlib.contextmanager
def incoming() -> Iterator[Path]:
    """A file to write what is being uploaded to; deleted afterwards, or by `tidy` where this process ends before."""
    with tempfile.NamedTemporaryFile(dir=folder(), suffix=_PART, delete=False) as file:
        path = Path(file.name)
        try:
            _share(file.fileno())
            yield path
        finally:
            file.close()
            path.unlink(missing_ok=True)


def tidy() -> None:
    """Delete what was not used for long, and what was being uploaded to a process that is no more."""
    with contextlib.suppress(OSError):
        _left()


def make_room(nbytes: int) -> None:
    """Delete what was not used for long, and so much of what is not in use that there is room for `nbytes`.

    Raises:
        ExperimentError: what is in use leaves no room.
    """
    left = _left()
    total = sum(size for _, size, _ in left)
    for _, size, path in left:
        if total + nbytes > limits.CONTENT_DISK_BYTES and _deleted(path):
            total -= size
    if total + nbytes > limits.CONTENT_DISK_BYTES:
        allowed = f"small enough for the {limits.CONTENT_DISK_BYTES:,} bytes that are kept of what all visitors bring"
        raise ExperimentError("content", allowed, Words(f"{total:,} bytes in use; try again later"))


def _left() -> list[tuple[float, int, Path]]:
    """What stays once it is tidy, the least recently used first: when it was used, bytes, path."""
    left = []
    for path in folder().iterdir():
        with contextlib.suppress(OSError):
            used, size = path.stat().st_mtime, path.stat().st_size
            part = path.name.endswith(_PART)
            over = time.time() - used > _YOUNG if part else _old(used)
            if not (over and _deleted(path)) and not part:
                left.append((used, size, path))
    return sorted(left)


def _old(used: float) -> bool:
    return time.time() - used > limits.CONTENT_DAYS_KEPT * 86_400


def _path(digest: str) -> Path:
    return folder() / digest


def _written(digest: str, data: bytes) -> int:
    """Write a file under its name; returns its descriptor, in use from before it has that name."""
    make_room(len(data))
    part = folder() / f".{digest}.{os.getpid()}.{secrets.token_hex(4)}{_PART}"
    file = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _share(file)
        with os.fdopen(os.dup(file), "wb") as out:
            out.write(data)
        part.replace(_path(digest))
    except BaseException:
        os.close(file)
        raise
    finally:
        part.unlink(missing_ok=True)
    return file


def _share(file: int) -> None:
    """Say that a file is in use, to all processes; until its descriptor is closed."""
    if _fcntl is not None:
        _fcntl.flock(file, _fcntl.LOCK_SH)


def _deleted(path: Path) -> bool:
    """Delete a file unless it is in use."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return not path.exists()
    try:
        if _fcntl is not None:
            _fcntl.flock(file, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
        path.unlink()
    except OSError:
        return False
    finally:
        os.close(file)
    return True


def _close(file: int) -> None:
    with contextlib.suppress(OSError):
        os.close(file)
