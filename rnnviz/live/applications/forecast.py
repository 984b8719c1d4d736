"""A series in time with the moment of forecast: what was measured before it, what was foretold, and what came."""

from typing import Any, cast

import numpy as np

from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks.forecast import Forecast
from rnnviz.tasks.forecast.task import SEASONAL, STAYS
from rnnviz.tasks.forecast.windows import Windows, newest_known
from rnnviz.tasks.values import Measured


def told(experiment: Experiment, _label: str) -> dict[str, Any]:
    """What was measured, and the forecasts that need no network.

    ahead, every, season, digits, unit, what: how far ahead is asked, in what steps, of how many a season is; digits of
            a value, its unit and name.
    base:   what is added to the forecasts of `moment`, which are sent in single precision; 0 where that is enough.
    names:  of the two simple forecasts: the naive and the seasonal naive one.
    simple: (name) their mean absolute errors by how far ahead.
    probes: of each the steps that are read and `ahead` more: `days` (short names of steps) and `values`; `last`, the
            newest known value at each; and `before`, the value at the same place of the newest season before that knows
            it; null where there is none.
    """
    task = cast(Forecast, experiment.task)
    of = cast(Measured, task.answers.of)
    batch = cast(Windows, task.probes().batch)
    return {
        "timed": True,
        "ahead": task.ahead,
        "every": task.series.every,
        "season": task.series.season,
        "digits": of.digits,
        "base": _base(task),
        "unit": of.unit,
        "what": task.asked_name,
        "names": [task.said_of[STAYS], task.said_of[SEASONAL]],
        "simple": [_listed(task.simple_errors[name], of.digits + 2) for name in (STAYS, SEASONAL)],
        "probes": [_probe(task, int(start)) for start in batch.starts],
    }


def _base(task: Forecast) -> float:
    return cast(Measured, task.answers.of).middle if task.series.values.dtype == np.float64 else 0.0


def _probe(task: Forecast, start: int) -> dict[str, Any]:
    series, asked = task.series, task.reader.asked
    at = np.arange(start, start + task.length + task.ahead)
    values, before = series.values[:, asked], at - series.season
    known = np.where(before >= 0, newest_known(values, series.season)[np.maximum(before, 0)], np.nan)
    digits = cast(Measured, task.answers.of).digits + 1
    return {
        "days": series.short[at].tolist(),
        "values": _listed(values[at], digits),
        "last": _listed(newest_known(values)[at], digits),
        "before": _listed(known, digits),
    }


def _listed(values: np.ndarray, digits: int) -> list[float | None]:
    return [round(float(value), digits) if np.isfinite(value) else None for value in values]


def moment(at: RunView, label: str, view: View) -> dict[str, Any]:
    """What a model foretells at every step of a probe, in the unit of what is asked, less `base`.

    forecast:        (time, ahead), row by row.
    error, low, high: (ahead,), as measured on all that is held out; see `Values.errors`.
    """
    frame, of = at.model(label), at.experiment.task.answers.of
    base = _base(cast(Forecast, at.experiment.task))
    found = (of.quantities(frame.outputs[:, view.probe].astype(np.float64)) - base).astype(np.float32)
    return {"forecast": found, **{name: frame[f"apart/{name}"] for name in ("error", "low", "high")}}
