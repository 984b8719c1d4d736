"""A model writes: the likeliest symbols, drawn ones, with its attention forced or taken away."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from rnnviz.core.errors import ExperimentError
from rnnviz.nn.decode import decoding
from rnnviz.nn.models.model import make_model
from rnnviz.runs.translation import Decoding
from rnnviz.specs.models import ATTENTIONS, ModelSpec
from rnnviz.tasks import task
from tests.nn.models.plain import TASK, Plain, named

CODES = np.array([2, 0, 1])
SPECS = [
    ModelSpec("gru", 6, 2, True, attention="additive"),
    ModelSpec("lstm", 6, attention="dot"),
    ModelSpec("rnn", 6, decoder="lstm", attention="general"),
]
WITHOUT = ModelSpec("lstm", 6, 2, True, decoder="gru")


def weights_of(spec: ModelSpec, seed: int = 0, scale: float = 2.0) -> dict[str, np.ndarray]:
    """Larger weights than a new model has, so that it has something to say."""
    return {name: scale * w.numpy() for name, w in make_model(spec, TASK, seed).state_dict().items()}


def talkative(spec: ModelSpec) -> dict[str, np.ndarray]:
    """Weights of a model that never ends by itself."""
    weights = weights_of(spec)
    weights["readout.bias"][0] = -50
    return weights


def written(spec: ModelSpec, weights: Any = None, codes: np.ndarray = CODES, **how: Any) -> dict[str, np.ndarray]:
    return decoding.translate(spec, TASK, weights or weights_of(spec), codes, Decoding(**how) if how else None)


@pytest.mark.parametrize("spec", [*SPECS, WITHOUT], ids=named)
@pytest.mark.parametrize("seed", range(4))
def test_the_likeliest_symbol_is_written_until_the_end(spec: ModelSpec, seed: int) -> None:
    weights = weights_of(spec, seed)
    found = written(spec, weights)
    plain = Plain(spec, TASK).take({name: torch.tensor(w) for name, w in weights.items()})
    fed = [TASK.output_size]
    for step, place in enumerate(found["classes"]):
        one = plain(torch.tensor(CODES), torch.tensor(fed))
        np.testing.assert_allclose(found["answers"][step], one.answers[-1].softmax(-1).detach(), atol=1e-5)
        assert place == int(one.answers[-1].argmax())
        if one.weights is not None:
            np.testing.assert_allclose(found["weights"][step], one.weights[-1].detach(), atol=1e-5)
        fed.append(int(place))
    assert 0 not in found["classes"][:-1] and (found["classes"][-1] == 0 or len(found["classes"]) == 5)
    assert found["classes"].dtype == np.int64 and found["answers"].dtype == np.float32
    assert ("weights" in found) == (spec.attention is not None)


def test_what_never_ends_is_cut_off_later_for_longer_inputs() -> None:
    for length, most in ((1, 5), (4, 5), (5, 6), (8, 10)):
        found = written(WITHOUT, talkative(WITHOUT), np.zeros(length, np.int64))
        assert len(found["classes"]) == most == decoding.longest(TASK, np.zeros(length))


@pytest.mark.parametrize("spec", SPECS, ids=named)
@pytest.mark.parametrize("step", [0, 2, 4])
def test_forced_weights_act_at_their_step_and_never_before(spec: ModelSpec, step: int) -> None:
    weights, row = talkative(spec), (0.2, 0.5, 0.3)
    free, forced = written(spec, weights), written(spec, weights, forced=((step, row),))
    for name in ("classes", "answers", "weights"):
        assert free[name][:step].tobytes() == forced[name][:step].tobytes(), name
    np.testing.assert_array_equal(forced["weights"][step], np.array(row, np.float32))
    assert not np.array_equal(forced["answers"][step], free["answers"][step])
    np.testing.assert_allclose(forced["weights"].sum(-1), 1, rtol=1e-5)


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_weights_that_are_forced_as_they_are_change_nothing(spec: ModelSpec) -> None:
    weights = talkative(spec)
    free = written(spec, weights)
    rows = tuple((t, tuple(row.astype(float))) for t, row in enumerate(free["weights"]))
    again = written(spec, weights, forced=rows)
    np.testing.assert_array_equal(again["classes"], free["classes"])
    np.testing.assert_allclose(again["answers"], free["answers"], atol=1e-6)


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_taking_attention_away_leaves_a_context_of_zeros(spec: ModelSpec) -> None:
    weights = talkative(spec)
    found = written(spec, weights, take_away=True)
    assert not found["weights"].any() and found["weights"].shape == (5, 3)
    blind = dict(weights)  # the same model where nothing reads the context
    blind["combine.weight"] = blind["combine.weight"].copy()
    blind["combine.weight"][:, spec.hidden :] = 0
    if spec.attention == "additive":
        blind["decoder.weight_ih_l0"] = blind["decoder.weight_ih_l0"].copy()
        blind["decoder.weight_ih_l0"][:, spec.hidden :] = 0
    np.testing.assert_allclose(found["answers"], written(spec, blind)["answers"], atol=1e-6)


def test_a_model_without_attention_has_none_to_force_or_take_away() -> None:
    weights = talkative(WITHOUT)
    for how in ({"take_away": True}, {"forced": ((0, (1.0, 0.0, 0.0)),)}):
        np.testing.assert_array_equal(written(WITHOUT, weights, **how)["answers"], written(WITHOUT, weights)["answers"])


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_symbols_are_drawn_as_often_as_softmax_says(temperature: float) -> None:
    spec = ModelSpec("gru", 4, attention="dot")
    weights = weights_of(spec, scale=3.0)
    draws, one = 1_500, TASK.output_size
    model = make_model(spec, TASK, 0)
    model.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})
    counts = np.zeros(one)
    with torch.no_grad():
        reading = model.encode(torch.tensor(CODES)[:, None])
        for seed in range(draws):
            how = Decoding(temperature=temperature, seed=seed)
            counts[decoding.decoded_steps(model, reading, 1, how)[0][0]] += 1
        logits = model.step(reading, model.target.weight[model.start][None], reading.first).answer[0].double()
    expected = draws * torch.softmax(logits / temperature, -1).numpy()
    assert ((counts - expected) ** 2 / expected).sum() < 16.3  # three degrees of freedom, one in a thousand


@pytest.mark.parametrize("spec", [*SPECS, WITHOUT], ids=named)
def test_a_seed_draws_the_same_symbols_again(spec: ModelSpec) -> None:
    weights = talkative(spec)
    found = [written(spec, weights, temperature=5.0, seed=seed)["classes"].tolist() for seed in (*range(8), *range(8))]
    assert found[:8] == found[8:] and len({tuple(one) for one in found}) > 3


@pytest.mark.parametrize("spec", [*SPECS, WITHOUT], ids=named)
def test_the_lowest_temperature_writes_the_likeliest(spec: ModelSpec) -> None:
    weights = talkative(spec)
    for name in ("readout.weight", "readout.bias"):
        weights[name] = 5 * weights[name]
    greedy = written(spec, weights)["classes"]
    assert all(np.array_equal(written(spec, weights, temperature=0.01, seed=s)["classes"], greedy) for s in range(5))


@pytest.mark.parametrize(
    ("how", "field", "message"),
    [
        ({"temperature": 0.0}, "temperature", "from 0.01 to 5, or none"),
        ({"temperature": 5.1}, "temperature", "got 5.1"),
        ({"temperature": float("nan")}, "temperature", "got nan"),
        ({"temperature": "hot"}, "temperature", "hot"),
        ({"seed": 1.5}, "seed", "whole number"),
        ({"seed": -1}, "seed", "whole number"),
        ({"seed": 2**70}, "seed", "whole number"),
        ({"forced": ((0, (0.5, 0.4)),)}, "forced", "sum to 1"),
        ({"forced": ((0, (1.5, -0.5)),)}, "forced", "at least 0"),
        ({"forced": ((0, ()),)}, "forced", "sum to 1"),
        ({"forced": ((0, (float("nan"), 1.0)),)}, "forced", "sum to 1"),
        ({"forced": ((-1, (1.0,)),)}, "forced", "output step"),
        *(
            ({"forced": what}, "forced", "pairs of an output step from 0 and its weights; got")
            for what in (5, None, "ab", ((0, 5),), ((0, None),), {0: (1.0,)}, (("0", (1.0,)),))
        ),
        ({"forced": ((0, "ab"),)}, "forced", "at least 0"),
        ({"forced": ((0, (None,)),)}, "forced", "at least 0"),
        ({"forced": ((0,),)}, "forced", "pairs"),
        ({"forced": ((0, (1.0,)), (0, (1.0,)))}, "forced", "different output steps; got step 0 twice"),
        ({"temperature": True}, "temperature", "got True"),
        ({"temperature": 10**400}, "temperature", "from 0.01 to 5"),
        ({"take_away": "no"}, "take_away", "true or false; got 'no'"),
    ],
)
def test_what_cannot_be_is_refused_by_name(how: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(ExperimentError, match=message) as refused:
        Decoding(**how)
    assert refused.value.field == field


@pytest.mark.parametrize("step", [0, 60])
def test_a_wrong_number_of_weights_is_refused_even_if_the_output_ends_before(step: int) -> None:
    with pytest.raises(ExperimentError, match="one weight for each of the 3 input symbols") as refused:
        written(SPECS[0], forced=((step, (0.5, 0.5)),))
    assert refused.value.field == "forced"


def test_a_way_of_decoding_can_be_kept_and_changed() -> None:
    how = Decoding(forced=((1, (0.5, 0.5)),), seed=3)
    assert hash(how) == hash(dataclasses.replace(how)) and dataclasses.replace(how, seed=4) != how


@pytest.mark.parametrize("kind", [None, *ATTENTIONS])
def test_an_input_of_one_symbol_and_one_twice_as_long_as_any_trained_on(kind: str | None) -> None:
    spec, chosen = ModelSpec("gru", 3, attention=kind), task("reverse", length=4, letters=3)
    weights = weights_of(spec)
    for text in ("a", "abcabcab"):
        found = decoding.translate(spec, chosen, weights, chosen.read(text))
        assert np.isfinite(found["answers"]).all()
        if kind:
            assert found["weights"].shape[1] == len(text)


def test_forced_weights_may_be_lists_or_arrays() -> None:
    how = Decoding(forced=[[np.int64(1), np.array([0.5, 0.5], np.float32)]])  # type: ignore[arg-type]
    assert how == Decoding(forced=((1, (0.5, 0.5)),)) and isinstance(hash(how), int)


@pytest.mark.parametrize("spec", [*SPECS, WITHOUT], ids=named)
@pytest.mark.parametrize("temperature", [None, 1.0])
def test_numbers_that_overflow_are_no_answer(spec: ModelSpec, temperature: float | None) -> None:
    weights = weights_of(spec, scale=1e37)
    with pytest.raises(ExperimentError, match="input must be one on which the model's numbers stay finite; got") as no:
        written(spec, weights, temperature=temperature)
    assert no.value.field == "input"


def test_answers_that_are_large_but_finite_can_be_drawn_at_any_temperature() -> None:
    weights = talkative(WITHOUT)
    weights["readout.weight"] = weights["readout.weight"] * np.float32(1e37)
    assert np.isfinite(written(WITHOUT, weights, temperature=0.01)["logps"]).all()
