"""Few sequences that come again and again, and where a stream of batches goes on."""

import numpy as np
import pytest
import torch

import rnnviz as rv
from rnnviz.core.errors import ExperimentError
from rnnviz.nn.train.batches import Batches


def batches(count: int, sequences: int | None, task: str = "adding", batch: int = 32) -> list[torch.Tensor]:
    experiment = rv.Experiment(rv.task(task), training=rv.TrainingSpec(batch=batch, sequences=sequences))
    stream = Batches(experiment, torch.device("cpu"))
    return [next(stream)[0] for _ in range(count)]


def different(found: list[torch.Tensor]) -> set[bytes]:
    return {sequence.numpy().tobytes() for batch in found for sequence in batch.unbind(1)}


@pytest.mark.parametrize(("sequences", "batch"), [(16, 32), (40, 16), (300, 32), (600, 64)])
def test_so_many_sequences_come_and_no_others(sequences: int, batch: int) -> None:
    found = batches(120, sequences, batch=batch)
    assert len(different(found)) == sequences
    assert {one.shape[1] for one in found} == {min(batch, sequences)}


def test_within_a_batch_none_comes_twice_and_their_order_changes() -> None:
    found = batches(12, 64)
    assert all(len(different([one])) == 32 for one in found)
    assert not torch.equal(found[0], found[2])


@pytest.mark.parametrize("name", ["recall", "brackets", "reverse", "tagging"])
def test_targets_stay_with_their_sequences(name: str) -> None:
    experiment = rv.Experiment(rv.task(name), training=rv.TrainingSpec(batch=16, sequences=20))
    stream, known = Batches(experiment, torch.device("cpu")), dict[bytes, bytes]()
    for _ in range(20):
        inputs, targets, _ = next(stream)
        for sample in range(inputs.shape[1]):
            answer = targets[..., sample].numpy().tobytes()
            assert known.setdefault(inputs[:, sample].numpy().tobytes(), answer) == answer
    assert len(known) <= 20


@pytest.mark.parametrize("sequences", [None, 16, 600])
def test_a_stream_goes_on_where_another_was_left(sequences: int | None) -> None:
    experiment = rv.Experiment(rv.task("recall"), training=rv.TrainingSpec(sequences=sequences))
    whole = Batches(experiment, torch.device("cpu"))
    for _ in range(11):
        next(whole)
    again = Batches(experiment, torch.device("cpu"), *whole.place)
    for _ in range(20):
        np.testing.assert_array_equal(next(whole)[0], next(again)[0])


def test_a_training_on_few_sequences_goes_on_bit_for_bit() -> None:
    training = rv.TrainingSpec(steps=9, batch=16, sequences=24, weight_decay=0.5, device="cpu")
    run = rv.run(rv.Experiment(rv.task("recall", lag=4), [rv.ModelSpec("gru", 6)], training))
    again = list(rv.train(run.experiment, start=rv.resume(run, 5)))
    np.testing.assert_array_equal(again[-1].models["gru"].losses[-4:], run.frames[-1].models["gru"].losses[-4:])
    ends = [frames[-1].models["gru"]["weights/readout.weight"] for frames in (again, run.frames)]
    np.testing.assert_array_equal(*ends)


def test_too_few_are_refused_by_name_and_links_without_it_stay_as_they_were() -> None:
    with pytest.raises(ExperimentError, match="sequences must be a whole number from 16 to 100,000"):
        rv.TrainingSpec(sequences=15)
    assert "sequences" not in rv.Experiment().to_json() and "weight_decay" not in rv.Experiment().to_json()
    few = rv.Experiment(training=rv.TrainingSpec(sequences=64, weight_decay=0.1))
    assert rv.Experiment.from_query(few.to_query()) == few == rv.Experiment.from_json(few.to_json())
