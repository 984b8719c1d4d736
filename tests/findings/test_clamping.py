"""Sentences on a change by hand: said only where the numbers say so."""

import re

import numpy as np

import rnnviz as rv
from rnnviz.analysis.clamping import Clamp
from rnnviz.findings import clamping as told
from rnnviz.nn.measure.changed.clamping import clamped
from rnnviz.nn.models.model import make_model
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

CARRY = (("forget_gate", 1.0), ("input_gate", 0.0))
SPEC, ADDING = ModelSpec("lstm", hidden=5), rv.task("adding", length=10)


def found_by(spec: ModelSpec, task: Task, clamp: Clamp) -> dict[str, np.ndarray]:
    weights = {name: weight.numpy() for name, weight in make_model(spec, task, 3).state_dict().items()}
    return clamped(spec, task, weights, 0, clamp)


def short(text: str) -> None:
    for sentence in re.split(r"(?<=[.;:]) ", text):
        assert len(sentence.split()) <= 20, sentence


def test_what_is_kept_is_said_only_where_not_a_digit_changed() -> None:
    clamp = Clamp(gates=CARRY, first=3, last=8)
    found = found_by(SPEC, ADDING, clamp)
    said = told.kept(SPEC.kind, clamp, found)
    assert said == "With forget gates at 1 and input gates at 0, the cell state stays as at time step 3."
    found["changed/cell"][8, 0] += 1e-6
    assert told.kept(SPEC.kind, clamp, found) == ""
    some = Clamp(gates=CARRY, units=(1, 4), first=3, last=8)
    said = told.kept(SPEC.kind, some, found_by(SPEC, ADDING, some))
    assert said == "With these gates so held, the cell state of these units stays as at time step 3."
    assert told.kept(SPEC.kind, Clamp(gates=CARRY, first=0, last=8), found) == ""
    short(said)


def test_what_is_done_and_where_it_shows() -> None:
    clamp = Clamp(gates=(("forget_gate", 0.0),), first=4, last=4, reset=6)
    found = found_by(SPEC, ADDING, clamp)
    said = told.done(clamp, 10)
    assert said == "Held at time step 5 in every unit: forget gate 0. Every state is set to 0 before time step 7."
    some = Clamp(gates=CARRY, units=(1, 4, 2), first=3, last=8)
    assert told.done(some, 10) == "Held at time steps 4 to 9 in units 2, 5 and 3: forget gate 1, input gate 0."
    assert told.done(Clamp(gates=CARRY, last=9), 10).startswith("Held at every time step in every unit: ")
    apart = told.states_apart("cell", found)
    assert apart.startswith("The cell state differs from time step 5 on, most at time step ")
    assert (
        told.gradient_apart(clamp, "cell", found) == "No gradient by the cell state reaches time steps 1 to 6 any more."
    )
    answer = told.answers_apart(ADDING, 0, found)
    assert re.fullmatch(r"The answer (changes from \S+ to|stays) \S+\. Right is \d\.\d\d\.", answer)
    for one in (said, apart, answer):
        short(one)
    none = found_by(SPEC, ADDING, Clamp())
    assert told.states_apart("cell", none) == "The cell state does not change."
    assert (
        told.gradient_apart(Clamp(), "cell", none)
        == "At time step 1, 1/200 of the gradient by the cell state is left, as without the change."
    )
    assert told.answers_apart(ADDING, 0, none).startswith("The answer stays ")


def test_ratios_of_gradients_in_words() -> None:
    def said(ratio: float) -> str:
        found = {"original/hidden_grad_norm": np.ones(3), "changed/hidden_grad_norm": np.array([ratio, 1.0, 1.0])}
        found["original/answers"] = np.zeros((3, 1))  # of many answers each has a gradient of its own
        return told.gradient_apart(Clamp(), "hidden", found).removeprefix(
            "At time step 1 the gradient by the hidden state is "
        )

    assert said(5.2) == "about 5 times its original size."
    assert said(0.5) == "half of its original size."
    assert said(1.2) == "1.20 times its original size."
    assert said(1e-5) == "less than 1/1,000 of its original size."
    assert said(1e5) == "over 1,000 times its original size."
    assert said(np.nan) == ""


def test_of_one_answer_it_is_a_share_that_a_larger_error_does_not_change() -> None:
    found = {"original/hidden_grad_norm": np.array([0.5, 0.9, 1.0]), "original/answers": np.zeros((1, 1))}
    for error in (1.0, 40.0):
        found["changed/hidden_grad_norm"] = error * np.array([0.05, 0.1, 1.0])
        said = told.gradient_apart(Clamp(), "hidden", found)
        assert said.endswith("1/20 of the gradient by the hidden state is left. Without the change: half of it.")
    found["changed/hidden_grad_norm"] = np.array([1e-5, 0.1, 1.0])
    assert "less than 1/1,000 of the gradient" in told.gradient_apart(Clamp(), "hidden", found)


def test_answers_in_the_words_of_the_task() -> None:
    recall = rv.task("recall")
    found = found_by(ModelSpec("gru", hidden=5), recall, Clamp(gates=(("update_gate", 0.0),), last=5))
    name = recall.classes[int(found["changed/answers"][0].argmax())]
    answer = told.answers_apart(recall, 0, found)
    assert name in answer and "% sure" in answer and answer.endswith(f"Right is {recall.asked(0)[0]}.")
    tagging = rv.task("tagging")
    found = found_by(SPEC, tagging, Clamp(gates=(("output_gate", 0.0),), last=4))
    assert re.match(r"(None of the|\d+ of) \d+ answers change", told.answers_apart(tagging, 0, found))
    brackets = rv.task("waves")
    found = found_by(SPEC, brackets, Clamp(gates=(("output_gate", 0.0),), last=4))
    assert told.answers_apart(brackets, 0, found).startswith("The answer moves most at time step ")


def test_scores_in_words() -> None:
    recall = rv.task("recall")
    assert told.worse_by(recall, 90.0, np.array([80.0, 95.0])).tolist() == [10.0, -5.0]
    assert told.loss_said(recall, 12.5) == "−12.5 points" and told.loss_said(recall, -0.04) == "+0.04 points"
    assert told.worse_by(ADDING, 0.1, np.array([0.3]))[0] > 0
    assert told.loss_said(ADDING, 0.185) == "+0.185"
