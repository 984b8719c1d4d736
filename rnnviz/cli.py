"""The command line: `python -m rnnviz train … -o run.safetensors` and `python -m rnnviz bench`.

Its flags are made from the fields of the specs, so what a task gains as a parameter, the command line gains too.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from rnnviz.console import reports, summary, train_with_bar
from rnnviz.core import fields, limits
from rnnviz.core.contents import Content
from rnnviz.core.errors import ExperimentError, plain, shown
from rnnviz.runs.run import Run
from rnnviz.runs.storage import try_place
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import TrainingSpec
from rnnviz.specs.query import DEFAULT_TASK, HASH, parse_params, to_params
from rnnviz.tables import texts
from rnnviz.tasks import TASKS, corpora
from rnnviz.tasks.autocomplete import Autocomplete
from rnnviz.tasks.forecast import Forecast, fitting
from rnnviz.tasks.forecast.reading import read_series
from rnnviz.tasks.music import Music
from rnnviz.tasks.music.reading import read_melody
from rnnviz.tasks.pairs import Pairs, csv_table
from rnnviz.tasks.sentiment.reading import read_reviews
from rnnviz.tasks.sentiment.task import Sentiment
from rnnviz.tasks.text import Text

REFUSED, INTERRUPTED = 2, 130  # exit codes
SHAPE = argparse.RawDescriptionHelpFormatter  # keeps the lines of the examples
EXAMPLES = """\
examples:
  python -m rnnviz train                                   the default experiment: three cells add two numbers
  python -m rnnviz train --task recall --lag 30 -o run.safetensors
  python -m rnnviz train --models rnn,lstm:hidden=64:forget_bias=1,gru --steps 800 --lr 0.01
  python -m rnnviz train --query "task=recall&lag=30" --seed 3
  python -m rnnviz train --text-file book.txt --length 80
  python -m rnnviz train --pairs-file vocabulary.csv --unit words
  python -m rnnviz train --reviews-file reviews.csv --longest 200
  python -m rnnviz train --series-file prices.csv --ahead 5
  python -m rnnviz train --melody-file song.mid --length 24
"""
MODELS_HELP = "cells with their settings, such as rnn,lstm:hidden=64:forget_bias=1,gru:layers=2"


class _Refused(Exception):
    """Why a command will not run, in a sentence."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0, 2 for what is refused, 130 when interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words[:1] == ["bench"]:  # its flags are its own
            from rnnviz.nn.bench.suite import main as bench

            return bench(words[1:])
        parser = _parser()
        options = parser.parse_args(words)
        if options.command is None:
            parser.print_help()
            return 0
        return _train(options)
    except (ExperimentError, _Refused) as refused:
        print(f"rnnviz: {refused}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("rnnviz: interrupted.", file=sys.stderr)
        return INTERRUPTED


def _train(options: argparse.Namespace) -> int:
    experiment = _experiment(options)
    if options.output is not None:
        _check_place(options.output)
    run, interrupted = train_with_bar(experiment)
    print(summary(run))
    for table in reports(run):
        print(f"\n{table}")
    if run.frames and options.output is not None:
        _save(run, options.output)
    return INTERRUPTED if interrupted else 0


def _experiment(options: argparse.Namespace) -> Experiment:
    """The experiment of the flags, on top of that of a file or a link if there is one."""
    params, known = dict[str, str](), dict[str, str]()
    if options.experiment is not None:
        given = Experiment.from_json(_read(options.experiment, limits.LONGEST_JSON))
        params = to_params(given)
        if isinstance(given.task, (Text, Pairs, Autocomplete)):
            known[given.task.digest] = given.task.text
    elif options.query is not None:
        params = parse_params(options.query)
    if options.text_file is not None:
        own = corpora.cleaned(_decoded(options.text_file))
        known[corpora.digest(own)] = own
        name = Autocomplete.name if options.task == Autocomplete.name else Text.name
        params |= {"task": name, "corpus": corpora.OWN, "text" + HASH: corpora.digest(own)}
    if options.pairs_file is not None:
        table = csv_table.brought(_decoded(options.pairs_file))
        _say(table.report.said if table.report else "")
        pairs = Pairs(text=table.text)
        known[pairs.digest] = pairs.text
        params.pop("text", None)
        params |= {"task": pairs.name, "text" + HASH: pairs.digest}
    if options.reviews_file is not None:
        params |= {"task": Sentiment.name, "table": str(_table(read_reviews, options.reviews_file))}
    if options.series_file is not None:
        params |= {"task": Forecast.name, "table": str(_table(read_series, options.series_file))}
    if options.melody_file is not None:
        params |= {"task": Music.name, "melody": str(_table(read_melody, options.melody_file))}
    params |= {name: value for name in _flags() if (value := getattr(options, name)) is not None}
    experiment = Experiment.from_query(params, known)
    if options.series_file is None:
        return experiment
    suited = {name: value for name, value in fitting.suits(experiment.task).items() if name not in params}
    _say(" ".join(f"Shortened to fit the series: {name} {value}." for name, value in suited.items()))
    return Experiment.from_query(params | {name: str(value) for name, value in suited.items()}, known)


def _table(read: Callable[[Path], Content], path: Path) -> Content:
    try:
        return read(path)
    except OSError as error:
        raise _Refused(f"{shown(str(path))} cannot be read: {_reason(error)}.") from None


def _decoded(path: Path) -> str:
    data = _read(path, limits.LARGEST_CUT)
    try:
        found = texts.brought(data or b" ")  # an empty file is refused by who learns it
    except ExperimentError:
        raise _Refused(f"{shown(str(path))} is no text in UTF-8, UTF-16, Latin-1, GBK or Shift-JIS.") from None
    _say(found.said)
    return found.text


def _say(said: str) -> None:
    """Tell what of a file is used and how, where that is out of the ordinary."""
    if said:
        print(f"rnnviz: {said}", file=sys.stderr)


def _read(path: Path, largest: int) -> bytes:
    try:
        if path.stat().st_size > largest:
            raise _Refused(f"{shown(str(path))} is too large: at most {largest:,} bytes are read.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise _Refused(f"{shown(str(path))} cannot be read: {_reason(error)}.") from None


def _check_place(path: Path) -> None:
    """Refuse, before hours of training, a place where the run cannot be saved."""
    try:
        try_place(path)
    except (OSError, ValueError) as error:
        raise _Refused(f"{shown(str(path))} cannot be written: {_reason(error)}.") from None


def _save(run: Run, path: Path) -> None:
    try:
        run.save(path)
    except OSError as error:
        raise _Refused(f"{shown(str(path))} cannot be written: {_reason(error)}.") from None
    print(f"Saved {len(run.frames)} frames ({run.nbytes / 1e6:.1f} MB) as {path}")


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or "its name is not allowed").lower()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Refused(f"{plain(message, 200)}; {self.prog} --help says what there is.")


def _parser() -> argparse.ArgumentParser:
    about = "Train small recurrent networks side by side and measure them while they learn."
    parser = _Parser("python -m rnnviz", description=about, epilog=EXAMPLES, formatter_class=SHAPE, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    what = "run an experiment, show how it went and keep what was measured"
    train = commands.add_parser(
        "train",
        help=what,
        description=what.capitalize() + ".",
        epilog=EXAMPLES,
        formatter_class=SHAPE,
        allow_abbrev=False,
    )
    commands.add_parser("bench", help="compare the speed of the layers and of training with torch's own")
    train.add_argument("-o", "--output", metavar="FILE", type=Path, help="keep the run, such as run.safetensors")
    whole = train.add_argument_group("a whole experiment, which the flags below change")
    source = whole.add_mutually_exclusive_group()
    source.add_argument("--experiment", metavar="FILE", type=Path, help="an experiment as JSON")
    source.add_argument("--query", metavar="LINK", help="the link of an experiment, or what stands after its ?")
    _add_flags(train)
    return parser


def _add_flags(train: argparse.ArgumentParser) -> None:
    task = train.add_argument_group("task")
    task.add_argument("--task", metavar="NAME", help=f"one of {', '.join(TASKS)} (default: {DEFAULT_TASK})")
    for name, described in _task_helps().items():
        task.add_argument(f"--{name}", metavar=name.upper(), help=described)
    own = task.add_mutually_exclusive_group()
    own.add_argument("--text-file", metavar="FILE", type=Path, help="learn your own text, a file in UTF-8")
    own.add_argument(
        "--pairs-file", metavar="FILE", type=Path, help="learn your own pairs, a CSV of two columns in UTF-8"
    )
    own.add_argument(
        "--reviews-file", metavar="FILE", type=Path, help="judge your own reviews, a CSV with a text and a label column"
    )
    own.add_argument("--series-file", metavar="FILE", type=Path, help="forecast your own series, a CSV with numbers")
    own.add_argument("--melody-file", metavar="FILE", type=Path, help="learn a melody of your own, a MIDI file")
    train.add_argument_group("models").add_argument("--models", metavar="LIST", help=MODELS_HELP)
    group = train.add_argument_group("training (each task has its own defaults)")
    for meaning in fields.describe(TrainingSpec):
        group.add_argument(f"--{meaning.name}", metavar=meaning.name.upper(), help=_help(meaning))


def _flags() -> set[str]:
    """What may stand in a link, as flags."""
    training = [meaning.name for meaning in fields.describe(TrainingSpec)]
    return {"task", "models", *training, *_task_helps()}


def _task_helps() -> dict[str, str]:
    """The parameters of all tasks with their help; a name that several tasks know is one flag."""
    found: dict[str, dict[str, list[str]]] = {}
    for kind in TASKS.values():
        for meaning in fields.describe(kind):
            found.setdefault(meaning.name, {}).setdefault(_help(meaning), []).append(kind.name)
    return {name: "; ".join(f"{', '.join(of)}: {text}" for text, of in helps.items()) for name, helps in found.items()}


def _help(meaning: fields.Meaning) -> str:
    return f"{meaning.help} ({fields.allowed(meaning)})".replace("%", "%%")
