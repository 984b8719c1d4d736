"""Every chart, drawn from a run as it was at a step. A new chart belongs here, and is then held to what all must do."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from rnnviz import analysis, byhand, charts, hopfield
from rnnviz.anatomy.step import Anatomy, taken_apart
from rnnviz.charts import Drawing
from rnnviz.charts.contestants import Contestant
from rnnviz.charts.fit import HELD_OUT, TRAINED
from rnnviz.charts.readable import Curve
from rnnviz.nn.measure.anatomy import step
from rnnviz.runs.run import Run
from tests.charts.decoders import DECODERS


def _until(run: Run, step: int) -> Run:
    """The run as it was at a step."""
    return Run(run.experiment, [frame for frame in run.frames if frame.step <= step])


def _loss(run: Run) -> Drawing:
    experiment = run.experiment
    table, labels, steps = analysis.loss_curve(run), experiment.labels, experiment.training.steps
    return charts.loss(table, labels, steps, "mean squared error", True, (0.17, "always answering 1"), run.steps[-1])


def _score(run: Run) -> Drawing:
    labels, steps = run.experiment.labels, run.experiment.training.steps
    return charts.score(analysis.score_curve(run), labels, steps, "answers right", "%", (12.5, "any symbol"))


def _grad_norm(run: Run) -> Drawing:
    labels, steps = run.experiment.labels, run.experiment.training.steps
    return charts.grad_norm(analysis.grad_norm_curve(run), labels, steps, 1.0)


def _singular_values(run: Run) -> Drawing:
    names, top = analysis.block_names(run.experiment, "gru"), analysis.largest_singular_value(run)
    steps = run.experiment.training.steps
    return charts.singular_values(analysis.singular_curve(run, "gru"), "gru", names, steps, top)


def _states(run: Run) -> Drawing:
    return charts.states("lstm", analysis.trace(run.at(), "lstm"), analysis.tokens(run.experiment))


def _gates(run: Run) -> Drawing:
    return charts.gates("lstm", analysis.trace(run.at(), "lstm"), analysis.tokens(run.experiment))


def _gate_means(run: Run) -> Drawing:
    table = analysis.gate_means(analysis.trace(run.at(), "gru"))
    names = analysis.gate_names(run.experiment, "gru")
    return charts.gate_means("gru", table, names, run.experiment.task.steps)


def _gradient_norm(run: Run) -> Drawing:
    return charts.gradient_norm(analysis.gradient_norms(run.at()), run.experiment.labels, run.experiment.task.steps)


def _gradient_history(run: Run) -> Drawing:
    return charts.gradient_history(analysis.gradient_histories(run), run.experiment.training.steps)


def _cells(run: Run) -> Drawing:
    values = analysis.trace(run.at(), "lstm")["forget_gate"]
    return charts.cells("lstm", "forget_gate", values, analysis.tokens(run.experiment))


def _answers(run: Run) -> Drawing:
    return charts.answers(analysis.answers(run.at()), run.experiment.labels, run.experiment.task.steps)


def _rng(run: Run) -> np.random.Generator:
    return np.random.default_rng(run.steps[-1])


def _falling(run: Run, most: float = 1.0) -> np.ndarray:
    """Numbers that differ from step to step, largest first: (time, rank)."""
    return -np.sort(-_rng(run).uniform(0.1, most, (run.experiment.task.steps, 8)), axis=1)


def _cell_gradient_norm(run: Run) -> Drawing:
    norms, cells = analysis.gradient_norms(run.at()), analysis.cell_gradient_norms(run.at())
    return charts.gradient_norm(norms, run.experiment.labels, run.experiment.task.steps, cells)


def _clipped(run: Run) -> Drawing:
    table = analysis.grad_norm_curve(run)  # stands for shares, of which so short a run has none
    return charts.clipped(table, run.experiment.labels, run.experiment.training.steps)


def _memory_horizon(run: Run) -> Drawing:
    rows = [(step, label, 3.0 + step) for step in run.steps for label in run.experiment.labels]
    table = pd.DataFrame(rows, columns=["step", "label", "value"])
    experiment = run.experiment
    return charts.memory_horizon(table, experiment.labels, experiment.training.steps, experiment.task.steps, "1/1000")


def _lags(run: Run) -> Drawing:
    labels, times = run.experiment.labels, run.experiment.task.steps
    factor = _rng(run).uniform(0.5, 1.5)
    measured = {label: factor ** np.arange(times) for label in labels}
    return charts.lags(
        measured, {"lstm": measured["lstm"]}, {"rnn": 1.5 ** np.arange(times)}, labels, times, (1e-3, "1/1000")
    )


def _influence(run: Run) -> Drawing:
    values = np.tril(_rng(run).uniform(size=(run.experiment.task.steps, run.experiment.task.steps)))
    return charts.influence(dict.fromkeys(run.experiment.labels, values), analysis.tokens(run.experiment))


def _jacobian_values(run: Run) -> Drawing:
    return charts.jacobian_values("gru", _falling(run), 1.2)


def _jacobian_factors(run: Run) -> Drawing:
    return charts.jacobian_values("gru", _falling(run), 1.2, _falling(run).mean(axis=1))


def _cell_jacobian_values(run: Run) -> Drawing:
    return charts.cell_jacobian_values("lstm", _falling(run), _falling(run).mean(axis=1), 1.2)


def _cell_jacobian_factors(run: Run) -> Drawing:
    falling = _falling(run)
    mean = falling.mean(axis=1)
    return charts.cell_jacobian_values("lstm", falling, mean, 1.2, mean, falling[:, 0])


def _path_shares(run: Run) -> Drawing:
    share = _rng(run).normal(0.5, 0.5, run.experiment.task.steps)
    return charts.path_shares("lstm", share, 1.0 - share)


def _learned(run: Run) -> byhand.Hand:
    """What is drawn from no run: a hand that has taken as many steps as the run."""
    hand = byhand.hello()
    for _ in range(run.frames[-1].step):
        hand = byhand.downhill(hand, 0.1)
    return hand


def _hand_losses(run: Run) -> Drawing:
    hand, losses = byhand.hello(), []
    for _ in range(run.frames[-1].step + 1):
        losses.append(byhand.forward(hand).loss)
        hand = byhand.downhill(hand, 0.1)
    return charts.hand_losses(losses)


def _recall_rates(run: Run) -> Drawing:
    loads = (0.05, 0.2) if run.steps[-1] % 2 else (0.05, 0.14, 0.25)
    return charts.recall_rates([hopfield.capacity(units, draws=5, loads=loads) for units in (20, 40)])


def _readable(run: Run) -> Drawing:
    lags, rng, labels = np.arange(-3, 9), _rng(run), run.experiment.labels
    found = {label: Curve(lags, np.where(lags < 0, 0.0, rng.random(len(lags)))) for label in labels}
    return charts.readable(found, {"lstm": found["lstm"]}, labels, (0.0, "chance: always the mean"), 0.5, False)


def _contestants(run: Run) -> Drawing:
    far = 0.9 if run.steps[-1] % 2 else 0.4
    found = [Contestant(task, label, (far, 0.5, -0.9)) for task in ("recall", "sort") for label in ("rnn", "lstm-conv")]
    found.append(Contestant("text", "gru-2", (0.3, 0.5), best_known=False))
    return charts.contestants(found)


def _unrolled(run: Run) -> Drawing:
    hand = _learned(run)
    return charts.unrolled(hand.vocabulary, hand.h_0, byhand.forward(hand), 1)


def _unrolled_back(run: Run) -> Drawing:
    hand = _learned(run)
    read = byhand.forward(hand)
    back = byhand.backward(hand, read)
    parts = byhand.contributions(read, back, byhand.Entry("W_hh", 0, 0))
    return charts.unrolled_back(hand.vocabulary, read, back, parts, "W_hh", 1)


def _cut(run: Run, label: str) -> Anatomy:
    experiment, weights = run.experiment, run.model_frame(label).weights
    inputs = experiment.task.probes().batch.inputs[:, :1]
    found = step(experiment.model(label), experiment.task, weights, inputs, -1, "forward")
    return taken_apart(experiment.model(label), found, weights, -1, "forward")


def _diagram(run: Run) -> Drawing:
    return charts.diagram("lstm", "LSTM", _cut(run, "lstm").numbers(3, 2), {"x": "0.8*", "y": "1.03"})


def _strips(run: Run) -> Drawing:
    values = _cut(run, "gru").at(3)
    rows = [charts.Strip("zₜ", "update_gate", values["z"], 0.5), charts.Strip("hₜ", "hidden", values["h"], 0.1)]
    return charts.strips("GRU", [charts.Strip("xₜ", "", np.array([0.3, 1.0]), None), *rows], 2)


def _fit(run: Run) -> Drawing:
    experiment = run.experiment
    rows = [
        (step, label, mode, value / (1 + step))
        for step in run.steps
        for label in experiment.labels
        for mode, value in ((TRAINED, 0.5), (HELD_OUT, 1.0))
    ]
    found = pd.DataFrame(rows, columns=["step", "label", "mode", "value"])
    return charts.fit(found, experiment.labels, experiment.training.steps, "mean squared error", True, run.steps[-1])


def _clamped_states(run: Run) -> Drawing:
    traced = analysis.trace(run.at(), "lstm")
    held = {"forget_gate": np.ones_like(traced["cell"])}
    return charts.clamped_states(
        "lstm", "cell", traced["cell"], traced["cell"] / 2, held, analysis.tokens(run.experiment)
    )


def _clamped_gradient(run: Run) -> Drawing:
    norms = _falling(run)[:, 0]
    return charts.clamped_gradient("lstm", "cell", norms, norms * np.arange(len(norms)))


def _silenced(run: Run) -> Drawing:
    worse = -np.sort(-_rng(run).normal(size=14))
    said = [f"{value:.1f} points" for value in worse]
    return charts.silenced("gru", [f"unit {at}" for at in range(1, 15)], worse, said, "score lost (percentage points)")


def _difference_states(run: Run) -> Drawing:
    apart = {label: analysis.trace(run.at(), label)["hidden"] / 2 for label in run.experiment.labels}
    return charts.difference_states(apart, analysis.tokens(run.experiment), mark=2 + run.steps[-1] % 3)


def _difference_norms(run: Run) -> Drawing:
    norms = {label: _falling(run)[:, 0] for label in run.experiment.labels}
    return charts.difference_norms(norms, {"lstm": 2 * norms["lstm"]}, run.experiment.labels, mark=2)


def _truth(run: Run) -> Drawing:
    right, answered = _rng(run).normal(size=(2, 40))
    return charts.truth("gru", right, answered, (-3.0, 3.0), "°C", (0.5, "always answering 0.5"))


_DRAW: dict[str, Callable[[Run], Drawing]] = {
    "loss": _loss,
    "score": _score,
    "grad_norm": _grad_norm,
    "singular_values": _singular_values,
    "states": _states,
    "gates": _gates,
    "gate_means": _gate_means,
    "gradient_norm": _gradient_norm,
    "gradient_history": _gradient_history,
    "cells": _cells,
    "answers": _answers,
    "cell_gradient_norm": _cell_gradient_norm,
    "clipped": _clipped,
    "memory_horizon": _memory_horizon,
    "lags": _lags,
    "influence": _influence,
    "jacobian_values": _jacobian_values,
    "jacobian_factors": _jacobian_factors,
    "cell_jacobian_values": _cell_jacobian_values,
    "cell_jacobian_factors": _cell_jacobian_factors,
    "path_shares": _path_shares,
    "hand_losses": _hand_losses,
    "contestants": _contestants,
    "readable": _readable,
    "recall_rates": _recall_rates,
    "diagram": _diagram,
    "strips": _strips,
    "unrolled": _unrolled,
    "unrolled_back": _unrolled_back,
    "fit": _fit,
    "clamped_states": _clamped_states,
    "clamped_gradient": _clamped_gradient,
    "silenced": _silenced,
    "difference_states": _difference_states,
    "difference_norms": _difference_norms,
    "truth": _truth,
} | DECODERS
NAMES = tuple(_DRAW)


def draw(name: str, run: Run, step: int) -> Drawing:
    """One chart of a run as it was at a step."""
    return _DRAW[name](_until(run, step))
