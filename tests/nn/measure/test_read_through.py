"""A text that a model reads in one go."""

import numpy as np

import rnnviz as rv
from rnnviz.nn.measure.read_through import read_through
from rnnviz.tasks.text import Text


def test_states_are_those_of_the_trace_on_the_same_text() -> None:
    task = Text(corpus="python:this", length=12)
    models = [rv.ModelSpec("rnn", 4), rv.ModelSpec("lstm", 5, layers=2), rv.ModelSpec("window", 3, window=2)]
    run = rv.run(rv.Experiment(task, models, rv.TrainingSpec(steps=3, device="cpu")))
    text = task.learned[: task.length]
    for label, spec in zip(run.experiment.labels, models, strict=True):
        found = read_through(spec, task, run.frames[-1].models[label].weights, text)
        assert {*found} == {"hidden", "right", *(["cell"] if spec.has_cell_state else [])}
        trace = run.trace(label, -1).hidden.isel(sample=0, direction=0).values  # the first probe is the beginning
        np.testing.assert_allclose(
            found["hidden"].reshape(len(text), spec.layers, spec.hidden).swapaxes(0, 1), trace, atol=2e-3
        )
        assert found["right"].shape == (len(text),) and np.isnan(found["right"][-1])
        assert ((found["right"][:-1] > 0) & (found["right"][:-1] < 1)).all()
