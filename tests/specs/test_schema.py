"""What a frame holds is what the schema says: for every task and cell, each value with its shape and type."""

import dataclasses

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.specs import architectures, schema
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.specs.schema import SCHEMA, held_by, lengths_of, line_of
from rnnviz.tasks import TASKS
from tests.support.tasks import fitting

HALVES = (
    ModelSpec("gru", 3, 2, True, attention="additive"),
    ModelSpec("rnn", 2, decoder="lstm"),
    ModelSpec("lstm", 2, bidirectional=True, decoder="gru", attention="general"),
)
PLAIN = (ModelSpec("rnn", 3), ModelSpec("lstm", 2, 2), ModelSpec("gru", 2))


def experiment(name: str) -> rv.Experiment:
    chosen = rv.task(name)
    models = fitting(HALVES, chosen) if architectures.of(chosen).writes else PLAIN
    return rv.Experiment(chosen, models, TrainingSpec(1, batch=2))


@pytest.mark.parametrize("name", TASKS)
def test_frames_hold_what_the_schema_says_and_nothing_else(name: str) -> None:
    run = rv.run(experiment(name))
    for label, frame in run.frame().models.items():
        held = held_by(run.experiment.model(label), run.experiment.task)
        assert set(frame) == set(held)
        for value_name, (value, shape, most) in held.items():
            found = np.asarray(frame[value_name])
            assert found.dtype == value.kind, value_name
            assert isinstance(frame[value_name], np.ndarray) == bool(shape), value_name
            assert found.shape == ((1,) if value.each_step else shape), value_name
            assert most is None or (found.min() >= 0 and found.max() <= most)


@pytest.mark.parametrize("name", TASKS)
def test_every_dim_has_a_length(name: str) -> None:
    chosen = experiment(name)
    for model in chosen.models:
        lengths = lengths_of(model, chosen.task)
        for value, shape, _ in held_by(model, chosen.task).values():
            dims = value.dims.split()
            if set(dims) <= {"row", "column"}:
                assert len(shape) <= len(dims)
            else:
                assert shape == tuple(lengths[dim] for dim in dims), value.name


def test_lines_have_names_of_their_own_and_say_what_they_are() -> None:
    assert len({value.name for value in SCHEMA}) == len(SCHEMA)
    for value in SCHEMA:
        assert value.meaning and 1 <= value.since <= schema.FORMAT
        assert ("*" in value.name) == (value.members is not None)
        assert not value.each_step or value.dims == "step"


def test_the_line_of_a_name() -> None:
    for name, line in (("loss", "loss"), ("trace/cell", "trace/*"), ("weights/a/b", "weights/*")):
        found = line_of(name)
        assert found is not None and found.name == line
    for name in ("", "trace", "weights", "translated/other", "loss/", "other", "/"):
        assert line_of(name) is None, name


def test_a_member_of_a_group_may_come_later_than_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = line_of("trace/hidden")
    assert trace is not None
    late = dataclasses.replace(trace, name="trace/reset_gate", members=None, since=9)
    monkeypatch.setattr(schema, "SCHEMA", (*SCHEMA, late))
    monkeypatch.setitem(schema._LINES, late.name, late)
    chosen = rv.Experiment()
    lstm, gru = (chosen.model(label) for label in ("lstm", "gru"))
    assert "trace/reset_gate" not in held_by(gru, chosen.task) and "trace/update_gate" in held_by(gru, chosen.task)
    assert held_by(gru, chosen.task, 9)["trace/reset_gate"].value is late
    assert "trace/output_gate" in held_by(lstm, chosen.task)
