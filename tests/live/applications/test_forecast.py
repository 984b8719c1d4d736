"""The picture of a forecast: its simple forecasts are those of the yardstick, also of a series with gaps."""

import math

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.live import scene
from rnnviz.tasks.forecast import Forecast
from rnnviz.tasks.forecast.task import SEASONAL, STAYS
from rnnviz.tasks.forecast.windows import Windows
from tests.support.series_files import short_months, stored

LENGTH, AHEAD = 40, 10


@pytest.mark.parametrize("gaps", [False, True], ids=["weather", "no rows for the ends of months"])
def test_what_is_drawn_are_the_simple_forecasts_that_are_scored(gaps: bool) -> None:
    task = Forecast(table=stored(short_months(600)) if gaps else None, length=LENGTH, ahead=AHEAD)
    told = scene(rv.Experiment(task, (rv.ModelSpec("gru", 4),)), "compare")["pictures"][0]
    batch, of, season = task.probes().batch, task.answers.of, task.series.season
    assert isinstance(batch, Windows)
    staying, season_ago = (of.quantities(one(batch)) for one in (task.reader.staying, task.reader.season_ago))
    near = 0.6 * 0.1**of.digits
    for probe, one in enumerate(told["probes"]):
        for at in range(LENGTH):
            assert one["last"][at] is not None
            np.testing.assert_allclose(staying[at, probe], one["last"][at], rtol=0, atol=near)
            before = [one["before"][at + ahead - season * ((ahead - 1) // season)] for ahead in range(1, AHEAD + 1)]
            drawn = [one["last"][at] if value is None else value for value in before]
            np.testing.assert_allclose(season_ago[at, probe], drawn, rtol=0, atol=near)


def test_a_week_ago_is_off_by_what_is_found_by_hand_in_a_series_with_gaps() -> None:
    task = Forecast(table=stored(short_months(600)), length=LENGTH, ahead=AHEAD)
    values, season = task.series.values[:, 0].astype(float), 7
    assert task.series.season == season and np.isnan(values).sum() > 40
    off: dict[str, list[list[float]]] = {STAYS: [[] for _ in range(AHEAD)], SEASONAL: [[] for _ in range(AHEAD)]}
    for start in task.held_out().starts:  # type: ignore[attr-defined]
        for at in range(start, start + LENGTH):
            known = [value for value in values[: at + 1] if not math.isnan(value)]
            for ahead in range(1, AHEAD + 1):
                same = [value for value in values[(at + ahead) % season : at + 1 : season] if not math.isnan(value)]
                came = values[at + ahead]
                if not math.isnan(came):
                    off[STAYS][ahead - 1].append(abs(known[-1] - came))
                    off[SEASONAL][ahead - 1].append(abs(same[-1] - came))
    for name, found in off.items():
        by_hand = [np.mean(one) for one in found]
        np.testing.assert_allclose(task.simple_errors[name], by_hand, rtol=1e-4)
    assert task.stronger == SEASONAL and task.simple_errors[SEASONAL].max() < 15, "of gaps made the mean it was 25"
    assert "Where the value a week before is missing, the season before that counts" in task.summary
