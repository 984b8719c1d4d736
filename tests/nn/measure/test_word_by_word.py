"""What each word does to an answer, and which classes are taken for which: against the model itself."""

import numpy as np
import pytest
import torch

from rnnviz.nn.measure.by_class import by_class
from rnnviz.nn.measure.word_by_word import log_odds, word_by_word
from rnnviz.nn.models.model import make_model, restored
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.batch import PAD
from tests.support.tasks import task

SPECS = {
    "rnn": ModelSpec("rnn", 6),
    "lstm": ModelSpec("lstm", 5, layers=2, bidirectional=True, skip=True),
    "gru": ModelSpec("gru", 5, bidirectional=True),
}
TASKS = ("sentiment", "tagging")
every = pytest.mark.parametrize(("name", "kind"), [(name, kind) for name in TASKS for kind in SPECS])


def weights_of(name: str, kind: str) -> dict[str, np.ndarray]:
    model = make_model(SPECS[kind], task(name), 1)
    return {key: value.numpy() for key, value in model.state_dict().items()}


def answers(name: str, kind: str, places: np.ndarray) -> torch.Tensor:
    """(answer, class) to one sentence, read alone."""
    model = restored(SPECS[kind], task(name), weights_of(name, kind)).double()
    with torch.no_grad():
        found = model(torch.tensor(places)[:, None])
    return found if found.dim() == 2 else found[:, 0]


def first_probe(chosen: Task) -> np.ndarray:
    """(time, 1) symbols, without padding."""
    places = chosen.probes().batch.inputs[:, :1]
    return places[places[:, 0] != PAD]


@every
def test_prefixes_and_words_left_out_are_sentences_read_alone(name: str, kind: str) -> None:
    chosen = task(name)
    places, at = first_probe(chosen), 0 if name == "sentiment" else 2
    found = word_by_word(SPECS[kind], chosen, weights_of(name, kind), places, at)
    whole = answers(name, kind, places[:, 0])
    np.testing.assert_allclose(found["answers"], whole.softmax(-1), rtol=1e-9)
    best = int(whole[at].argmax())
    for time in range(len(places)):
        if name == "tagging" and time < at:
            assert np.isnan(found["prefixes"][time]).all()
        else:
            alone = answers(name, kind, places[: time + 1, 0])[at].softmax(-1)
            np.testing.assert_allclose(found["prefixes"][time], alone, rtol=1e-9)
        if name == "tagging" and time == at:
            assert np.isnan(found["left_out"][time])
            continue
        rest = answers(name, kind, np.delete(places[:, 0], time))[at - (name == "tagging" and time < at)]
        difference = log_odds(whole[at], best) - log_odds(rest, best)
        np.testing.assert_allclose(found["left_out"][time], difference, rtol=1e-7, atol=1e-10)


@every
def test_gradient_times_input_is_the_slope_along_each_words_vector(name: str, kind: str) -> None:
    """Against central differences: the vector of one word is made longer and shorter."""
    chosen, spec = task(name), SPECS[kind]
    places = first_probe(chosen)
    found = word_by_word(spec, chosen, weights_of(name, kind), places, 0)
    model = restored(spec, chosen, weights_of(name, kind)).double()
    vectors = model.embedded(torch.tensor(places)).detach()
    best, step = int(found["answers"][0].argmax()), 1e-5

    def odds(time: int, by: float) -> float:
        longer = vectors.clone()
        longer[time] *= 1 + by
        with torch.no_grad():
            given = model.answer(model.recurrent(longer)[0])
        return float(log_odds(given.reshape(-1, chosen.output_size)[0], best))

    slopes = [(odds(time, step) - odds(time, -step)) / (2 * step) for time in range(len(places))]
    np.testing.assert_allclose(found["gradient"], slopes, rtol=1e-5, atol=1e-9)


def test_a_single_word_cannot_be_left_out() -> None:
    chosen = task("sentiment")
    found = word_by_word(SPECS["gru"], chosen, weights_of("sentiment", "gru"), chosen.encode("good")[0])
    assert np.isnan(found["left_out"]).all() and np.isfinite(found["gradient"]).all()


def test_an_answer_that_is_not_there_is_refused() -> None:
    chosen = task("tagging")
    with pytest.raises(ValueError, match="at must be from 0 to 1; got 2"):
        word_by_word(SPECS["gru"], chosen, weights_of("tagging", "gru"), chosen.encode("apple grows")[0], 2)


@pytest.mark.parametrize("name", [*TASKS, "recall", "brackets"])
def test_counts_by_class_are_those_of_the_held_out_sequences(name: str) -> None:
    chosen, spec = task(name), ModelSpec("gru", 4)
    model = make_model(spec, chosen, 0)
    weights = {key: value.numpy() for key, value in model.state_dict().items()}
    found, held_out = by_class(spec, chosen, weights), chosen.held_out()
    assert found["confusion"].sum() == (held_out.targets != PAD).sum()
    with torch.no_grad():
        given = model(torch.tensor(held_out.inputs)).numpy()
    share = 100 * found["confusion"].trace() / found["confusion"].sum()
    np.testing.assert_allclose(share, chosen.score(given, held_out.targets))
