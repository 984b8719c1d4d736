"""Whatever bytes come: they are read, or refused in one sentence that names the field."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnviz.checkpoints.own_input import read_vectors
from rnnviz.core import limits
from rnnviz.core.contents import incoming
from rnnviz.core.errors import ExperimentError
from rnnviz.tables.paired import Chosen
from rnnviz.tables.texts import brought
from rnnviz.tasks.forecast.reading import read_series
from rnnviz.tasks.pairs import csv_table
from rnnviz.tasks.sentiment.reading import read_reviews
from tests.support.refusals import is_one_clear_sentence

SIGNS = st.sampled_from(
    [
        *("a", "b c", "1", "2.5", "3,5", "0", "", '"', ",", ";", "\t", "|", " ", "\n", "\r\n", "#", "date", "id"),
        *("source", "target", "2020-01-02", "Jan-49", "é", "你好", "Total", "\ufeff", "\u202e", "-"),
    ]
)
TEXTS = st.lists(SIGNS, max_size=60).map("".join)
ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(SIGNS, min_size=width, max_size=width).map(",".join), max_size=80).map("\n".join)
)
CODECS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030", "utf-16-le"])
BYTES = st.binary(max_size=200) | st.builds(lambda text, codec: text.encode(codec), TEXTS | ROWS, CODECS)
many = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_or_refused(read: Callable[[], Any], *fields: str) -> Any:
    try:
        return read()
    except ExperimentError as error:
        assert error.field in fields and is_one_clear_sentence(error), str(error)
        return None


@many
@given(data=BYTES, wanted=st.integers(0, 4))
def test_numbers(data: bytes, wanted: int) -> None:
    found = read_or_refused(lambda: read_vectors(data, wanted), "input")
    if found is not None:
        assert found.x.dtype == np.float32 and 0 < len(found.x) <= limits.LONGEST_SEQUENCE
        assert np.isfinite(found.x).all() and found.x.shape[1] > 0


@many
@given(data=BYTES, header=st.sampled_from([None, True, False]))
def test_pairs(data: bytes, header: bool | None) -> None:
    text = read_or_refused(lambda: brought(data).text, "text")
    found = read_or_refused(lambda: csv_table.brought(text or "", Chosen(header=header)), "text")
    if found is not None:
        assert csv_table.cleaned(found.text) == found.text
        assert all(any(row) for row in csv_table.parsed(found.text))
        again = csv_table.brought(found.text, Chosen(header=False)).text
        assert again == found.text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=BYTES)
@pytest.mark.parametrize("read", [read_reviews, read_series], ids=["reviews", "series"])
def test_tables(read: Callable[[Path], Any], data: bytes) -> None:
    with incoming() as path:
        Path(path).write_bytes(data)
        read_or_refused(lambda: read(Path(path)), "table")
