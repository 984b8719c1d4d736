"""The measured figures of all tasks as one table in Markdown: what guessing scores, what is possible, each contestant.

    python -m tests.benchmarks.table

It reads the files that `python -m tests.benchmarks.measured` writes and trains nothing.
"""

import json
from typing import Any

from rnnviz.core.names import number, percent
from rnnviz.tasks import TASKS
from tests.benchmarks.measured import FOLDER


def main() -> None:
    """Print the table, in the order of the tasks."""
    print("| Task | Seeds | Guessing | Best possible | Contestants, worst to best of the seeds |")
    print("|---|---|---|---|---|")
    for name, kind in TASKS.items():
        path = FOLDER / f"{name}.json"
        if not path.exists():
            print(f"| {kind.title} (`{name}`) | – | – | – | not measured |")
            continue
        found = json.loads(path.read_text(encoding="utf-8"))
        who = " · ".join(_scored(label, model["score"], found["unit"]) for label, model in found["models"].items())
        best = "not known" if found["best"] is None else _said(found["best"], found["unit"])
        guess = _said(found["guessing"], found["unit"])
        print(f"| {kind.title} (`{name}`) | {found['seeds']} | {guess} | {best} | {who} |")


def _scored(label: str, scores: list[float], unit: str) -> str:
    low, high = _said(min(scores), unit), _said(max(scores), unit)
    return f"{label} {low}" if low == high else f"{label} {low.removesuffix(' %')} to {high}"


def _said(value: Any, unit: str) -> str:
    if unit == "%":
        return percent(value)
    return f"{number(value, 4)} {unit}".strip()


if __name__ == "__main__":
    main()
