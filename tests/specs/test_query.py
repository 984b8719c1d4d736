"""An experiment travels in a link and comes out as it went in."""

import itertools
import urllib.parse

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.core import fields, limits
from rnnviz.core.errors import ExperimentError, TextNeeded
from rnnviz.specs.defaults import default_models, default_training
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.specs.query import HASH, names, to_params, to_query
from rnnviz.tasks import TASKS
from rnnviz.tasks.text import Text
from tests.support.strategies import experiments, own_texts
from tests.support.tasks import task

README = "task=recall&lag=30&models=rnn,lstm:hidden=64:forget_bias=1,gru&steps=800&lr=0.01"


def texts_of(experiment: Experiment) -> dict[str, str]:
    return {experiment.task.digest: experiment.task.text} if experiment.task.name == "text" else {}  # type: ignore[attr-defined]


@pytest.mark.slow
@settings(max_examples=300)
@given(experiments())
def test_every_experiment_comes_back_from_its_link(experiment: Experiment) -> None:
    query = to_query(experiment)
    back = Experiment.from_query(query, texts_of(experiment))
    assert back == experiment
    assert back.key == experiment.key
    assert to_query(back) == query


@pytest.mark.slow
@settings(max_examples=300)
@given(experiments())
def test_every_experiment_comes_back_from_its_parameters_as_a_browser_hands_them_over(experiment: Experiment) -> None:
    params = to_params(experiment)
    assert Experiment.from_query(params, texts_of(experiment)) == experiment
    for written in ({name: [value] for name, value in params.items()}, urllib.parse.urlencode(params)):
        assert Experiment.from_query(written, texts_of(experiment)) == experiment


@pytest.mark.slow
@settings(max_examples=300)
@given(experiments())
def test_a_link_is_short_and_plain(experiment: Experiment) -> None:
    query = to_query(experiment)
    assert len(query) <= limits.LONGEST_QUERY
    assert query.isascii()
    assert query.isprintable()
    assert not set(query) & set(" <>\"'#?+")


@pytest.mark.parametrize("name", TASKS)
def test_what_a_task_chooses_by_itself_is_left_out(name: str) -> None:
    assert to_query(Experiment(task(name))) == ("" if name == "adding" else f"task={name}")
    experiment = Experiment.from_query(f"task={name}")
    assert experiment.models == default_models(experiment.task)
    assert experiment.training == default_training(experiment.task)


def test_the_example_of_the_readme() -> None:
    lstm = ModelSpec("lstm", hidden=64, forget_bias=1)
    training = TrainingSpec(steps=800, lr=0.01)
    wanted = Experiment(task("recall", lag=30), (ModelSpec("rnn"), lstm, ModelSpec("gru")), training)
    assert Experiment.from_query(README) == wanted


@pytest.mark.parametrize("before", ["?", "https://rnnviz.example/gates?", "http://localhost:8501/?", " "])
def test_what_stands_before_the_query_in_an_address_is_ignored(before: str) -> None:
    assert Experiment.from_query(before + README) == Experiment.from_query(README)


def test_a_model_in_a_link_has_its_own_defaults() -> None:
    assert Experiment.from_query("models=lstm").models == (ModelSpec("lstm"),)


def test_the_order_of_the_names_does_not_matter() -> None:
    for parts in itertools.islice(itertools.permutations(README.split("&")), 24):
        assert Experiment.from_query("&".join(parts)).key == Experiment.from_query(README).key


@given(own_texts())
def test_a_short_text_travels_in_the_link(chosen: Text) -> None:
    query = to_query(Experiment(chosen))
    assert (f"&{HASH}=" in query) == (len(chosen.text) > limits.LONGEST_TEXT_IN_LINK)


def test_a_text_of_the_longest_kind_in_a_link_fits_whatever_it_is_made_of() -> None:
    text = "".join(chr(0x1F600 + i % 64) for i in range(limits.LONGEST_TEXT_IN_LINK))
    model = ModelSpec("lstm", hidden=100, layers=1, forget_bias=-1.2345678901234567)
    training = TrainingSpec(12345, 31, 0.0012345678901234567, 1.2345678901234567, 2**31 - 1, "cpu")
    experiment = Experiment(task("text", corpus="own", text=text, length=49), [model] * limits.MOST_MODELS, training)
    assert len(to_query(experiment)) <= limits.LONGEST_QUERY
    assert Experiment.from_query(to_query(experiment)) == experiment


def test_a_long_text_is_asked_for_by_its_hash() -> None:
    text = "All work and no play. " * 100
    experiment = Experiment(task("text", corpus="own", text=text))
    with pytest.raises(TextNeeded) as caught:
        Experiment.from_query(to_query(experiment))
    digest = caught.value.digest
    assert digest == experiment.task.digest  # type: ignore[attr-defined]
    assert digest in str(caught.value)
    assert caught.value.field == "text"
    assert len(to_query(experiment)) < 80
    assert Experiment.from_query(to_query(experiment), {digest: text}) == experiment


def test_another_text_under_that_hash_is_not_taken_for_it() -> None:
    query = to_query(Experiment(task("text", corpus="own", text="All work and no play. " * 100)))
    with pytest.raises(TextNeeded):
        Experiment.from_query(query, {query.rpartition("=")[2]: "Something else. " * 100})


@pytest.mark.parametrize("name", TASKS)
def test_no_name_means_two_things(name: str) -> None:
    known = ("task", *names(name))
    assert len(known) == len(set(known))
    assert not {meaning.name for meaning in fields.describe(TASKS[name])} & {"task", "output", "experiment", "query"}


@given(st.text(max_size=300))
def test_any_text_is_an_experiment_or_one_sentence(query: str) -> None:
    try:
        assert isinstance(Experiment.from_query(query), Experiment)
    except ExperimentError as error:
        assert str(error).isprintable()


@given(st.dictionaries(st.sampled_from(["task", *names("recall"), *names("text")]), st.text(max_size=40)))
def test_any_values_are_an_experiment_or_one_sentence(params: dict[str, str]) -> None:
    try:
        assert isinstance(Experiment.from_query(params), Experiment)
    except ExperimentError as error:
        assert str(error).isprintable()


def test_numbers_survive_to_the_last_digit() -> None:
    for lr in (0.1 + 0.2, 1 / 3, 1e-6, 1e-5, 0.012345678901234567):
        experiment = Experiment(training=TrainingSpec(lr=lr))
        assert Experiment.from_query(to_query(experiment)).training.lr == lr
