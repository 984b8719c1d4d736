"""Reviews of one's own as a task: split, cut, told; nothing is built before it is asked for."""

import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.core import contents, limits
from rnnviz.core.errors import ContentNeeded, ExperimentError, RunFileError
from rnnviz.core.names import percent
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.corpora import RARE
from rnnviz.tasks.sentiment import reviews
from rnnviz.tasks.sentiment.task import Sentiment
from tests.support.review_files import rows, table, write
from tests.support.tasks import task

NOWHERE = "0" * 64


@pytest.fixture
def brought(tmp_path: Path) -> Callable[..., Any]:
    """The task on reviews with these options."""

    def made(
        count: int = 400, words: int = 0, *, found: Iterable[tuple[str, str]] | None = None, **params: Any
    ) -> Sentiment:
        path = write(tmp_path / "reviews.csv", rows(count, words) if found is None else iter(found))
        return task("sentiment", table=rv.read_reviews(path), **params)

    return made


def test_no_held_out_review_is_trained_on_however_short_it_is_cut(brought: Callable[..., Any]) -> None:
    for longest in (5, 8, 400):
        chosen = brought(longest=longest)
        read = chosen.sentences
        apart = {one.tobytes() for one in read.at(read.held_out)}
        assert not apart & {one.tobytes() for one in read.at(read.trained)}
        assert not set(read.held_out) & set(read.trained)
    assert "more would be: cut, they are as one that is trained on" in brought(longest=5).summary


def test_a_tenth_is_held_out_the_same_in_any_process(brought: Callable[..., Any]) -> None:
    chosen = brought(600)
    read = chosen.sentences
    assert len(read.held_out) + read.cut_alike == len(read.targets) // 10
    reviews.opened.cache_clear()
    again = pickle.loads(pickle.dumps(chosen)).sentences
    assert again is not read
    np.testing.assert_array_equal(again.held_out, read.held_out)


@pytest.mark.parametrize(("rows", "held_out"), [(300, 50), (90, 30)])
def test_of_few_reviews_enough_are_held_out_to_tell_something(
    brought: Callable[..., Any], rows: int, held_out: int
) -> None:
    read = brought(rows).sentences
    assert len(read.held_out) + read.cut_alike == held_out


def test_only_the_most_frequent_words_are_told_apart(brought: Callable[..., Any]) -> None:
    chosen = brought(400, 60, vocabulary=150)
    words = chosen.sentences.words
    assert len(words) == 150 and words[0] == RARE and "the" in words
    batch = chosen.sample(np.random.default_rng(0), 400)
    share = (batch.inputs == 0).sum() / (batch.inputs != PAD).sum()
    assert share == pytest.approx(chosen.sentences.unknown, abs=0.05) and share > 0.1
    said = f"The 149 most frequent words are told apart; all others, {percent(100 * chosen.sentences.unknown)} of"
    assert said in chosen.summary


def test_where_all_words_are_known_rare_ones_are_now_and_then_read_as_unknown(brought: Callable[..., Any]) -> None:
    chosen = brought(400)
    assert "different words are told apart." in chosen.summary and chosen.sentences.unknown == 0
    batch = chosen.sample(np.random.default_rng(0), 400)
    assert 0 < (batch.inputs == 0).sum() / (batch.inputs != PAD).sum() < 0.02
    assert not (chosen.held_out().inputs == 0).any()


def test_what_is_learned_and_what_is_not_is_said(brought: Callable[..., Any]) -> None:
    found = [*rows(300, 40, positive=0.7, negative=0.3), ("", "positive"), ("x", "")]
    said = brought(found=[*found, found[0]], longest=20).summary
    for part in (
        "Learning 300 reviews of 303 rows: texts in the column “review” (found by name), labels in “sentiment” (found",
        "The file is UTF-8, parted by commas.",
        "Left out: ",
        "1 without a text",
        "1 without a label",
        "1 with the text of an earlier row",
        "longer than 20 words: only their beginning is read.",
        "50 reviews held out and never trained on, 50 of them scored.",
    ):
        assert part in said


def test_characters_that_could_not_be_read_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_bytes("".join(f'"{text} é",{label}\n' for text, label in rows(60)).encode().replace(b"\xa9", b"!", 2))
    said = task("sentiment", table=rv.read_reviews(path)).summary
    assert "The file is UTF-8, parted by commas, without names" in said
    assert "2 characters of it could not be read and are “�”." in said


def test_guessing_gives_the_label_most_frequent_among_those_scored(brought: Callable[..., Any]) -> None:
    chosen = brought(found=list(rows(600, positive=0.8, negative=0.2)))
    assert chosen.classes[chosen.guess(chosen.held_out())[0].argmax()] == "positive"
    assert 60 < chosen.baseline < 95
    assert chosen.summary.endswith(
        f"Always answering “positive” is right for {percent(chosen.baseline)} of those scored."
    )


@pytest.mark.parametrize("seed", range(6))
def test_no_constant_answer_beats_guessing(brought: Callable[..., Any], seed: int) -> None:
    chosen = brought(found=list(rows(100, 0, seed, neg=0.2, negate=0.2, pos=0.2, posed=0.2, posit=0.2)))
    scored = chosen.held_out().targets
    assert len(scored) <= 33
    share = np.bincount(scored).max() / len(scored)
    assert chosen.baseline == pytest.approx(100 * share) and share >= 1 / 5
    most = chosen.classes[chosen.guess(chosen.held_out())[0].argmax()]
    assert f"Always answering “{most}” is right for {percent(chosen.baseline)} of those scored." in chosen.summary


def test_labels_may_be_any(brought: Callable[..., Any]) -> None:
    chosen = brought(found=list(rows(300, pos=0.4, neg=0.4, negligible=0.2)))
    assert chosen.classes == ("neg", "negligible", "pos") and chosen.output_size == 3
    assert "neg, negligible, pos" in chosen.asks


def test_a_sentence_of_ones_own_is_read_like_the_file(brought: Callable[..., Any]) -> None:
    chosen = brought(400)
    _, words = chosen.encode("The FILM <br/> wasn't Good, zzz!")
    assert words == ("the", "film", "⟨wasn't⟩", "good", ",", "⟨zzz⟩", "!")
    assert chosen.unread("the zzz") == ("zzz",)
    inputs = chosen.probes().batch.inputs[:, 0]
    places, _ = chosen.encode(chosen.written(inputs))
    np.testing.assert_array_equal(places[:, 0], inputs[inputs != PAD])


def test_fields_of_a_table_say_nothing_without_one() -> None:
    for name, value in (("longest", 50), ("vocabulary", 500)):
        with pytest.raises(ExperimentError, match=f"{name} must be .* for the reviews of the grammar"):
            task("sentiment", **{name: value})


def test_the_grammars_reviews_have_the_key_they_always_had() -> None:
    assert rv.Experiment(task("sentiment")).to_dict()["task"] == {"name": "sentiment"}


def test_a_link_and_json_name_the_table_by_its_hash() -> None:
    experiment = rv.Experiment(task("sentiment", table=table(60), longest=30))
    digest = table(60).digest
    assert f"table={digest}" in experiment.to_query() and f'"table":"{digest}"' in experiment.to_json()
    assert rv.Experiment.from_query(experiment.to_query()) == experiment
    assert rv.Experiment.from_json(experiment.to_json()) == experiment
    assert len(pickle.dumps(experiment)) < 3_000


def test_a_table_that_is_not_here_is_missed_when_it_is_needed_and_not_before() -> None:
    experiment = rv.Experiment(task("sentiment", table=NOWHERE))
    assert experiment.key and experiment.labels
    with pytest.raises(ContentNeeded, match=r"^table must be uploaded again: .*; got only its hash"):
        experiment.checked()
    with pytest.raises(ContentNeeded):
        rv.train(experiment)


@pytest.mark.parametrize("wrong", ["", "abc", "Z" * 64, 3])
def test_what_is_no_hash_is_refused_at_once(wrong: Any) -> None:
    with pytest.raises(ExperimentError, match=r"task\.table must be the hash of what was uploaded, 64 hexadecimal"):
        task("sentiment", table=wrong)


def test_another_content_is_no_table() -> None:
    chosen = task("sentiment", table=contents.keep(b"hello"))
    with pytest.raises(ExperimentError, match="table must be a file of reviews; got something else"):
        rv.Experiment(chosen).checked()


def test_too_large_a_model_is_refused_when_it_is_checked() -> None:
    models = (rv.ModelSpec("lstm", 256, layers=4),) * 6
    experiment = rv.Experiment(task("sentiment", table=table(300, 150), longest=400), models)
    with pytest.raises(ExperimentError, match=r"models\[0\] must be small enough"):
        experiment.checked()


def test_a_run_file_carries_its_table_to_another_machine(tmp_path: Path, elsewhere: Callable[[], None]) -> None:
    path = tmp_path / "run.safetensors"
    training = rv.TrainingSpec(steps=3, batch=8)
    run = rv.run(rv.Experiment(task("sentiment", table=table(60), longest=20), (rv.ModelSpec("gru", 4),), training))
    run.save(path)
    said, asked = run.experiment.to_json(), run.experiment.task.asked(0)
    del run
    elsewhere()
    with pytest.raises(ContentNeeded):
        rv.Experiment.from_json(said).checked()
    loaded = rv.Run.load(path)
    assert loaded.experiment.to_json() == said and loaded.experiment.task.asked(0) == asked
    assert [frame.step for frame in loaded.frames] == [0, 1, 2, 3]


def test_a_run_file_whose_table_was_changed_is_refused(tmp_path: Path, elsewhere: Callable[[], None]) -> None:
    path = tmp_path / "run.safetensors"
    training = rv.TrainingSpec(steps=2, batch=8)
    run = rv.run(rv.Experiment(task("sentiment", table=table(60), longest=20), (rv.ModelSpec("gru", 4),), training))
    run.save(path)
    data, inside = bytearray(path.read_bytes()), bytes(table(60).view())
    at = bytes(data).index(inside)
    data[at + len(inside) // 2] ^= 1
    path.write_bytes(data)
    del run
    elsewhere()
    with pytest.raises(RunFileError, match="is not what its experiment names"):
        rv.Run.load(path)


def test_reviews_are_kept_as_small_numbers(brought: Callable[..., Any]) -> None:
    chosen = brought(400, 60)
    read = chosen.sentences
    assert read.codes.dtype == np.uint16 and not read.codes.flags.owndata
    assert read.at(np.arange(5)).shape == (5, chosen.steps) and chosen.steps <= limits.LONGEST_SEQUENCE
