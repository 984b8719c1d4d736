"""A table is read by a process of its own, one after another; what comes of it reaches the server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.engine.errors import EngineError
from rnnviz.engine.reading import Reading, Upload
from rnnviz.tables.labelled import ColumnsNeeded
from tests.support.review_files import rows, table, write


@pytest.fixture
def upload(tmp_path: Path) -> Callable[[bytes | int], Upload]:
    """An upload of these bytes, or of so many reviews."""

    def brought(what: bytes | int) -> Upload:
        return Upload(what if isinstance(what, bytes) else write(tmp_path / "a.csv", rows(what)).read_bytes())

    return brought


def test_what_was_read_is_opened_here(upload: Callable[[bytes | int], Upload]) -> None:
    reading = Reading(upload(60))
    assert reading.result() == table(60) and reading.over
    assert 0 <= reading.share <= 1


def test_an_upload_is_deleted_with_its_object(upload: Callable[[bytes | int], Upload]) -> None:
    brought = upload(60)
    path = brought.path
    assert path.exists()
    del brought
    assert not path.exists()


def test_what_is_refused_there_is_refused_here_in_the_same_words(upload: Callable[[bytes | int], Upload]) -> None:
    with pytest.raises(ExperimentError, match=r"table must be a file with .*; got an empty file"):
        Reading(upload(b"")).result()
    with pytest.raises(ExperimentError, match="one with a column “x”; got the columns review, sentiment"):
        Reading(upload(60), "x", "sentiment").result()


def test_columns_are_asked_for_and_chosen(upload: Callable[[bytes | int], Upload]) -> None:
    data = "".join(f"{n} words here,{n % 2},{n % 3}\n" for n in range(40)).encode()
    brought = upload(b"what,one,two\n" + data)
    with pytest.raises(ColumnsNeeded) as needed:
        Reading(brought).result()
    assert (needed.value.columns, needed.value.text, needed.value.label) == (("what", "one", "two"), 0, None)
    assert Reading(brought, "what", "two").result().view()


def test_a_file_that_is_gone_is_to_be_uploaded_again(upload: Callable[[bytes | int], Upload]) -> None:
    brought = upload(60)
    brought.path.unlink()
    with pytest.raises(ExperimentError, match="table must be uploaded again: the server has forgotten it"):
        Reading(brought).result()


def test_one_that_is_given_up_is_ended(upload: Callable[[bytes | int], Upload]) -> None:
    reading = Reading(upload(3_000))
    reading.stop()
    with pytest.raises(EngineError, match="unexpected error, number"):
        reading.result()
