"""What was measured on a task's default experiment over several seeds: a paragraph filled from a file.

The file, `assets/measured/<task>.json`, is written by `python -m tests.benchmarks.measured <task>`. The paragraph
`texts/<task>.md`, has no figure of its own but names them: `{gru.score}`, `{lstm.learned}`.
"""

import dataclasses
import functools
import json
from typing import Any

from pages._ui.widgets.prose import ASSETS
from rnnviz.core.names import percent

FOLDER = ASSETS / "measured"
_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@dataclasses.dataclass(frozen=True)
class Seeds:
    """What one model came to, run by run.

    scores:  at the end of each run.
    reached: of each run the first measured step at which the target was reached; None for never.
    groups:  of lengths: from, to, and the score of each run; empty where no decoder writes.
    unit:    of the scores: "%", or "" for an error.
    trained: the longest input that was trained on.
    apart:   of each run the error of each number that is answered, where these are measured for themselves.
    parameters: weights and biases of the model; 0 where that was not written down.
    shares:  of each run the percentage of the answers marked by the task that are right, where it marks any.
    """

    scores: tuple[float, ...]
    reached: tuple[int | None, ...]
    groups: tuple[dict[str, Any], ...]
    unit: str
    trained: int
    apart: tuple[tuple[float, ...], ...] = ()
    parameters: int = 0
    shares: tuple[float, ...] = ()

    @property
    def score(self) -> str:
        """From the worst to the best: "67 to 69 %"."""
        return spread(self.scores, self.unit)

    @property
    def marked(self) -> str:
        """Of the answers that the task marks how many are right, from the worst run to the best."""
        return spread(self.shares, "%")

    @property
    def learned(self) -> str:
        """In how many runs, and when: "in six of ten runs, after 154 to 292 training steps"."""
        steps = [step for step in self.reached if step is not None]
        if not steps:
            return "in no run"
        count, total = len(steps), len(self.reached)
        runs = "every run" if count == total else f"{word(count)} of {word(total)} runs"
        first, last = min(steps), max(steps)
        return f"in {runs}, after {first:,}{f' to {last:,}' if last > first else ''} training steps"

    @property
    def ahead(self) -> dict[int, str]:
        """The error of each number that is answered, from 1."""
        return {place: spread(errors, self.unit) for place, errors in enumerate(zip(*self.apart, strict=True), 1)}

    @property
    def length(self) -> dict[str, str]:
        """The score on inputs of some lengths, by "from-to"."""
        ends = [(group["from"], group["to"]) for group in self.groups]
        return {f"{low}-{high}": self._within(low, high) for low, _ in ends for _, high in ends if high >= low}

    @property
    def longer(self) -> str:
        """The score on inputs longer than any that was trained on."""
        return self._within(self.trained + 1, 10**9)

    def _within(self, low: int, high: int) -> str:
        rows = [group["score"] for group in self.groups if group["from"] >= low and group["to"] <= high]
        return spread([sum(column) / len(rows) for column in zip(*rows, strict=True)], self.unit)


def spread(values: Any, unit: str) -> str:
    """From the smallest to the largest value, once where they are written alike."""
    low, high = (percent(value) if unit else f"{value:.2g}" for value in (min(values), max(values)))
    if low == high:
        return low
    return f"{low.removesuffix(' %')} to {high}" if unit else f"{low} to {high}"


def word(count: int) -> str:
    """A small number in words."""
    return _WORDS[count] if count < len(_WORDS) else str(count)


@functools.cache
def settings() -> dict[str, list[dict[str, Any]]]:
    """What `python -m tests.benchmarks.settings` wrote: by task all settings that were tried, the defaults first."""
    found: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "settings.json").read_text(encoding="utf-8"))
    return found


@functools.cache
def paragraph(task_name: str) -> str:
    """What we measured on a task, in words; "" where nothing has been measured."""
    text = FOLDER / "texts" / f"{task_name}.md"
    return told(task_name, text.read_text(encoding="utf-8").strip()) if text.is_file() else ""


def told(task_name: str, text: str) -> str:
    """A text with the figures of a task that it names; "" where nothing has been measured."""
    file = FOLDER / f"{task_name}.json"
    return filled(text, json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else ""


def filled(text: str, found: dict[str, Any]) -> str:
    """The text with the figures that it names."""
    unit = found["unit"]
    models = {
        label.replace("-", "_"): Seeds(
            tuple(one["score"]),
            tuple(one["reached"]),
            tuple(one.get("by_length", ())),
            unit,
            found["length_trained"],
            tuple(one.get("apart", ())),
            one.get("parameters", 0),
            tuple(one.get("marked", ())),
        )
        for label, one in found["models"].items()
    }
    simple = {
        name: Seeds((sum(errors) / len(errors),), (), (), unit, 0, (errors,))
        for name, errors in found.get("simple", {}).items()
    }
    best = found["best"]
    values = {
        "task": found["experiment"]["task"],
        "seeds": f"{word(found['seeds'])} seeds",
        "guessing": spread([found["guessing"]], unit),
        "target": spread([found["target"]], unit),
        "guessing_marked": spread([found["guessing_marked"]], "%") if "guessing_marked" in found else "",
        "best": "" if best is None else f"{best:.2g}",
    }
    return text.format(**values, **models, **simple)
