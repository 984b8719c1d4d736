"""The task: what is read, what is asked, and forecasts that need no network."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.core.errors import ExperimentError
from rnnviz.tasks import task
from rnnviz.tasks.traffic import Traffic, days
from rnnviz.tasks.traffic.network import NETWORK
from rnnviz.tasks.traffic.simulation import STEPS
from rnnviz.tasks.traffic.speeds import AHEAD, Speeds
from rnnviz.tasks.traffic.task import NOW, UNASKED, USUAL

SENSORS = len(NETWORK.names)


def traffic(**params: float) -> Traffic:
    found = task("traffic", **params)
    assert isinstance(found, Traffic)
    return found


def test_what_is_asked_is_what_the_same_sensor_measures_later() -> None:
    chosen = traffic()
    batch = chosen.sample(np.random.default_rng(0), 5)
    read = batch.inputs.reshape(chosen.length, 5, SENSORS, -1)[..., 0]
    asked = batch.targets.reshape(chosen.length, 5, SENSORS, len(AHEAD))
    for place, ahead in enumerate(AHEAD):
        np.testing.assert_allclose(asked[UNASKED:-ahead, ..., place], read[UNASKED + ahead :], atol=1e-6)
    assert np.isnan(asked[:UNASKED]).all() and np.isfinite(asked[UNASKED:]).all()


def test_held_out_days_are_none_of_those_that_are_trained_on() -> None:
    chosen = traffic()
    trained, apart = chosen.trained.speed, chosen.kept_apart.speed
    assert len(trained) == days.TRAINED and len(apart) == days.HELD_OUT
    assert not {one.tobytes() for one in trained} & {one.tobytes() for one in apart}
    day, start = (int(one[0]) for one in chosen.shown)
    np.testing.assert_array_equal(chosen.seen(0)[: chosen.length], apart[day, start : start + chosen.length])


def test_the_usual_speed_is_the_mean_of_the_days_trained_on_at_the_time_that_is_asked() -> None:
    chosen = traffic()
    batch = chosen.held_out()
    found = chosen.as_usual(batch.inputs).reshape(chosen.length, -1, SENSORS, len(AHEAD))
    steps = chosen.measured(batch.inputs)[0]
    assert steps[0].tolist()[:3] == [0, 72, 144] and (np.diff(steps, axis=0) == 1).all()
    usual = chosen.trained.speed.astype(np.float64).mean(0)
    of = chosen.answers.of
    np.testing.assert_allclose(of.quantities(found[5, 1, :, 2]), usual[steps[5, 1] + 12], atol=0.02)


def test_measures_are_those_of_the_papers_and_leave_out_what_is_not_asked() -> None:
    of = Speeds(6, 50.0, 10.0, "km/h", partial=True)
    targets = np.array([[[0.0, 0.0, -4.5, 1.0, np.nan, 0.0]]], np.float32)  # 50 50 5, 60 – 50
    outputs = np.array([[[1.0, 0.0, -4.0, -2.0, 9.0, 0.1]]], np.float32)  # 60 50 10, 30 – 51
    found = of.by_ahead(outputs, targets)
    np.testing.assert_allclose(found["mae"], [20.0, 0.0, 3.0], rtol=1e-5)
    np.testing.assert_allclose(found["rmse"], [np.sqrt(500.0), 0.0, np.sqrt(13.0)], rtol=1e-5)
    np.testing.assert_allclose(found["mape"], [35.0, 0.0, 2.0], rtol=1e-5)
    assert of.score(outputs, targets) == pytest.approx(46 / 5)


def test_both_simple_forecasts_are_measured_and_the_naive_one_is_the_guess() -> None:
    chosen = traffic()
    now, usual = chosen.simple[NOW], chosen.simple[USUAL]
    assert now["mae"].mean() == pytest.approx(chosen.baseline, rel=1e-5)
    assert (np.diff(now["mae"]) > 0).all() and np.ptp(usual["mae"]) < 1.5  # the first is worse further ahead
    assert all((found["rmse"] > found["mae"]).all() for found in chosen.simple.values())


def test_a_frame_holds_the_measures_and_a_run_is_saved_and_opened_with_them(tmp_path: object) -> None:
    chosen = traffic(length=18)
    models = (rv.ModelSpec("gru", 2 * SENSORS, reset="before", reach=1), rv.ModelSpec("gru", 4))
    run = rv.run(rv.Experiment(chosen, models, rv.TrainingSpec(2, batch=4)))
    run.save(f"{tmp_path}/a.run")
    for label, frame in rv.Run.load(f"{tmp_path}/a.run").frames[-1].models.items():
        assert frame["by_ahead/mae"].mean() == pytest.approx(frame.score, rel=1e-4), label
        assert frame["apart/error"].shape == (SENSORS * len(AHEAD),) and frame["by_ahead/mape"].shape == (len(AHEAD),)


def test_what_is_typed_is_as_usual_but_for_what_is_said() -> None:
    chosen = traffic()
    inputs, tokens = chosen.encode("8:00, 8:05:M6=20,N1=15/900")
    steps, speed, flow = chosen.measured(inputs)
    assert tokens == ("8:00", "8:05") and steps[:, 0].tolist() == [36, 37]
    sensor = NETWORK.names.index("M6")
    assert speed[1, 0, sensor] == pytest.approx(20.0, abs=1e-3)
    assert flow[1, 0, NETWORK.names.index("N1")] == pytest.approx(900.0, abs=1e-3)
    np.testing.assert_allclose(speed[0, 0], chosen.trained.usual[0][36], rtol=1e-5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("4:55", "times from 5:00 to 21:55 every 5 minutes; got '4:55'"),
        ("8:02", "got '8:02'"),
        ("22:00", "got '22:00'"),
        ("rush", "got 'rush'"),
        ("8:00:Q1=3", "sensors M1 to X4, each with = and its speed; got 'Q1=3'"),
        ("8:00:M1=fast", "got 'M1=fast'"),
        ("8:00:M1=300", "a speed from 0 to 200 km/h, perhaps with / and 0 to"),
        ("8:00:M1=-1", "a speed from 0 to 200 km/h, perhaps with / and 0 to"),
        ("8:00:M6=20,M6=30", "made of times at which each sensor stands once; got M6 twice at 8:00"),
        ("9:00 8:00", "times one after another, 5 minutes apart; got 8:00 behind 9:00"),
        ("8:00 8:00", "got 8:00 behind 8:00"),
        ("8:00 8:10", "got 8:10 behind 8:00"),
        ("٨:00", "times from 5:00 to 21:55 every 5 minutes; got '٨:00'"),
        ("8:00 " * 10_000, "1 to 400 time steps; got 10,000 time steps"),
        ("8:00:M1=30/9000", "got 'M1=30/9000'"),
    ],
)
def test_what_is_no_measurement_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ExperimentError) as refused:
        traffic().encode(text)
    assert said in str(refused.value)


@pytest.mark.parametrize("length", [18, 180])
def test_stretches_of_any_length_lie_within_their_day(length: int) -> None:
    chosen = traffic(length=length)
    steps = chosen.measured(chosen.held_out().inputs)[0]
    assert steps.min() == 0 and steps.max() + AHEAD[-1] == STEPS - 1
