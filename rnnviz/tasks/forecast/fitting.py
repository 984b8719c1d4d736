"""How long the stretches of a series may be, and what is read of one that is too short for the usual ones."""

from typing import Any

from rnnviz.core import fields
from rnnviz.tasks.forecast.series import Series

_APART = 2  # stretches of what is held out begin at three steps at least
_SHARE = 0.75  # of the longest stretch, where no season tells which length makes sense


def longest(series: Series, ahead: int) -> int:
    """The most steps of a stretch that fits into what is trained on and three times into what is held out."""
    return max(0, _shorter(series) - ahead - _APART)


def suits(task: Any) -> dict[str, int]:
    """Length and forecast that fit the series of a forecast, in place of usual ones that do not; else nothing.

    As many seasons are read as fit. What is not usual was chosen, and stays.

    Raises:
        ExperimentError: the table of the task cannot be learned.
    """
    length, ahead = fields.meaning(task, "length"), fields.meaning(task, "ahead")
    if task.length != length.default or task.length <= longest(task.series, task.ahead):
        return {}
    fewest = int(length.low)
    chosen = task.ahead
    if chosen == ahead.default:
        chosen = max(1, min(chosen, longest(task.series, 0) - fewest))
    most, season = longest(task.series, chosen), task.series.season
    read = most // season * season if 1 < season <= most else int(_SHARE * most)
    found = {"length": max(fewest, read)}
    return found if chosen == task.ahead else {**found, "ahead": chosen}


def _shorter(series: Series) -> int:
    """Steps of the shorter one of the two parts."""
    return min(series.trained, len(series.values) - series.trained)
