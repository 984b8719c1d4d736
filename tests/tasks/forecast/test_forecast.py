"""Real weather: what is read, what is held out, and the forecasts that are to be beaten."""

import dataclasses

import numpy as np
import pytest
import torch

import rnnviz as rv
from rnnviz.findings import score_text
from rnnviz.nn.models.losses import loss_of, losses_of
from rnnviz.tasks.forecast.series import YEAR, Series, day_of_year, weather
from rnnviz.tasks.forecast.task import SEASONAL, STAYS, Forecast
from rnnviz.tasks.forecast.windows import Reader
from rnnviz.tasks.shapes import Measured


def gappy(missing: list[int], steps: int = 40) -> Series:
    """A small series of two columns with a season of five steps, of which some values of the first are missing."""
    values = np.stack([np.arange(steps) % 5 + 0.01 * np.arange(steps), np.sin(np.arange(steps))], 1).astype(np.float32)
    values[missing, 0] = np.nan
    names = np.array([f"step {step}" for step in range(steps)])
    phases = tuple(map(str, range(5)))
    return Series(
        ("a", "b"), ("", ""), values, names, names, names, "step", 5, np.arange(steps) % 5, phases, 30, "a test"
    )


def test_every_day_of_four_years_is_there() -> None:
    found = weather()
    assert found.values.shape == (1461, 4) and not found.partial
    assert (found.names[0], found.names[-1]) == ("2012-01-01", "2015-12-31")
    assert found.names[found.trained] == "2015-01-01"
    np.testing.assert_allclose(found.values[0], [12.8, 5.0, 0.0, 4.7], rtol=1e-6)


def test_the_29th_of_february_has_the_place_of_the_28th() -> None:
    days = np.array(
        ["2012-02-28", "2012-02-29", "2012-03-01", "2015-03-01", "2012-12-31", "2015-12-31"], "datetime64[D]"
    )
    assert day_of_year(days).tolist() == [58, 58, 59, 59, YEAR - 1, YEAR - 1]


def test_training_never_sees_a_value_of_the_year_held_out() -> None:
    chosen = Forecast()
    starts = chosen.sample(np.random.default_rng(0), 5_000).starts
    assert starts.min() == 0 and starts.max() + chosen.length + chosen.ahead == chosen.series.trained
    assert chosen.make_held_out(np.random.default_rng(0)).starts.min() == chosen.series.trained
    changed = chosen.series.values.copy()
    changed[chosen.series.trained :] = 99.0
    other = dataclasses.replace(chosen.series, values=changed)
    np.testing.assert_array_equal(other.middle, chosen.series.middle)
    np.testing.assert_array_equal(other.spread, chosen.series.spread)


def test_what_is_asked_is_what_comes_next() -> None:
    chosen = Forecast(column="wind", ahead=3, length=20)
    batch, wind = chosen.sample(np.random.default_rng(0), 4), weather().values[:, 3]
    shown = chosen.answers.of.quantities(batch.targets)
    for sample, start in enumerate(batch.starts):
        for step in (0, 7, 19):
            np.testing.assert_allclose(shown[step, sample], wind[start + step + 1 : start + step + 4], atol=1e-4)
            here = chosen.answers.of.quantities(batch.inputs[step, sample, :1])
            np.testing.assert_allclose(here, wind[start + step : start + step + 1], atol=1e-4)


@pytest.mark.parametrize(("fields", "size"), [({}, 6), ({"covariates": False}, 3), ({"calendar": False}, 4)])
def test_what_is_read_follows_from_the_fields(fields: dict[str, bool], size: int) -> None:
    assert Forecast(**fields).input_size == size  # type: ignore[arg-type]


def test_the_simple_forecasts_are_what_they_are_called() -> None:
    chosen = Forecast(length=20, ahead=4)
    batch, highest = chosen.make_held_out(np.random.default_rng(0)), weather().values[:, 0]
    of, at = chosen.answers.of, int(batch.starts[1]) + 6
    np.testing.assert_allclose(of.quantities(chosen.reader.staying(batch))[6, 1], highest[at].repeat(4), atol=1e-4)
    before = of.quantities(chosen.reader.season_ago(batch))[6, 1]
    np.testing.assert_allclose(before, highest[at + 1 - YEAR : at + 5 - YEAR], atol=1e-4)


def test_guessing_is_the_better_of_the_two_and_scored_in_degrees() -> None:
    chosen = Forecast()
    scores = {name: chosen.score(found, chosen.held_out().targets) for name, found in chosen.simple.items()}
    assert scores[STAYS] == pytest.approx(3.51, abs=0.01) and scores[SEASONAL] == pytest.approx(3.82, abs=0.01)
    assert chosen.baseline == min(scores.values()) and chosen.stronger == STAYS
    assert Forecast(ahead=14).baseline > chosen.baseline
    assert score_text(chosen, 3.509) == "3.51 °C" and chosen.scored_in == "mean absolute error (°C)"
    for name, errors in chosen.simple_errors.items():
        assert errors.mean() == pytest.approx(scores[name], rel=1e-5)


def test_what_is_missing_is_read_as_nothing_with_a_flag_and_not_asked() -> None:
    found = Reader(gappy([12, 13]), 0, (1,), True, 2)
    batch = found.windows(np.array([10]), 5)
    assert batch.inputs.shape == (5, 1, 6) and np.isfinite(batch.inputs).all()
    assert batch.inputs[:, 0, 2].tolist() == [0, 0, 1, 1, 0] and not batch.inputs[2:4, 0, 0].any()
    assert np.isnan(batch.targets[:, 0]).tolist() == [
        [False, True],
        [True, True],
        [True, False],
        [False] * 2,
        [False] * 2,
    ]
    np.testing.assert_array_equal(found.staying(batch)[2, 0], found.staying(batch)[1, 0])


def test_where_the_value_a_season_ago_is_missing_an_earlier_season_counts_and_else_the_last_known_value() -> None:
    series = gappy([0, 1, 2, 5, 6, 10, 12, 13, 17, 22], 40)
    reader = Reader(series, 0, (), False, 7)
    batch, values = reader.windows(np.array([0, 1, 11]), 20), series.standard[:, 0]
    staying, season_ago = reader.staying(batch), reader.season_ago(batch)
    assert staying.dtype == season_ago.dtype == np.float32
    for sample, start in enumerate(batch.starts):
        for at in range(20):
            past = values[: start + at + 1]
            last = next((value for value in past[::-1] if np.isfinite(value)), np.nan)
            for ahead in range(1, 8):
                same = past[(start + at + ahead) % 5 :: 5]
                before = next((value for value in same[::-1] if np.isfinite(value)), last)
                np.testing.assert_array_equal(staying[at, sample, ahead - 1], last)
                np.testing.assert_array_equal(season_ago[at, sample, ahead - 1], before)
    assert np.isnan(staying[0, 0]).all() and np.isnan(season_ago[:3, 0]).all(), "nothing is known yet"
    assert np.isfinite(staying[3:]).all() and np.isfinite(season_ago[3:]).all()


def test_loss_and_score_are_over_what_is_asked_alone() -> None:
    of = Measured(2, 10.0, 2.0, "°C", partial=True)
    outputs = np.zeros((3, 2, 2), np.float32)
    targets = np.full((3, 2, 2), np.nan, np.float32)
    targets[0, 0] = 1.0, 3.0
    targets[2, 1, 1] = -1.0
    assert of.score(outputs, targets) == pytest.approx(2.0 * 5 / 3)
    answers = torch.zeros(3, 2, 2, requires_grad=True)
    loss = loss_of(of, answers, torch.tensor(targets))
    loss.backward()
    assert loss.item() == pytest.approx(11 / 3) and torch.isfinite(answers.grad).all()
    np.testing.assert_allclose(losses_of(of, answers, torch.tensor(targets)).detach(), [5.0, 0.0, 1.0], rtol=1e-6)
    assert loss_of(of, answers, torch.full((3, 2, 2), torch.nan)).item() == 0
    assert of.words(targets, 0) == ("12.0", "", "")


def test_errors_by_how_far_ahead_are_those_of_the_score_and_eighty_in_a_hundred_lie_in_the_band() -> None:
    of, rng = Measured(3, 5.0, 2.0), np.random.default_rng(0)
    targets = rng.standard_normal((50, 40, 3)).astype(np.float32)
    found = of.errors(np.zeros_like(targets), targets)
    assert found["error"].mean() == pytest.approx(of.score(np.zeros_like(targets), targets), rel=1e-5)
    inside = (2.0 * targets > found["low"]) & (2.0 * targets < found["high"])
    np.testing.assert_allclose(inside.mean((0, 1)), 0.8, atol=1e-3)


def test_a_frame_holds_the_errors_that_were_measured() -> None:
    chosen = Forecast(length=20, ahead=3)
    run = rv.run(rv.Experiment(chosen, (rv.ModelSpec("gru", 4),), rv.TrainingSpec(2, batch=4)))
    frame = run.model_frame("gru")
    assert frame["apart/error"].shape == (3,) and frame["apart/error"].mean() == pytest.approx(frame.score, rel=1e-4)
    assert (frame["apart/low"] < frame["apart/high"]).all()
