"""What visitors bring: stored once, checked, forgotten when it is not used, shared between processes."""

import gc
import hashlib
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Never

import pytest

from rnnviz.core import contents, limits
from rnnviz.core.errors import ContentNeeded, ExperimentError

ROOT = Path(__file__).parents[2]
DAY = 86_400


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with nothing in it."""
    monkeypatch.setenv(contents.FOLDER, str(tmp_path))
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_equal_bytes_are_one_object_and_one_file(folder: Path) -> None:
    one, same = contents.keep(b"hello"), contents.keep(b"hello")
    assert one is same and bytes(one.view()) == b"hello"
    assert one.digest == hashlib.sha256(b"hello").hexdigest()
    assert files(folder) == [one.digest]
    assert (folder / one.digest).stat().st_mode & 0o077 == 0


def test_what_is_named_is_opened_only_when_it_is_asked_for() -> None:
    digest = hashlib.sha256(b"nowhere").hexdigest()
    content = contents.named(digest)
    with pytest.raises(ContentNeeded, match=r"^table must be uploaded again: .* is not on this machine; got only its"):
        content.view("table")
    contents.keep(b"nowhere")
    assert bytes(content.view()) == b"nowhere"


@pytest.mark.parametrize("wrong", ["", "abc", "G" * 64, "A" * 64, 3, None])
def test_what_is_no_hash_is_refused(wrong: Any) -> None:
    with pytest.raises(ExperimentError, match="64 hexadecimal digits"):
        contents.named(wrong)


def test_nothing_at_all_is_a_content() -> None:
    assert bytes(contents.keep(b"").view()) == b""


def test_damaged_bytes_are_as_good_as_none(folder: Path) -> None:
    digest = contents.keep(b"whole").digest
    gc.collect()
    (folder / digest).chmod(0o600)
    (folder / digest).write_bytes(b"whale")
    with pytest.raises(ContentNeeded):
        contents.named(digest).view()
    assert files(folder) == []
    assert bytes(contents.keep(b"whole").view()) == b"whole"


def test_the_least_recently_used_make_room_and_nothing_in_use_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CONTENT_DISK_BYTES", 30)
    used = contents.keep(b"a" * 10)
    old, newer = contents.keep(b"b" * 10).digest, contents.keep(b"c" * 10).digest
    gc.collect()
    os.utime(folder / used.digest, (1, 1))
    os.utime(folder / used.digest)
    for age, digest in ((30, used.digest), (20, old), (10, newer)):
        moment = (folder / digest).stat().st_mtime - age
        os.utime(folder / digest, (moment, moment))
    fourth = contents.keep(b"d" * 10)
    assert files(folder) == sorted([used.digest, newer, fourth.digest])
    assert bytes(used.view()) == b"a" * 10


def test_where_all_is_in_use_no_more_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONTENT_DISK_BYTES", 15)
    held = contents.keep(b"a" * 10)
    with pytest.raises(ExperimentError, match="in use; try again later"):
        contents.keep(b"b" * 10)
    assert bytes(held.view()) == b"a" * 10


def test_what_is_not_used_for_days_is_forgotten(folder: Path) -> None:
    old, held = contents.keep(b"old").digest, contents.keep(b"held")
    gc.collect()
    for digest in (old, held.digest):
        moment = (folder / digest).stat().st_mtime - (limits.CONTENT_DAYS_KEPT + 1) * DAY
        os.utime(folder / digest, (moment, moment))
    new = contents.keep(b"new")
    assert files(folder) == sorted([held.digest, new.digest])


def test_what_is_too_old_is_not_opened(folder: Path) -> None:
    old = contents.keep(b"old").digest
    gc.collect()
    os.utime(folder / old, (1, 1))
    with pytest.raises(ContentNeeded):
        contents.named(old).view()
    assert files(folder) == []


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_CONTENT", 10)
    with pytest.raises(ExperimentError, match="at most 10 bytes"):
        contents.keep(b"x" * 11)


def test_a_pickle_names_it(folder: Path) -> None:
    content = contents.keep(b"x" * 10_000)
    packed = pickle.dumps(content)
    assert len(packed) < 300 and pickle.loads(packed) is content
    (folder / content.digest).unlink()
    assert len(pickle.dumps(content)) > 10_000  # nobody else could open it


def test_without_a_disk_this_process_still_has_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Never:
        raise OSError

    monkeypatch.setattr(contents, "_written", refuse)
    content = contents.keep(b"in memory")
    assert bytes(content.view()) == b"in memory" and files(folder) == []


def test_without_a_home_the_files_lie_among_temporary_ones(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").write_bytes(b"no folder")
    monkeypatch.setenv(contents.FOLDER, str(folder / "file" / "contents"))
    monkeypatch.setattr(contents.tempfile, "gettempdir", lambda: str(folder))  # type: ignore[attr-defined]
    content = contents.keep(b"somewhere")
    assert contents.folder().parent == folder and files(contents.folder()) == [content.digest]


def in_another_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_another_process_opens_it_and_what_it_holds_is_in_use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = contents.keep(b"from the first")
    digest = content.digest
    code = f"from rnnviz.core.contents import named; print(bytes(named('{digest}').view()).decode())"
    assert in_another_process(code) == "from the first"
    held = f"from rnnviz.core.contents import named; v = named('{digest}'); v.view(); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", held], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "1\n"
        monkeypatch.setattr(limits, "CONTENT_DISK_BYTES", 20)
        del content
        gc.collect()
        with pytest.raises(ExperimentError, match="in use"):
            contents.keep(b"from the second")
        other.communicate("done\n")
    contents.keep(b"from the second")
    assert digest not in files(folder)


def test_many_who_store_at_once_leave_one_whole_file(folder: Path) -> None:
    data = bytes(range(256)) * 4_000
    code = "from rnnviz.core.contents import keep; print(keep(bytes(range(256)) * 4_000).digest)"
    others = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]
    threads = [threading.Thread(target=contents.keep, args=(data,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = {other.communicate()[0].decode().strip() for other in others}
    digest = hashlib.sha256(data).hexdigest()
    assert said == {digest} and files(folder) == [digest]
    assert bytes(contents.named(digest).view()) == data


def test_parts_that_nobody_finished_are_swept_away(folder: Path) -> None:
    part = folder / ".abc.1.part"
    part.write_bytes(b"half")
    os.utime(part, (1, 1))
    contents.keep(b"x")
    assert not part.exists()


def test_what_was_being_uploaded_to_a_process_that_is_no_more_is_tidied_away(folder: Path) -> None:
    code = """
from rnnviz.core.contents import incoming
with incoming() as path:
    path.write_bytes(b"half"); print(path, flush=True); input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        path = Path(other.stdout.readline().strip())
        os.utime(path, (1, 1))
        contents.tidy()
        assert path.exists()  # it is in use
        other.kill()
    assert path.exists()
    contents.tidy()
    assert files(folder) == []
