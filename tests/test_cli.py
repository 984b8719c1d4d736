"""The command line: from flags, a link or a file to a run, with a bar, a table, and one sentence when it says no."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import rnnviz.nn.bench.suite
import rnnviz.nn.train.training
from rnnviz.cli import INTERRUPTED, REFUSED, main
from rnnviz.console import summary
from rnnviz.core import fields
from rnnviz.core.errors import ExperimentError
from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import TASKS, Task
from tests.runs.helpers import assert_same
from tests.support.tasks import task

QUICK = ["--steps", "3", "--batch", "2", "--models", "rnn:hidden=3,lstm:hidden=2"]
SPECS = (ModelSpec("rnn", 3), ModelSpec("lstm", 2))


def trained(*flags: str, path: Path) -> Run:
    assert main(["train", *flags, "-o", str(path)]) == 0
    return Run.load(path)


def test_flags_make_the_experiment_and_the_run_is_the_library_s(tmp_path: Path) -> None:
    run = trained("--task", "recall", "--lag", "4", *QUICK, "--lr", "0.02", path=tmp_path / "a.run")
    recall = task("recall", lag=4)
    wanted = Experiment(recall, SPECS, TrainingSpec(3, 2, lr=0.02, clip=recall.defaults.clip))
    assert run.experiment == wanted
    assert_same(run, rnnviz.nn.train.training.run(wanted))


@pytest.mark.parametrize("name", TASKS)
def test_every_task_with_its_own_defaults(name: str, tmp_path: Path) -> None:
    run = trained("--task", name, *QUICK, path=tmp_path / "a.run")
    assert run.experiment.task == task(name)
    assert run.experiment.training.lr == task(name).defaults.lr


def test_an_experiment_from_a_file_and_flags_that_change_it(tmp_path: Path) -> None:
    given = Experiment(task("text", corpus="own", text="to be or not to be " * 60, length=9), SPECS, TrainingSpec(3, 2))
    (tmp_path / "exp.json").write_text(given.to_json())
    source = ["--experiment", str(tmp_path / "exp.json")]
    assert trained(*source, path=tmp_path / "a.run").experiment == given
    changed = trained(*source, "--seed", "7", "--length", "5", path=tmp_path / "b.run").experiment
    assert changed.task == task("text", corpus="own", text=given.task.text, length=5)  # type: ignore[attr-defined]
    assert changed.training == TrainingSpec(3, 2, seed=7)
    assert changed.models == given.models


def test_an_experiment_from_a_link(tmp_path: Path) -> None:
    given = Experiment(task("adding", length=7), SPECS, TrainingSpec(3, 2))
    link = "https://rnnviz.example/gates?" + given.to_query()
    assert trained("--query", link, path=tmp_path / "a.run").experiment == given
    assert trained("--query", link, "--length", "8", path=tmp_path / "b.run").experiment.task.steps == 8


def test_a_text_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_bytes(b"\xef\xbb\xbf" + "Grüße\r\nan alle. ".encode() * 100)
    run = trained("--text-file", str(tmp_path / "book.txt"), "--length", "6", *QUICK, path=tmp_path / "a.run")
    assert run.experiment.task.text == "Grüße\nan alle. " * 100  # type: ignore[attr-defined]


def test_without_output_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["train", *QUICK]) == 0
    assert list(tmp_path.iterdir()) == []
    said = capsys.readouterr()
    assert "Saved" not in said.out
    assert said.err == "", "no bar where there is no terminal"


def test_the_table_holds_the_scores_against_guessing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = trained(*QUICK, path=tmp_path / "a.run")
    said = capsys.readouterr().out
    lines = {line.split()[0]: line.split()[1:] for line in said.splitlines()}
    for label, model in run.frame().models.items():
        assert lines[label] == [f"{model.loss:.4g}", f"{model.score:.4g}"]
    assert lines["guessing"] == [f"{run.experiment.task.baseline:.4g}"]
    assert "mean squared error" in said
    assert "step 3 of 3" in said
    assert f"Saved 4 frames ({run.nbytes / 1e6:.1f} MB) as {tmp_path / 'a.run'}" in said


def test_the_table_says_when_and_why_a_model_ended(tmp_path: Path) -> None:
    run = trained(*QUICK, path=tmp_path / "a.run")
    why = "RNN ended at step 0: its loss became infinite."
    frames = [Frame(f.step, {"lstm": f.models["lstm"]}, {"rnn": why}) for f in run.frames]
    lines = summary(Run(run.experiment, frames)).splitlines()
    assert lines[-1] == why
    assert [line.split() for line in lines if line.startswith("rnn ")] == [["rnn", "–", "–"]]
    assert "step 0 of 3" in summary(Run(run.experiment))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_shows_step_speed_and_losses(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["train", *QUICK]) == 0
    last = terminal.getvalue().split("\r")[-1]
    assert "3/3" in last
    assert "step/s" in last
    assert "rnn 0." in last or "rnn 1." in last
    assert "lstm" in last


@pytest.fixture
def interrupted_at_frame(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[int]:
    """Ctrl-C, the real signal, as soon as that many frames are there."""
    real = rnnviz.nn.train.training.train

    def train(experiment: Experiment) -> Iterator[Frame]:
        for place, frame in enumerate(real(experiment)):
            if place == request.param:
                os.kill(os.getpid(), signal.SIGINT)
            yield frame

    monkeypatch.setattr(rnnviz.nn.train.training, "train", train)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    yield request.param
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("interrupted_at_frame", [0, 2], indirect=True)
def test_ctrl_c_keeps_what_was_measured(
    interrupted_at_frame: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.run"
    assert main(["train", *QUICK, "-o", str(path)]) == INTERRUPTED
    said = capsys.readouterr()
    assert path.exists() == bool(interrupted_at_frame)
    if interrupted_at_frame:
        assert Run.load(path).steps == tuple(range(interrupted_at_frame))
        assert "step 1 of 3" in said.out
    assert "Traceback" not in said.err


REFUSALS = [
    (["train", "--task", "chess"], "task must be one of"),
    (["train", "--lr", "nan"], "training.lr must be"),
    (["train", "--lr", "fast"], "training.lr must be"),
    (["train", "--lag", "3"], "lag must be left out"),
    (["train", "--models", "rnn,elman"], "models[1].cell must be"),
    (["train", "--query", "lr=1&lr=2"], "lr must be given once"),
    (["train", "--query", "task=text&corpus=own&text_hash=0123456789abcdef"], "text must be given"),
    (["train", "--experiment", "none.json"], "'none.json' cannot be read"),
    (["train", "--experiment", "."], "'.' cannot be read"),
    (["train", "--experiment", "binary"], "experiment must be a JSON text in UTF-8"),
    (["train", "--experiment", "large"], "'large' is too large"),
    (["train", "--text-file", "binary"], "'binary' is no text in UTF-8"),
    (["train", "--text-file", "large"], "'large' is too large"),
    (["train", "--text-file", "empty"], "text must be at least two different characters"),
    (["train", "--output", "."], "'.' cannot be written"),
    (["train", "--output", "nowhere/a.run"], "'nowhere/a.run' cannot be written"),
    (["train", "--output", "a" * 300], "cannot be written"),
    (["train", "--experiment", "empty", "--query", ""], "not allowed with"),
    (["train", "--stepz", "3"], "unrecognized arguments: --stepz 3"),
    (["train", "--step", "3"], "unrecognized arguments"),
    (["train", "--x\n\x1b[31m"], "unrecognized arguments"),
    (["train", "--lr"], "expected one argument"),
    (["trian"], "invalid choice: 'trian'"),
]


@pytest.mark.parametrize(("words", "said"), REFUSALS, ids=range(len(REFUSALS)))
def test_what_is_refused_is_refused_before_training_in_one_sentence(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rnnviz.nn.train.training, "train", lambda _: pytest.fail("it trains"))
    Path("binary").write_bytes(bytes(range(256)))
    Path("empty").write_bytes(b"")
    with Path("large").open("wb") as file:
        file.truncate(10**9)
    assert main(words) == REFUSED
    error = capsys.readouterr().err
    assert error.startswith("rnnviz: ")
    assert said in error
    assert error.endswith(".\n")
    assert error[:-1].isprintable()
    assert len(error) < 330


def test_a_device_that_is_not_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def train(_: Experiment) -> Iterator[Frame]:
        raise ExperimentError("training.device", "auto or cpu on this machine", "cuda")
        yield

    monkeypatch.setattr(rnnviz.nn.train.training, "train", train)
    assert main(["train", *QUICK, "--device", "cuda"]) == REFUSED
    assert capsys.readouterr().err == "rnnviz: training.device must be auto or cpu on this machine; got 'cuda'.\n"


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["train", *QUICK, "-o", str(tmp_path / "a.run")]) == REFUSED
    said = capsys.readouterr()
    assert "cannot be written: no space left on device." in said.err
    assert "mean squared error" in said.out, "the scores are told all the same"


def test_help_offers_every_field_of_every_spec(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["train", "--help"])
    assert caught.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    for kind in (TrainingSpec, *TASKS.values()):
        for meaning in fields.describe(kind):
            assert f"--{meaning.name} {meaning.name.upper()}" in said
            assert meaning.help in said


def test_a_parameter_that_a_task_gains_is_a_flag_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import dataclasses

    from rnnviz.tasks.adding import Adding

    @dataclasses.dataclass(frozen=True)
    class Sliding(Adding):
        name = "sliding"
        slope: float = fields.real(0.5, 0.0, 1.0, "How steep, in % of all")

    kinds: dict[str, type[Task]] = {**TASKS, "sliding": Sliding}
    for module in ("rnnviz.cli", "rnnviz.specs.query", "rnnviz.tasks"):
        monkeypatch.setattr(f"{module}.TASKS", kinds)
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    assert "sliding: How steep, in % of all (a number from 0 to 1)" in " ".join(capsys.readouterr().out.split())
    assert main(["train", "--task", "sliding", "--slope", "2"]) == REFUSED
    assert "task.slope must be a number from 0 to 1; got 2.0." in capsys.readouterr().err
    assert main(["train", "--task", "sliding", "--slope", "0.25", "--length", "5", *QUICK]) == 0


def test_without_a_command_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    said = capsys.readouterr().out
    assert "train" in said
    assert "bench" in said
    assert "python -m rnnviz train --task recall --lag 30 -o run.safetensors" in said


def test_bench_gets_its_own_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[list[str]] = []
    monkeypatch.setattr(rnnviz.nn.bench.suite, "main", lambda words: given.append(words) or 0)
    assert main(["bench", "--repeats", "3"]) == 0
    assert given == [["--repeats", "3"]]


def test_as_a_program(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "rnnviz", "train", *QUICK, "-o", str(tmp_path / "a.run")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert Run.load(tmp_path / "a.run").complete
    refused = subprocess.run([*words, "--lr", "nan"], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (REFUSED, "")
    assert refused.stderr == "rnnviz: training.lr must be a number from 1e-06 to 1; got nan.\n"
