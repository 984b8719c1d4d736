"""Tables of reviews in bytes, and what was read of them."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import numpy as np

COUNT = 40
REVIEWS = [(f"review {n} , it was {'great' if n % 2 else 'awful'} indeed", ("neg", "pos")[n % 2]) for n in range(COUNT)]


def written(
    found: Iterable[Iterable[object]],
    header: tuple[str, ...] | None = ("text", "label"),
    delimiter: str = ",",
    encoding: str = "utf-8",
    quoting: Any = csv.QUOTE_MINIMAL,
) -> bytes:
    file = io.StringIO(newline="")
    out = csv.writer(file, delimiter=delimiter, quoting=quoting, escapechar="\\")
    out.writerows([header, *found] if header else found)
    return file.getvalue().encode(encoding)


def words(arrays: dict[str, np.ndarray], row: int) -> list[str]:
    vocabulary = bytes(arrays["vocabulary"]).decode().split("\n")
    starts = np.append(0, np.cumsum(arrays["kept"], dtype=np.int64))
    return [vocabulary[code - 1] for code in arrays["codes"][starts[row] : starts[row + 1]]]
