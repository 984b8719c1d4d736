"""What an import costs, and what it must not bring along."""

import subprocess
import sys

import pytest

import rnnviz as rv

HEAVY = ("torch", "streamlit", "altair", "pandas", "xarray", "hypothesis", "tqdm", "safetensors", "numpy")
PUBLIC = {
    "CheckpointError",
    "Edit",
    "Experiment",
    "ExperimentError",
    "Frame",
    "ModelSpec",
    "Run",
    "RunFileError",
    "TextNeeded",
    "TrainingSpec",
    "gradient_flow",
    "influence",
    "jacobians",
    "open_checkpoint",
    "read_melody",
    "read_reviews",
    "read_series",
    "recording",
    "resume",
    "run",
    "task",
    "trace",
    "train",
}


def loaded_by(code: str) -> set[str]:
    """The heavy packages that a fresh process has loaded after running `code`."""
    code += f"\nimport sys; print('loaded:', *[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split("loaded:")[1].split())


def test_importing_rnnviz_loads_nothing_heavy() -> None:
    assert loaded_by("import rnnviz; dir(rnnviz); rnnviz.ExperimentError") == set()


@pytest.mark.parametrize(
    "module",
    [
        "rnnviz.specs.experiment",
        "rnnviz.specs.query",
        "rnnviz.specs.json",
        "rnnviz.runs.run",
        "rnnviz.tasks",
        "rnnviz.runs.frames",
        "rnnviz.runs.trainer_state",
        "rnnviz.byhand",
        "rnnviz.hopfield",
        "rnnviz.core.errors",
    ],
)
def test_experiments_and_frames_need_numpy_alone(module: str) -> None:
    assert loaded_by(f"import {module}") <= {"numpy"}


@pytest.mark.parametrize(
    "code",
    [
        "import rnnviz.runs.datasets, rnnviz.runs.storage, rnnviz.analysis.tables",
        "import rnnviz.charts",
        "import rnnviz.engine; from rnnviz.engine import Engine, Job, Progress",
        "import rnnviz.cli, rnnviz.console",
        "import rnnviz as rv; rv.Run(rv.Experiment()).losses()",
    ],
)
def test_torch_stays_in_rnnviz_nn(code: str) -> None:
    assert not loaded_by(code) & {"torch", "streamlit"}


def test_altair_stays_in_charts() -> None:
    assert "altair" not in loaded_by(
        "import rnnviz.runs.datasets, rnnviz.runs.storage, rnnviz.cli, rnnviz.analysis.tables"
    )


def test_the_public_names_are_listed_and_load() -> None:
    assert set(rv.__all__) == PUBLIC
    assert set(dir(rv)) >= PUBLIC | {"__version__"}
    for name in PUBLIC:
        assert getattr(rv, name).__doc__, name


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="module 'rnnviz' has no attribute 'Transformer'"):
        rv.Transformer
