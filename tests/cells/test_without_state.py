"""The feed-forward window: what is asked of it, said of it, and refused, because it hands no state on."""

from typing import Any

import pytest

import rnnviz as rv
from rnnviz import analysis, live
from rnnviz.cells import CELLS
from rnnviz.core import fields
from rnnviz.core.errors import ExperimentError
from rnnviz.core.names import listed
from rnnviz.findings import findings
from rnnviz.live import pages
from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec

STATEFUL = [name for name, cell in CELLS.items() if cell.recurrent]
OTHERS = listed([name for name in STATEFUL if name != "gru"], "or")

OF_CHAINS = {"reach", "vanishing", "carrying", "shrinking", "fading", "growing", "exploding", "beyond_horizon"}


def run_of(task: rv.tasks.Task, *models: ModelSpec, steps: int = 20) -> rv.Run:
    return rv.run(rv.Experiment(task, models, rv.TrainingSpec(steps=steps, batch=4, device="cpu")))


def test_only_what_means_anything_is_asked() -> None:
    said = [
        one.name for one in fields.describe(ModelSpec) if fields.says(one, ModelSpec("window", 4), rv.task("adding"))
    ]
    assert said == ["cell", "hidden", "layers", "window"]
    deep = ModelSpec("window", 4, layers=2)
    said = [one.name for one in fields.describe(ModelSpec) if fields.says(one, deep, rv.task("adding"))]
    assert said == ["cell", "hidden", "layers", "skip", "dropout", "window"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"bidirectional": True},
            "bidirectional must be false for window, which reads only what came before; got True.",
        ),
        ({"init": "identity"}, "init must be default for window, which has no W_hh; got 'identity'."),
        ({"window": 0}, "window must be a whole number from 1 to 64 inputs; got 0."),
        ({"window": 65}, "window must be a whole number from 1 to 64 inputs; got 65."),
        ({"cell": "rnn", "window": 4}, "window must be 8 for rnn, which has no window; got 4."),
        (
            {"cell": "gru", "decoder": "window"},
            f"decoder must be {OTHERS} because window hands no state on; got 'window'.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ExperimentError) as raised:
        ModelSpec(**{"cell": "window"} | values)
    assert str(raised.value) == sentence


def test_no_encoder_is_made_of_it() -> None:
    with pytest.raises(ExperimentError) as raised:
        rv.Experiment(rv.task("reverse"), (ModelSpec("gru"), ModelSpec("window")))
    assert str(raised.value) == (
        f"models[1].cell must be {listed(STATEFUL, 'or')} for the task reverse, "
        "whose decoder starts from a state that is handed on; got 'window'."
    )
    with pytest.raises(ExperimentError, match="attention must be none for the task recall"):
        rv.Experiment(rv.task("recall"), (ModelSpec("window", attention="dot"),))


def test_it_is_offered_where_one_network_reads_and_answers() -> None:
    for name in rv.tasks.TASKS:
        chosen = rv.task(name)
        network = architectures.of(chosen)
        assert ("window" in {model.cell for model in network.offered_models(chosen)}) == (not network.writes)
        assert "window" not in {model.cell for model in network.default_models(chosen)}


def test_links_and_files_name_its_window_and_the_keys_of_others_stay() -> None:
    models = ModelSpec("window"), ModelSpec("window", window=20, layers=2), ModelSpec("lstm", 4)
    experiment = rv.Experiment(rv.task("recall"), models)
    assert experiment.labels == ("window", "window-2", "lstm")
    assert "window:layers=2:window=20" in experiment.to_query()
    assert rv.Experiment.from_query(experiment.to_query()) == experiment
    assert rv.Experiment.from_json(experiment.to_json()) == experiment
    told = experiment.to_dict()["models"]
    assert told[0]["window"] == 8 and told[1]["window"] == 20 and "window" not in told[2]
    earlier = rv.Experiment.from_query("lr=0.01&steps=1200")
    assert earlier.key == "77674ecdf3d379915e43", "that of a run from before there was the field"


def test_nothing_is_said_of_a_way_back_that_it_has_not() -> None:
    for name in ("adding", "recall", "waves", "brackets"):
        run = run_of(rv.task(name), ModelSpec("window", 4), ModelSpec("window", 4, layers=2))
        for frame in run.frames:
            assert not {one.kind for one in findings(run, frame.step)} & OF_CHAINS
        norms = analysis.gradient_norms(run.at())
        norms = norms[norms["label"] == "window"]["value"].to_numpy()
        (said,) = [one.text for one in findings(run) if one.kind == "direct" and "window 2" not in one.text]
        assert (norms[-1] > 0 and not norms[:-1].any()) == run.experiment.task.answers.at_end == ("alone" in said)
    assert not ModelSpec("window").recurrent and not ModelSpec("window").kind.is_plain
    assert analysis.largest_singular_value(run) == 0


@pytest.mark.parametrize("page", [name for name in pages.PAGES if name != "attention"])
def test_every_page_is_told_of_it(page: str) -> None:
    run = run_of(rv.task("recall", lag=6), ModelSpec("window", 4), ModelSpec("gru", 4))
    scene = live.scene(run.experiment, page)
    assert scene["models"][0]["name"] == "Feed-forward window"
    for place in range(len(run.frames)):
        assert live.pack(scene) and live.pack(live.moment(run, live.View(page), place))
    if page == "anatomy":
        (half,) = scene["anatomy"]["cells"]["window"]
        assert [one["symbol"] for one in half["vectors"]] == ["hₜ"] and "note" not in half


# What lies out of its sight


@pytest.mark.parametrize(
    ("task", "spec", "sees", "came"),
    [
        ({"name": "recall", "lag": 30}, {}, "the last 8 inputs", "The letter to name came 30 time steps"),
        ({"name": "recall", "lag": 8}, {}, "the last 8 inputs", "The letter to name came 8 time steps"),
        ({"name": "recall", "lag": 1}, {"window": 1}, "the last input", "The letter to name came 1 time step"),
        (
            {"name": "recall", "lag": 5},
            {"window": 3, "layers": 2},
            "the last 5 inputs",
            "The letter to name came 5 time steps",
        ),
        ({"name": "adding", "length": 16}, {}, "the last 8 inputs", "The first marked number came 8–15 time steps"),
    ],
)
def test_what_left_the_window_is_named(task: dict[str, Any], spec: dict[str, Any], sees: str, came: str) -> None:
    run = run_of(rv.task(**task), ModelSpec("window", 4, **spec), ModelSpec("rnn", 4))
    (found,) = [one for one in findings(run) if one.kind == "out_of_sight"]
    so = "it can only guess" if task["name"] == "recall" else "it has to answer without it"
    begins = f"The feed-forward window sees only {sees}. {came} before the answer. So {so} (measured: "
    assert found.text.startswith(begins), found.text
    assert found.evidence["window"] == run.frames[-1].models["window"].score
    assert "out_of_sight" not in {one.kind for one in findings(run, 0)}


@pytest.mark.parametrize(
    ("task", "spec"),
    [
        ({"name": "recall", "lag": 7}, {}),
        ({"name": "recall", "lag": 4}, {"window": 3, "layers": 2}),
        ({"name": "adding", "length": 14}, {}),
        ({"name": "brackets"}, {"window": 1}),
        ({"name": "waves"}, {"window": 1}),
    ],
)
def test_what_may_still_be_seen_or_is_not_one_thing_is_not(task: dict[str, Any], spec: dict[str, Any]) -> None:
    run = run_of(rv.task(**task), ModelSpec("window", 4, **spec))
    assert "out_of_sight" not in {one.kind for one in findings(run)}
