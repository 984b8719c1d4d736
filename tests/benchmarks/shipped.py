"""Makes the finished run that the app ships: `python -m tests.benchmarks.shipped`. To be run when a default changes."""

from pathlib import Path

import rnnviz as rv

PATH = Path(__file__).parents[2] / "assets" / "runs" / "default.safetensors"
FRAMES = 25  # of the whole run; more would make every clone heavier


def main() -> None:
    """Train the default experiment and write it, thinned."""
    PATH.parent.mkdir(parents=True, exist_ok=True)
    rv.run(rv.Experiment()).thin(FRAMES).save(PATH)
    print(f"{PATH}: {PATH.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
