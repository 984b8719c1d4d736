"""Files damaged by chance open or are refused in a sentence; `tests.benchmarks.fuzz_checkpoints` does it for longer."""

import random

import pytest

from tests.benchmarks.fuzz_checkpoints import change, outcome, seeds


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_changed_in_a_file_it_opens_or_is_refused_in_a_sentence(seed: int) -> None:
    dice, corpus = random.Random(seed), seeds()
    for _ in range(100):
        corpus.append(change(dice, corpus, corpus[:12])[1])
        assert outcome(corpus[-1])
