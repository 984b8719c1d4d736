"""A cell of which there is nothing but a description with blocks and states: everything that reads cells can."""

from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from rnnviz import analysis, charts, live
from rnnviz.analysis.diagnoses import Fate
from rnnviz.anatomy import equations
from rnnviz.anatomy.step import taken_apart
from rnnviz.charts import theme
from rnnviz.core import fields
from rnnviz.core.errors import ExperimentError
from rnnviz.findings import causes, findings, of_states
from rnnviz.live import pages
from rnnviz.runs.run import Run
from rnnviz.specs import architectures
from rnnviz.specs.labels import model_name
from rnnviz.specs.layer_sizes import variables_of, weight_shapes
from rnnviz.specs.models import ModelSpec
from rnnviz.specs.translator_sizes import decoder_of
from tests.support import toy


def _formula(spec: ModelSpec, run: Run) -> str:
    task = run.experiment.task
    return architectures.of(task).parameter_formula(spec, task)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    toy.known(monkeypatch, toy.TOY)


@pytest.fixture
def run(known: None) -> Run:
    return toy.run_of(toy.TOY)


def test_an_experiment_can_ask_for_it_and_options_of_others_are_refused() -> None:
    experiment = rv.Experiment(models=(ModelSpec("toy", 4), ModelSpec("toy", 5), ModelSpec("lstm", 4)))
    assert experiment.labels == ("toy", "toy-2", "lstm")
    assert rv.Experiment.from_query(experiment.to_query()) == experiment
    assert rv.Experiment.from_json(experiment.to_json()) == experiment
    refused = {
        "activation": ("relu", "activation must be tanh for toy; got 'relu'."),
        "reset": ("before", "reset must be after for toy, which has no reset gate; got 'before'."),
        "forget_bias": (1.0, "forget_bias must be none for toy, which has no forget gate; got 1.0."),
    }
    for name, (value, sentence) in refused.items():
        with pytest.raises(ExperimentError) as raised:
            ModelSpec("toy", **{name: value})  # type: ignore[arg-type]
        assert str(raised.value) == sentence
    assert decoder_of(ModelSpec("lstm", 4, decoder="toy", forget_bias=1.0)) == ModelSpec("toy", 4)


def test_its_sizes_follow_from_its_blocks(run: Run) -> None:
    (spec,) = run.experiment.models
    assert variables_of(spec) == ("hidden", "leak_gate", "fresh")
    assert weight_shapes(spec, 2, 1)["recurrent.weight_hh_l0"] == (8, 4)
    assert _formula(spec, run) == "2 × (4×2 + 4×4 + 2×4) + (1×4 + 1) = 69"
    assert {name: weight.shape for name, weight in run.frames[0].models["toy"].weights.items()} == weight_shapes(
        spec, 2, 1
    )


def test_its_dataset_says_what_everything_is(run: Run, tmp_path: Path) -> None:
    found = run.trace("toy")
    assert found.leak_gate.attrs["long_name"] == "leak gate l_t: 0 leaks, 1 holds"
    assert found.leak_gate.attrs["range"] == "0 to 1" and found.fresh.attrs["range"] == "-1 to 1"
    assert found.hidden.attrs["equation"] == toy.TOY.states[0].equation and found.attrs["cell"] == "toy"
    run.save(tmp_path / "run.safetensors")
    again = rv.Run.load(tmp_path / "run.safetensors")
    assert again.experiment == run.experiment and again.trace("toy").equals(found)


def test_it_has_a_look_a_name_and_its_gates_on_every_chart(run: Run) -> None:
    assert model_name("toy-2") == "Toy 2" and theme.style_of("toy").colour == toy.TOY.colour
    trace, tokens = analysis.trace(run.at(), "toy"), analysis.tokens(run.experiment)
    assert analysis.gate_names(run.experiment, "toy") == ("leak_gate",)
    assert "fresh candidate and leak gate" in charts.gates("toy", trace, tokens).alt
    assert "hidden state" in charts.states("toy", trace, tokens).alt
    means = charts.gate_means("toy", analysis.gate_means(trace), ("leak_gate",), 6)
    assert {*means.tables["lines"]["series"]} == {"leak"}
    steps = run.experiment.training.steps
    table, blocks = analysis.singular_curve(run, "toy"), analysis.block_names(run.experiment, "toy")
    assert {*charts.singular_values(table, "toy", blocks, steps, 1.0).tables["lines"]["series"]} == {
        "leak",
        "fresh candidate",
    }
    assert "of Toy by earlier ones" in charts.lags({"toy": np.ones(6)}, {}, {}, ("toy",), 6).alt


def test_findings_speak_of_its_gates_as_far_as_they_are_known(run: Run) -> None:
    assert findings(run)
    open_all = {
        "hidden": np.random.default_rng(0).normal(size=(1, 1, 6, 2, 4)),
        "leak_gate": np.full((1, 1, 6, 2, 4), 0.99),
    }
    (stuck,) = of_states("the Toy", "toy", "tanh", open_all)
    assert stuck.text == "The Toy’s leak gate is stuck open (0.99 on average)."
    cause, _ = causes.of(Fate("vanishing", 0.5), toy.TOY, {"leak_gate": np.full((6, 2, 4), 0.5)}, "tanh", 1.0)
    assert cause == " Reason: its mean leak gate is 0.50."


@pytest.mark.parametrize("page", [name for name in pages.PAGES if name != "attention"])
def test_every_page_is_told_of_it(run: Run, page: str) -> None:
    scene = live.scene(run.experiment, page)
    moment = live.moment(run, live.View(page), len(run.frames) - 1)
    assert live.pack(scene) and live.pack(moment)
    assert scene["models"][0]["name"] == "Toy"
    if page == "gates":
        assert [(band["name"], band["keeps"]) for band in scene["pictures"][0]["bands"]] == [
            ("fresh", False),
            ("leak_gate", True),
        ]
    if page == "anatomy":
        (half,) = scene["anatomy"]["cells"]["toy"]
        assert half["note"] == "There is no diagram of the toy yet."
        assert [one["symbol"] for one in half["vectors"]] == ["hₜ₋₁", "lₜ", "p̃ₜ", "hₜ"]
        assert {*moment["models"]["toy"]["cell"]["letters"]} == {"h0", "l", "p", "h"}
        assert scene["anatomy"]["wirings"]["toy"]["rules"] == ()


def test_a_step_of_it_can_be_taken_apart_as_far_as_it_is_described(run: Run) -> None:
    (spec,), weights = run.experiment.models, run.frames[-1].models["toy"].weights
    found = taken_apart(spec, toy.taken_apart(spec, run), weights, -1, "forward", other=True)
    assert not found.converted and equations.equations(found, 2, 1) == ()
    values = found.at(2)
    np.testing.assert_allclose(values["l_x"], weights["recurrent.weight_ih_l0"][:4].astype(float) @ found.found["x"][2])
    assert {term.source for term in found.terms(2, 1, "p")} == {"x", "h"}


def test_a_field_says_where_it_is_offered() -> None:
    spec, task = ModelSpec("toy", 4), rv.task("adding")
    offered = [one.name for one in fields.describe(ModelSpec) if fields.says(one, spec, task)]
    assert offered == ["cell", "hidden", "layers", "bidirectional", "init"]
    assert "toy" in fields.meaning(ModelSpec, "cell").options
