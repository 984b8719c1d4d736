"""What flows through the networks unrolled: every number against the frame it comes from."""

import math
from typing import Any

import numpy as np
import pytest

from rnnviz import live
from rnnviz.live.architectures import START
from rnnviz.runs.run import Run
from rnnviz.specs import architectures
from rnnviz.specs.schema import held_by
from rnnviz.tasks import TASKS, Task
from rnnviz.tasks.batch import length_of
from tests.live import runs
from tests.live.reader import unpack

VIEW = live.View("architectures", 1)


def shown(task: str) -> tuple[Run, Any, Any]:
    """A run, what is told of it once, and what is told of its last moment."""
    run = runs.run(task)
    return run, live.scene(run.experiment, "architectures")["unrolled"], live.moment(run, VIEW, len(run.frames) - 1)


def times_of(task: Task, probe: int) -> list[slice]:
    batch = task.probes().batch
    read = int(batch.lengths[probe])
    if not architectures.of(task).writes:
        return [slice(0, read)]
    begin = len(batch.inputs)
    return [slice(0, read), slice(begin, begin + int(length_of(batch.targets)[probe]))]


def symbols_of(task: Any) -> list[str]:
    """Every class as the page names it."""
    if not architectures.of(task).writes:
        return list(task.classes)
    return [str(symbol) for symbol in task.shown(np.arange(len(task.classes)), task.classes)]


@pytest.mark.parametrize("task", TASKS)
def test_sizes_of_states_and_gradients_are_those_of_the_frame(task: str) -> None:
    run, told, moment = shown(task)
    for label, found in moment["models"].items():
        frame, parts = run.frames[-1].models[label], found["unrolled"]["parts"]
        assert len(parts) == len(told["models"][label]["parts"]) == len(told["probes"][1]["read"])
        for part, own, read in zip(parts, times_of(run.experiment.task, 1), told["probes"][1]["read"], strict=True):
            assert len(part["x"]) == len(read) == own.stop - own.start and (part["x"] >= 0).all()
            norms = np.sqrt(np.square(frame.trace["hidden"][:, :, own, 1].astype(np.float64)).sum(-1))
            np.testing.assert_allclose(part["h"], norms, rtol=1e-5)
            np.testing.assert_array_equal(part["dh"], frame.hidden_grad_norm[:, :, own])
            assert ("c" in part) == ("dc" in part) == ("cell" in frame.trace)


@pytest.mark.parametrize("task", TASKS)
def test_answers_are_those_of_the_readout_and_their_losses_follow(task: str) -> None:
    run, told, moment = shown(task)
    chosen = run.experiment.task
    for label, found in moment["models"].items():
        outputs, unrolled = run.frames[-1].models[label].outputs, found["unrolled"]
        asked = told["probes"][1]["asked"]
        assert len(unrolled["said"]) == len(unrolled["sure"]) == len(unrolled["loss"]) == len(asked)
        if not architectures.of(chosen).writes:
            assert unrolled["said"] == list(chosen.answered(outputs, 1))
        if chosen.answers.of.is_number:
            assert unrolled["right"] == [] and np.isnan(unrolled["sure"]).all()
            continue
        if not chosen.classes:
            flags_follow(chosen, outputs[:, 1].astype(np.float64), asked, unrolled)
            continue
        for at, right in enumerate(asked):
            logits = outputs[at, 1].astype(np.float64)
            odds = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
            if not right:
                assert unrolled["said"][at] == "" and math.isnan(unrolled["loss"][at])
                continue
            symbols = symbols_of(chosen)
            assert unrolled["sure"][at] == pytest.approx(odds.max(), abs=1e-5)
            assert unrolled["loss"][at] == pytest.approx(-math.log(odds[symbols.index(right)]), abs=1e-4)
            assert unrolled["right"][at] == (symbols[odds.argmax()] == right)


def flags_follow(chosen: Any, outputs: np.ndarray, asked: list[str], unrolled: dict[str, Any]) -> None:
    """One question is asked at each step: the sigmoid of its output is how likely a yes is."""
    for at, right in enumerate(asked):
        yes = 1 / (1 + math.exp(-outputs[at, chosen.names.index(right[0])]))
        assert unrolled["said"][at] == f"{right[0]}{'+' if yes > 0.5 else '−'}"
        assert unrolled["sure"][at] == pytest.approx(max(yes, 1 - yes), abs=1e-5)
        assert unrolled["loss"][at] == pytest.approx(-math.log(yes if right[1] == "+" else 1 - yes), abs=1e-4)
        assert unrolled["right"][at] == (unrolled["said"][at] == right)


@pytest.mark.parametrize("task", ["reverse", "dates", "pairs"])
def test_a_decoder_is_fed_the_right_symbols_and_its_weights_sum_to_1(task: str) -> None:
    run, told, moment = shown(task)
    for probe in told["probes"]:
        assert probe["read"][1] == [START, *probe["asked"][:-1]]
    for label, found in moment["models"].items():
        attends = run.experiment.model(label).attention is not None
        assert bool(told["models"][label]["attention"]) == ("attention" in found["unrolled"]) == attends
        if attends:
            weights = found["unrolled"]["attention"]
            assert weights.shape == tuple(len(read) for read in told["probes"][1]["read"][::-1])
            np.testing.assert_allclose(weights.sum(-1), 1, atol=5e-3)


@pytest.mark.parametrize("task", TASKS)
def test_sizes_that_are_told_are_those_of_the_weights(task: str) -> None:
    run, told, _ = shown(task)
    for label, model in told["models"].items():
        spec = run.experiment.model(label)
        shapes = {name.removeprefix("weights/"): one.shape for name, one in held_by(spec, run.experiment.task).items()}
        assert model["formula"] == architectures.of(run.experiment.task).parameter_formula(spec, run.experiment.task)
        for part in model["parts"]:
            for layer, sizes in enumerate(part["weights"]):
                shape = shapes[f"{part['name']}.weight_ih_l{layer}"]
                assert sizes["W_xh"] == f"{shape[0]} × {shape[1]}" and part["units"].split()[0] == str(part["hidden"])


def test_the_message_can_be_sent() -> None:
    _, _, moment = shown("reverse")
    sent = unpack(live.pack(moment))
    assert set(sent["models"]) == set(moment["models"])


def test_no_other_page_is_sent_any_of_this() -> None:
    run = runs.run("recall")
    assert live.scene(run.experiment, "states")["unrolled"] is None
    assert not any(one["unrolled"] for one in live.moment(run, live.View("states"), 0)["models"].values())
