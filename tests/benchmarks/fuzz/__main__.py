"""Damaged input for the readers, for a time: checkpoints, tables, vocabularies, run files, links.

    nice -n 15 python -m tests.benchmarks.fuzz tables --seconds 600 --keep /tmp/found

An example from which a new line of code was reached, or that came to a new outcome, is kept and damaged further.
Whatever is read or refused in one clear sentence is right; anything else is a fault: kept as a file, told at the end.
"""

import argparse
import collections
import importlib
import os
import random
import re
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from rnnviz.core.errors import CheckpointError, ExperimentError, RunFileError
from tests.benchmarks.fuzz.mutations import mutated
from tests.benchmarks.fuzz.targets import TARGETS, Target
from tests.support.refusals import is_one_clear_sentence

_REFUSALS = (ExperimentError, RunFileError, CheckpointError)
_MOST_KEPT = 3_000  # examples to damage further
_TRACED = 0.25  # of the examples: tracing takes time
_ANY_NAME = ("left out", "given once", "a parameter of")  # is said of names that may be anything
_CODE = str(Path(__file__).parents[3] / "rnnviz") + os.sep


class Coverage:
    """Lines of rnnviz that have run, each as a code object and a number."""

    def __init__(self) -> None:
        self.seen = set[tuple[CodeType, int]]()

    def __enter__(self) -> "Coverage":
        self._before = len(self.seen)
        sys.settrace(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    @property
    def grew(self) -> bool:
        """Whether a line ran for the first time."""
        return len(self.seen) > self._before

    def _called(self, frame: FrameType, _event: str, _arg: Any) -> Any:
        return self._line if frame.f_code.co_filename.startswith(_CODE) else None

    def _line(self, frame: FrameType, _event: str, _arg: Any) -> Any:
        self.seen.add((frame.f_code, frame.f_lineno))
        return self._line


class Fuzzing:
    """One target, its corpus, and what has come of all examples so far."""

    def __init__(self, target: Target, seed: int) -> None:
        self.target, self.draw = target, random.Random(seed)
        self.corpus = [*target.seeds]
        self.coverage = Coverage()
        self.outcomes = collections.Counter[str]()
        self.faults = dict[str, tuple[int, bytes, str]]()  # where → how often, an example, the last line
        self.slowest, self.slow_example = 0.0, b""
        self.examples, self.begun_with = 0, rss()

    def once(self) -> None:
        """One example more."""
        data = self._example()
        traced, begin = self.draw.random() < _TRACED, time.perf_counter()
        if traced:
            with self.coverage as reached:
                outcome = self._outcome(data)
        else:
            outcome = self._outcome(data)
        taken = time.perf_counter() - begin
        if taken > self.slowest and not traced:
            self.slowest, self.slow_example = taken, data
        is_new = outcome not in self.outcomes or (traced and reached.grew)
        self.outcomes[outcome] += 1
        self.examples += 1
        if is_new and len(data) <= self.target.longest:
            if len(self.corpus) >= _MOST_KEPT:
                self.corpus.pop(self.draw.randrange(len(self.target.seeds), len(self.corpus)))
            self.corpus.append(data)

    def _example(self) -> bytes:
        if self.examples < len(self.target.seeds):
            return self.target.seeds[self.examples]
        begun = self.draw.choice(self.corpus if self.draw.random() < 0.7 else self.target.seeds)
        if self.target.damaged is not None and self.draw.random() < self.target.by_structure:
            return self.target.damaged(begun, self.draw)
        return mutated(begun, self.corpus, self.target.words, self.draw, self.target.longest)

    def _outcome(self, data: bytes) -> str:
        """What came of it: which kind was read, or the sentence without what is quoted in it."""
        try:
            return self.target.read(data)
        except _REFUSALS as error:
            if is_one_clear_sentence(error):
                return _kind(str(error))
            self._fault(f"unclear: {_kind(str(error))}", data, str(error))
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            self._fault(f"{type(error).__name__} at {place.filename}:{place.lineno}", data, repr(error)[:300])
        return "a fault"

    def _fault(self, where: str, data: bytes, said: str) -> None:
        count, first, _ = self.faults.get(where, (0, data, ""))
        self.faults[where] = (count + 1, min(first, data, key=len), said)


def _kind(sentence: str) -> str:
    """A sentence without what is quoted, named or counted in it."""
    field, must, rest = sentence.partition(" must be ")
    if must:
        allowed, _, came = rest.rpartition("; got ")
        known = re.fullmatch(r"[a-z_.: ]+(\[\d\])?[a-z_.]*", field) and not allowed.startswith(_ANY_NAME)
        quoted = came[:1] in "'\"[{(" or "columns" in came
        sentence = (
            f"{field if known else '…'} must be {allowed.partition('(known here')[0]}; got {'…' if quoted else came}"
        )
    return re.sub(r"“.*”|'.*'|\d[\d,.]*|\S*/\S+", "…", sentence)[:160]


def rss() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


def main() -> None:
    """Fuzz one target and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=["checkpoints", *sorted(TARGETS)])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for faults and the slowest example")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RNNVIZ_CONTENTS"] = folder
        fuzzing = Fuzzing(_target(options.target)(Path(folder)), options.seed)
        end = time.monotonic() + options.seconds
        while time.monotonic() < end:
            fuzzing.once()
        _tell(fuzzing, options.keep)
    sys.exit(bool(fuzzing.faults))


def _target(name: str) -> Callable[[Path], Target]:
    """The target with a name; torch is loaded for checkpoints alone, as it takes most of the memory."""
    if name == "checkpoints":
        return importlib.import_module("tests.benchmarks.fuzz.checkpoints").checkpoints
    return TARGETS[name]


def _tell(fuzzing: Fuzzing, keep: Path | None) -> None:
    print(f"{fuzzing.examples:,} examples, {len(fuzzing.corpus):,} kept, {len(fuzzing.coverage.seen):,} lines reached")
    print(f"slowest {fuzzing.slowest:.2f} s ({len(fuzzing.slow_example):,} bytes)")
    print(f"memory at most {rss():.0f} MB, {fuzzing.begun_with:.0f} MB of it before the first example")
    print(f"{len(fuzzing.outcomes)} kinds of outcome, the most frequent:")
    for outcome, count in fuzzing.outcomes.most_common(25):
        print(f"{count:>9,}  {outcome}")
    print(f"{len(fuzzing.faults)} kinds of fault")
    files = {"slowest": fuzzing.slow_example}
    for number, (where, (count, data, said)) in enumerate(fuzzing.faults.items()):
        print(f"{count:>9,}  {where}: {said}")
        files[f"fault-{number}"] = data
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (keep / name).write_bytes(data)


if __name__ == "__main__":
    main()
