"""Search, training and lengths on the Attention page, without a browser."""

import dataclasses
import re

import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from pages._ui.attention.search import beam, ways
from pages._ui.attention.training import fed
from rnnviz.specs.length_experiment import length_experiment
from rnnviz.specs.models import TrainingSpec
from tests.pages.attention.test_attention import frames, html, trained, view
from tests.pages.fakes import FakeEngine, FakeJob
from tests.pages.visiting import StateOf, buttons, parts, press, tell, visit, words

SHORT = {"task": "reverse", "length": "4", "letters": "3", "steps": "6", "models": "gru:hidden=6:attention=additive"}
BOTH = SHORT | {"models": "gru:hidden=6:attention=additive,gru:hidden=6"}


def search(engine: FakeEngine, way: str, query: dict[str, str] = BOTH) -> tuple[AppTest, FakeJob]:
    app, job = trained(engine, query)
    app = view(app, "Search")
    return app.button_group(key="attention.search.way").set_value(way).run(), job


def placed(app: AppTest) -> str:
    """What the charts on the page are called."""
    return " ".join(chart.proto.alt for chart in app.get("vega_lite_chart"))


def test_greedy_says_how_likely_the_whole_is_and_where_it_is_least_sure(engine: FakeEngine) -> None:
    app, _ = search(engine, "Greedy")
    said = words(app)
    assert (
        not app.exception and "After 6 training steps GRU writes" in said and "Log-probability of the whole: −" in said
    )
    assert "It is least sure at output position" in said and "likeliest to be written next" in placed(app)
    app.selectbox(key="attention.search.model").set_value("gru-without").run()
    assert "After 6 training steps GRU without attention writes" in words(app)


def test_one_model_is_not_chosen(engine: FakeEngine) -> None:
    app, _ = search(engine, "Greedy", SHORT)
    assert not app.exception and [one for one in app.selectbox if one.label == "Model"] == []


def test_five_draws_beside_the_greedy_output_and_five_others(engine: FakeEngine) -> None:
    app, _ = search(engine, "Sampling")
    assert not app.exception and "Of the 5 draws" in words(app)
    first = html(app)
    assert first.count("draw ") >= 5 and "draw 5" in first and "greedy" in first
    app.button(key="attention.search.again").click().run()
    assert "draw 10" in html(app) and "draw 5<" not in html(app)
    app.slider(key="attention.search.temperature").set_value(2.0).run()
    assert "Above temperature 1 unlikely symbols are drawn more often" in words(app)


def test_a_beam_of_one_is_greedy_and_a_wider_one_is_compared_with_it(engine: FakeEngine) -> None:
    app, _ = search(engine, "Beam")
    assert not app.exception and "the beam of 4 finds" in words(app) and "beam search as a tree" in placed(app)
    app.slider(key="attention.search.width").set_value(1).run()
    assert "the beam of 1, which is the same as greedy, finds" in words(app)
    assert "Go to a moment where they differ" not in buttons(app)


def test_what_two_outputs_have_in_common_is_told_of_their_likelihoods(engine: FakeEngine) -> None:
    app, _ = search(engine, "Beam")
    said = words(app)
    assert ("It is the output that greedy writes" in said) != ("It differs from greedy at output position" in said)
    if "It differs" in said:
        assert "as likely" in said or "has lost it on the way" in said


def test_a_moment_at_which_they_differ_is_looked_for_and_the_browser_is_sent_there(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = view(visit({"task": "dates"}, "attention"), "Search")  # the run that is shipped: sure of itself at once
    app = app.button_group(key="attention.search.way").set_value("Beam").run()
    assert "It is the output that greedy writes" in words(app)
    app = press(app, "Go to a moment where they differ")
    assert not app.exception and state_of(app).sent == 1
    app = tell(app, step=state_of(app).sent_to)
    assert f"After {state_of(app).sent_to:,} training steps the beam of 4 finds" in words(app)
    assert "It differs from greedy at output position" in words(app)


def test_where_they_never_differ_that_is_told(engine: FakeEngine, state_of: StateOf) -> None:
    app, _ = search(engine, "Beam")
    if "Go to a moment where they differ" in buttons(app):
        app = press(app, "Go to a moment where they differ")
        assert state_of(app).sent or "They differ at none" in words(app)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([], "No moment of training could be looked at."),
        ([600], "They do not differ at training step 600, the only moment that was looked at."),
        ([1200, 600, 0], "They differ at none of the 3 moments that were looked at, training steps 0 to 1,200."),
    ],
)
def test_where_nothing_is_found_it_is_told_which_moments_were_looked_at(steps: list[int], said: str) -> None:
    assert beam.nowhere(steps) == said


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (-0.02, "0.98"),
        (-0.001, "0.999"),
        (-3.5, "0.03"),
        (-10.2, "0.000037"),
        (-40, "4.2 · 10⁻¹⁸"),
        (-1e6, "3.3 · 10⁻⁴³⁴²⁹⁵"),
    ],
)
def test_probabilities_as_they_are_read(log: float, said: str) -> None:
    assert ways.probability(log) == said


@pytest.mark.parametrize(
    ("forcing", "said"),
    [
        ((1.0, None), "Teacher forcing: in training the decoder always reads the right symbol"),
        ((0.0, None), "Free running: also in training"),
        ((0.5, None), "Throughout the training, a coin decides for each symbol. With probability 0.50"),
        ((1.0, "linear"), "At training step 50 a coin decides for each symbol. With probability 0.50"),
        ((0.8, "linear"), "With probability 0.40 the decoder reads the right one, else what it wrote itself. At the"),
    ],
)
def test_what_the_decoder_is_fed_now(forcing: tuple[float, str | None], said: str) -> None:
    training = TrainingSpec(steps=100, teacher_forcing=forcing[0], schedule=forcing[1])
    assert said in fed.now(training, 50)
    assert (fed.preset(training) in fed.PRESETS) == (forcing != (0.8, "linear"))


@pytest.mark.parametrize(("schedule", "ever"), [("linear", "never"), ("exponential", "hardly ever")])
def test_what_is_never_fed_is_told_apart_from_what_hardly_ever_is(schedule: str, ever: str) -> None:
    training = TrainingSpec(steps=1000, teacher_forcing=0.4, schedule=schedule)
    assert fed.now(training, 1000).endswith(f"is fed what it wrote itself, and {ever} the right symbol.")


def test_every_preset_is_its_own_name() -> None:
    experiment = rv.Experiment(rv.task("reverse"))
    for name in fed.PRESETS:
        assert fed.preset(fed.turned(experiment, name).training) == name
    by_hand = dataclasses.replace(experiment.training, teacher_forcing=0.8, schedule="linear")
    assert fed.preset(by_hand) == "Set by hand: 0.8, linear"


def test_training_shows_the_schedule_the_gap_the_places_and_the_sharpness(engine: FakeEngine) -> None:
    app, _ = trained(engine, BOTH)
    app = view(app, "Over training")
    assert not app.exception and "right symbol" in placed(app)
    assert parts(app)["attention-training"]["main"] == ["score", "exposure", "positions", "entropy", "peak"]
    assert {"score", "exposure", "positions", "entropy", "peak", "by_length"} == {*parts(app)["bar"]["scene"]["charts"]}


def test_without_attention_there_is_no_sharpness(engine: FakeEngine) -> None:
    app, _ = trained(engine, SHORT | {"models": "gru:hidden=6,lstm:hidden=6"})
    app = view(app, "Over training")
    assert not app.exception and parts(app)["attention-training"]["main"] == ["score", "exposure", "positions"]
    assert {"score", "exposure", "positions", "by_length"} == {*parts(app)["bar"]["scene"]["charts"]}


def test_a_preset_turns_the_experiment_and_trains_it_and_the_way_back_trains_nothing(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app, job = trained(engine, BOTH)
    app = view(app, "Over training")
    assert "Once two of these have been trained to the end" in words(app)
    app.button_group(key="attention.fed").set_value("Free running").run()
    assert not app.exception
    turned = state_of(app).experiment
    assert turned == fed.turned(job.experiment, "Free running") and turned.key in engine.jobs
    other = engine.jobs[turned.key]
    for frame in frames(turned):
        other.run.append(frame)
    other.status = "finished"
    app.run()
    assert "What came of it after 6 training steps" in words(app)
    told = [re.sub("<.*?>", "|", row).strip("|") for row in re.findall("<tr>.*?</tr>", html(app)) if " · " in row]
    ways = ("Teacher forcing", "Free running")
    expected = [f"{model} · {way}" for model in ("GRU", "GRU without attention") for way in ways]
    assert [row.split("|")[0] for row in told] == expected  # of each model below each other
    assert all(row.count("%") == 1 and len(re.findall(r"\d+\.\d\d", row)) == 3 for row in told)
    assert app.button_group(key="attention.fed").value == "Free running"
    app.button_group(key="attention.fed").set_value("Teacher forcing").run()
    assert state_of(app).experiment == job.experiment and len(engine.all) == 2


def test_a_shipped_run_is_compared_too() -> None:
    dates = rv.Experiment(rv.task("dates"))
    run = fed._over(dates)
    assert run is not None and run.complete and fed._over(fed.turned(dates, "Free running")) is None
    assert fed._row("gru", "Teacher forcing", run)[0][1][0].endswith("%")


def test_lengths_are_shown_and_the_length_experiment_is_one_click_away(engine: FakeEngine, state_of: StateOf) -> None:
    app, _ = trained(engine, BOTH)
    app = view(app, "By length")
    assert (
        not app.exception
        and parts(app)["attention-lengths"]["main"] == ["by_length"]
        and "test inputs of about this length" in words(app)
    )
    assert "600 training steps took 67 seconds" in words(app)
    app = press(app, "Run the length experiment")
    assert not app.exception and state_of(app).experiment == length_experiment()
    assert length_experiment().key in engine.jobs
