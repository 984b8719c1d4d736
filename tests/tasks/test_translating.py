"""What all tasks share whose answer is a sequence of its own."""

import numpy as np
import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.tasks import TASKS
from rnnviz.tasks.batch import PAD, length_of, padded
from rnnviz.tasks.translating import END, Translating
from tests.support.tasks import task

CHOSEN = task("reverse", length=3, letters=3)  # classes: the end, a, b, c


@pytest.mark.parametrize("name", [name for name, kind in TASKS.items() if issubclass(kind, Translating)])
def test_pages_open_on_one_of_the_examples(name: str) -> None:
    chosen = task(name)
    lengths = [len(chosen.read(read)) for _, read, _ in chosen.examples()]
    assert 0 <= chosen.opening < len(lengths)
    if name in ("reverse", "sort"):
        assert lengths[chosen.opening] == max(lengths) == chosen.length_trained


def column(*classes: int) -> np.ndarray:
    return np.array(classes)[:, None]


@pytest.mark.parametrize(("written", "right"), [
    ((1, 2, END, END), True),
    ((1, 2, END, 3), True),  # what comes after the end does not count
    ((1, 2, END), True),  # nor whether there is room for more
    ((1, 2, 3, END), False),  # too much
    ((1, END, END, END), False),  # too little
    ((1, 2), False),  # never ended
    ((2, 1, END, END), False),
])  # fmt: skip
def test_an_answer_is_right_if_it_is_right_up_to_its_end(written: tuple[int, ...], right: bool) -> None:
    assert CHOSEN.exact(column(*written), column(1, 2, END, PAD)).tolist() == [right]


def test_the_score_is_the_share_of_right_answers() -> None:
    targets = padded([[1, END], [2, 3, END]], 4)
    outputs = np.eye(4)[np.where(targets == PAD, END, targets)]
    assert CHOSEN.score(outputs, targets) == 100.0
    outputs[2, 1] = [0, 9, 0, 0]
    assert CHOSEN.score(outputs, targets) == 50.0


def test_writing_stops_at_the_end() -> None:
    assert CHOSEN.write([1, 2, END, 3]) == "ab"
    assert CHOSEN.write([END, 1]) == ""
    assert CHOSEN.write([3, PAD]) == "c"


def test_padding_stands_behind() -> None:
    found = padded([[1, 2], [3]], 3)
    assert found.tolist() == [[1, 3], [2, PAD], [PAD, PAD]]
    assert length_of(found).tolist() == [2, 1]


def test_what_cannot_be_seen_is_shown() -> None:
    assert CHOSEN.shown(np.array([0, 1, 2, PAD]), [" ", "\u0301", "word"]).tolist() == ["␣", "◌\u0301", "word", ""]


def test_the_guess_is_the_most_frequent_answer() -> None:
    batch = task("pairs", text="a,x\nb,x\nc,y\n").held_out()
    chosen = task("pairs", text="a,x\nb,x\nc,y\n")
    guess = chosen.guess(batch)
    assert {chosen.write(one) for one in guess.argmax(-1).T} == {"x"}
    assert abs(chosen.baseline - 200 / 3) < 1e-9


def test_guessing_knows_no_answer_that_is_held_out() -> None:
    """Every word is answered by one of its own, so nobody who knows but the trained ones can guess a held-out one."""
    chosen = task("pairs", text="".join(f"w{n},a{n}\n" for n in range(200)))
    assert chosen.held_out_is_new and chosen.held_out_size == 20
    assert chosen.baseline == 0.0
    assert task("pairs").baseline == task("dates").baseline == task("reverse").baseline == 0.0


@pytest.mark.parametrize("name", ["reverse", "sort", "phrases", "pairs", "dates"])
def test_as_many_pairs_are_held_out_as_are_told(name: str) -> None:
    chosen = task(name)
    batch = chosen.held_out()
    assert chosen.held_out_size == batch.inputs.shape[1] == batch.targets.shape[1]


def test_an_output_is_read_and_refused() -> None:
    assert CHOSEN.read_output("cab").tolist() == [3, 1, 2]
    with pytest.raises(ExperimentError, match=r"output must be made of .*; got 'z'"):
        CHOSEN.read_output("az")
