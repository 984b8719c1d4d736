"""Files damaged by chance open or are refused in a sentence; `python -m tests.benchmarks.fuzz` does it for longer."""

from pathlib import Path

import pytest

from tests.benchmarks.fuzz.__main__ import Fuzzing
from tests.benchmarks.fuzz.checkpoints import checkpoints


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_changed_in_a_file_it_opens_or_is_refused_in_a_sentence(seed: int, tmp_path: Path) -> None:
    fuzzing = Fuzzing(checkpoints(tmp_path), seed)
    for _ in range(120):
        fuzzing.once()
    assert not fuzzing.faults
