"""A table that is read, or refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.tasks.sentiment.reading import read_reviews
from rnnviz.tasks.sentiment.reviews import unpacked


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Any]:
    """Read a table: what is told of it, and its arrays."""

    def reading_of(data: bytes, *columns: str | None) -> Any:
        path = tmp_path / "table.csv"
        path.write_bytes(data)
        return unpacked(read_reviews(path, *columns).view())  # type: ignore[arg-type]

    return reading_of


@pytest.fixture
def refused(read: Callable[..., Any]) -> Callable[..., str]:
    """Why a table is refused."""

    def reason(data: bytes, *columns: str | None) -> str:
        with pytest.raises(ExperimentError) as error:
            read(data, *columns)
        assert error.value.field == "table"
        assert "\n" not in str(error.value)
        return str(error.value)

    return reason
