"""Makes the finished runs that the app ships: `python -m tests.benchmarks.shipped`, when a default has changed."""

import sys
from pathlib import Path

import rnnviz as rv

FOLDER = Path(__file__).parents[2] / "assets" / "runs"
PATH = FOLDER / "default.safetensors"
FRAMES = {"default": ("adding", 61), "dates": ("dates", 10), "reverse": ("reverse", 16)}  # name → task and its frames:
# more would make every clone heavier


def main(names: list[str]) -> None:
    """Train the default experiments of some tasks and write them, thinned; of all without a name."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names or FRAMES:
        task, frames = FRAMES[name]
        path = FOLDER / f"{name}.safetensors"
        rv.run(rv.Experiment(rv.task(task))).thin(frames).save(path)
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
