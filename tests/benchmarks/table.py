"""The measured figures of all tasks as one table in Markdown, the one that the page of all tasks shows.

    python -m tests.benchmarks.table

It reads the files that `python -m tests.benchmarks.measured` writes and trains nothing.
"""

from pages._ui.tasks.rows import Row, measured, missing


def main() -> None:
    """Print the table, in the order of the tasks."""
    print("| Task | Met in | Shape | Trains in | Seeds | Guessing | Best possible | Contestants | Shown |")
    print("|---|---|---|---|---|---|---|---|---|")
    for row in measured():
        print(f"| {' | '.join(_cells(row))} |")
    for kind in missing():
        print(f"| {kind.title} (`{kind.name}`) | {kind.application} | not measured |")


def _cells(row: Row) -> list[str]:
    task, best = row.task, "not known" if row.best is None else row.said(row.best)
    who = " · ".join(f"{row.titles[label]} {row.spread(label)}" for label in row.scores)
    named, seeds = f"{task.title} (`{task.name}`)", str(row.seeds)
    return [named, task.application, task.answering.shape, row.time, seeds, row.said(row.guess), best, who, row.shown]


if __name__ == "__main__":
    main()
