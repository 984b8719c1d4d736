"""What is said of one changed time step, and of answers beside the truth."""

import numpy as np
import pytest

from rnnviz.analysis.changing import Change, Lasting, another, changed
from rnnviz.findings import changing, truth
from rnnviz.tasks import task

FLOW = {"hidden_norm": np.array([0, 0, 1.0, 0.5, 0.0, 0.0]), "hidden_size": np.asarray(1.0)}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Lasting(0.5, 0.0, 2, False), "the change is gone after 3 time steps; it was 50 % of the state’s norm at most"),
        (
            Lasting(0.05, 0.0, 0, False),
            "the change is gone after 1 time step; it was 5.0 % of the state’s norm at most",
        ),
        (Lasting(0.5, 0.4, 9, True), "the change is still there at the end, 40 % of the state’s norm"),
        (Lasting(0.001, 0.0, None, False), "the change leaves no trace in the states"),
    ],
)
def test_how_long_it_lasts(found: Lasting, said: str) -> None:
    assert changing.lasting(found) == said


def test_a_number_that_moves() -> None:
    adding = task("adding", length=6)
    found = FLOW | {"original/answers": np.array([[0.61]]), "changed/answers": np.array([[1.02]])}
    gone = "the change is gone after 2 time steps; it was 100 % of the state’s norm at most."
    said = f"{gone} The answer changes from 0.61 to 1.02."
    assert changing.verdict(adding, 0, found, 2, False) == said
    assert changing.answers_of(adding, 0, found) == ("0.61", "1.02", "+0.410")
    found["changed/answers"] = np.array([[0.609]])
    assert changing.answers_of(adding, 0, found) == ("0.61", "0.61", "−0.001")
    assert changing.verdict(adding, 0, found, 2, False).endswith("The answer stays 0.61.")
    found["hidden_norm"] = np.full(6, np.nan)
    assert changing.verdict(adding, 0, found, 2, False) == "nothing can be told: its numbers overflow."


def test_what_was_done_and_what_is_right() -> None:
    adding, recall = task("adding"), task("recall")
    inputs = adding.probes().batch.inputs[:, 0]
    change = Change(0, another(adding, inputs, 0))
    assert changing.done(adding, inputs, change) == "Time step 1, number: 0.90 → 0.40."
    assert changing.right(adding, 0, inputs, changed(adding, inputs, change)) == "Right: 1.50 → 1.00."
    assert changing.right(adding, 0, inputs, inputs) == "Right is 1.50 as before."
    letters = recall.probes().batch.inputs[:, 0]
    assert changing.done(recall, letters, Change(0, 3)) == "Time step 1: A → D."
    assert changing.right(recall, 0, letters, changed(recall, letters, Change(0, 3))) == "Right: A → D."
    brackets, throws = task("brackets"), task("throws")
    read = brackets.probes().batch.inputs[:, 1]
    assert changing.right(brackets, 1, read, read) == "None of the 50 right answers changes."
    last = changed(brackets, read, Change(49, 2))
    assert changing.right(brackets, 1, read, last) == "1 of the 50 right answers changes."
    seen = throws.probes().batch.inputs[:, 0]
    assert changing.right(throws, 0, seen, seen) == ""


def test_classes_and_what_is_written() -> None:
    recall, reverse = task("recall"), task("reverse")
    found = {f"{way}/answers": 9 * np.eye(8)[[place]] for way, place in (("original", 0), ("changed", 3))}
    before, after, moved = changing.answers_of(recall, 0, found) or ("", "", "")
    assert before.startswith("A (") and after.startswith("D (") and moved == "different"
    written = {"original/written": np.array([1, 2, 0]), "changed/written": np.array([1, 2, 0])}
    assert changing.moved(reverse, 0, written) == "It writes “ab” as before."
    written["changed/written"] = np.array([2, 0])
    assert changing.moved(reverse, 0, written) == "It writes “b” in place of “ab”."
    assert changing.answers_of(task("brackets"), 0, {}) is None


def _numbers(**found: float) -> dict[str, np.ndarray]:
    usual = {"error": 0.02, "spread": 0.4, "wanted": 0.4, "middle": 1.0, "explained": 0.99}
    return {name: np.asarray(value) for name, value in (usual | found).items()}


def test_numbers_against_the_truth() -> None:
    adding = task("adding")
    assert truth.numbers(adding, _numbers()) == "the answers follow the truth. Off by 0.02 on average."
    flat = _numbers(spread=0.01, explained=0.0, error=0.33)
    assert truth.numbers(adding, flat) == "all answers lie near 1.00, whatever the truth. Off by 0.33 on average."
    part = truth.numbers(adding, _numbers(explained=0.5))
    assert part.startswith("the answers follow the truth only in part.")
    assert truth.numbers(adding, _numbers(explained=-1)).startswith(
        "the answers follow the truth hardly or not at all."
    )
    assert truth.numbers(adding, _numbers(error=np.nan)) == "nothing can be told: its numbers overflow."


def test_classes_against_the_truth() -> None:
    names = ("A", "B", "all others")
    confusion = np.array([[8, 2, 0], [1, 9, 0], [0, 0, 5]])
    said = "88 % right. Most frequent error: “A” taken for “B”, 2 of 10 times."
    assert truth.classes(names, confusion, 22, 2) == said
    assert truth.classes(names, np.diag([3, 4, 0]), 7, 2) == "all of 7 answers are right."
    assert truth.classes(names, np.diag([3, 4, 5]), 8, 2) == "67 % right."
    one = np.array([[3, 0, 0], [4, 0, 0], [1, 0, 0]])
    assert truth.classes(names, one, 3, 2) == "always answers “A”, whatever is right: 38 % right."
    assert truth.classes(names, 0 * one, 0, 2) == "nothing is asked."


def test_places_of_an_output() -> None:
    assert truth.written([99.5, 40.0, 12.0]) == "99.5 % right at the first place; fewest at place 3: 12.0 %."
    assert truth.written([99.5, 98.0, 100.0]) == "at every place at least 98 % right."
