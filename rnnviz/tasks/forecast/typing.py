"""Steps of a series that somebody types: "06-01:21.7/11.1/0/3.2", the place in the season and the columns."""

import math
import re

import numpy as np

from rnnviz.core.errors import ExperimentError
from rnnviz.core.parsing import parse_real
from rnnviz.tasks.forecast.windows import Reader
from rnnviz.tasks.typed import FIELD, check_length, whole

MISSING = "?"
_FURTHEST = 100.0  # standard deviations from the mean that a number may be


def said(reader: Reader) -> str:
    """How steps are typed."""
    series = reader.series
    columns = "/".join(series.columns[column] for column in reader.columns)
    when = f"when it begins ({series.phases[0]}:), then " if reader.season and series.season > 1 else ""
    return f"{when}{columns} of each {series.every}, with spaces between"


def written(reader: Reader, inputs: np.ndarray) -> str:
    """Inputs (time, feature) as `read` reads them; numbers rounded."""
    series, count = reader.series, len(reader.columns)
    columns = np.array(reader.columns)
    values = series.middle[columns] + series.spread[columns] * inputs[:, :count].astype(np.float64)
    if series.partial:
        values[inputs[:, count : 2 * count] > 0] = np.nan
    heads = [""] * len(inputs)
    if reader.season:
        turn = np.arctan2(inputs[:, -2], inputs[:, -1]) / (2.0 * np.pi)
        heads = [f"{series.phases[place]}:" for place in np.rint(turn * series.season).astype(int) % series.season]
    digits = [max(0, 4 - math.floor(math.log10(spread))) for spread in series.spread[columns]]
    rows = ("/".join(map(_number, row, digits)) for row in values)
    return " ".join(head + row for head, row in zip(heads, rows, strict=True))


def read(reader: Reader, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Typed steps as inputs (time, 1, feature) float32, and a token for each.

    A place in the season that is left out is the one after that before; columns that are left out are at their mean.

    Raises:
        ExperimentError: there is no step, too many, or one that is none.
    """
    words = re.sub(r"[,;]?\s+", " ", whole(text).replace("−", "-")).strip(" ,;").split(" ")
    words = [word for word in words if word]
    check_length(len(words), "time steps")
    series, columns = reader.series, np.array(reader.columns)
    places = {name: place for place, name in enumerate(series.phases)}
    rows, phases, phase = [], [], -1
    for word in words:
        head, _, numbers = word.rpartition(":")
        if head and head not in places:
            raise ExperimentError(FIELD, f"dates such as {series.phases[0]} before the colon", head)
        phase = places[head] if head else (phase + 1) % series.season
        rows.append(_row(numbers, word, len(columns)))
        phases.append(phase)
    standard = (np.array(rows) - series.middle[columns]) / series.spread[columns]
    wild = np.abs(np.where(np.isnan(standard), 0.0, standard)) > _FURTHEST
    if wild.any():
        word = words[int(wild.any(axis=1).argmax())]
        raise ExperimentError(FIELD, "numbers as they come in the series, roughly", word)
    left_out = np.isnan(np.array(rows))
    if not series.partial:
        standard[left_out] = 0.0
    inputs = reader.features(standard.astype(np.float32), np.array(phases))
    return inputs[:, None], tuple(words)


def _row(numbers: str, word: str, count: int) -> list[float]:
    parts = numbers.split("/")
    try:
        found = [np.nan if part == MISSING else parse_real(part) for part in parts]
    except ValueError:
        found = []
    if not 1 <= len(found) <= count or not all(np.isnan(one) or np.isfinite(one) for one in found):
        raise ExperimentError(FIELD, f"numbers, at most {count} with / between for each time step", word)
    return found + [np.nan] * (count - len(found))


def _number(value: float, digits: int) -> str:
    written = f"{value:z.{digits}f}"
    return MISSING if np.isnan(value) else written.rstrip("0").rstrip(".") if "." in written else written
