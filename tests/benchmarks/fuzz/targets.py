"""What is given damaged input: its good examples, the words that matter to it, and how it is read."""

import dataclasses
import json
import random
import subprocess
import sys
import urllib.parse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rnnviz.checkpoints import own_input
from rnnviz.checkpoints.token_lines import NoVocabulary
from rnnviz.checkpoints.vocabulary import is_vocabulary, tokens_of
from rnnviz.core import fields
from rnnviz.core.contents import Content
from rnnviz.runs.run import Run
from rnnviz.specs import branch_query
from rnnviz.specs import query as links
from rnnviz.specs.defaults import default_training
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec
from rnnviz.tables.texts import brought
from rnnviz.tasks import TASKS
from rnnviz.tasks.forecast.reading import read_series
from rnnviz.tasks.pairs import csv_table
from rnnviz.tasks.sentiment.reading import read_reviews
from tests.benchmarks.fuzz.mutations import mutated_json
from tests.tables.columns import written
from tests.tables.test_brought import PAIRS, TABLES
from tests.tables.test_numbers import SHEETS


@dataclasses.dataclass(frozen=True)
class Target:
    """What is fuzzed.

    seeds:   good examples.
    words:   that are put into them.
    read:    what came of an example, in a few words; raises what refuses it.
    damaged: an example damaged as what it is, so often `by_structure`; None for bytes alone.
    longest: bytes of an example.
    """

    seeds: Sequence[bytes]
    words: Sequence[bytes]
    read: Callable[[bytes], str]
    damaged: Callable[[bytes, random.Random], bytes] | None = None
    by_structure: float = 0.5
    longest: int = 30_000


def tables(folder: Path) -> Target:
    """The readers of pairs, texts with labels, series and numbers; the first byte says which one."""
    reviews = written(
        [("review", "label"), *[(f"{one} Number {n}, indeed.", ("bad", "good")[n % 2]) for n, (one, _) in
                                enumerate(PAIRS * 5)]], ",")  # fmt: skip
    days = [f"{1949 + n // 12}-{n % 12 + 1:02}" for n in range(90)]
    series = written([("Month", "Passengers"), *[(day, f"{100 + n * 7 % 31}.5") for n, day in enumerate(days)]], ";")
    seeds = [b"p" + text.encode() for text in TABLES.values()] + [b"n" + text.encode() for text in SHEETS.values()]
    seeds += [b"r" + reviews.encode(), b"s" + series.encode(), b"s" + series.replace(".", ",").encode("utf-16")]
    signs = ["\t", ",", ";", "|", '"', '""', "\n", "\r\n", "\r", "\0", "#", " ", ".", "-", "N/A", "1e5", "1.234,5", "%"]
    names = [
        "id",
        "date",
        "split",
        "text",
        "label",
        "source",
        "target",
        "Total",
        "train",
        "sep=;\n",
        "Jan-49",
        "12.3.2020",
    ]
    words = [
        sign.encode() for sign in [*signs, *names, "é", "你好", "こ", "\u200b", "\u202e", "\ufeff", "🙂", "#VALUE!"]
    ]

    def read(data: bytes) -> str:
        kind, data = data[:1], data[1:]
        if kind == b"p":
            learned = csv_table.brought(brought(data).text)
            rows = csv_table.parsed(learned.text)
            assert all(any(row) for row in rows) and csv_table.cleaned(learned.text) == learned.text
            return f"pairs: {len(learned.report.left_out) if learned.report else 0} columns left out"
        if kind == b"n":
            found = own_input.read_vectors(data, len(data) % 4)
            return f"numbers: {len(found.report.left_out) if found.report else 0} columns left out"
        path = folder / "table.csv"
        path.write_bytes(data)
        content = (read_reviews if kind == b"r" else read_series)(path)
        try:
            task = TASKS["sentiment" if kind == b"r" else "forecast"](table=content)  # type: ignore[call-arg]
            return f"{task.name}: {len(task.first_rows)} rows shown, {len(task.summary.split('.'))} sentences"
        finally:
            _forgotten(folder, content)

    return Target(seeds, words, read)


def _forgotten(folder: Path, content: Content) -> None:
    (folder / content.digest).unlink(missing_ok=True)


def vocabularies(_folder: Path) -> Target:
    """Vocabularies as files and as what stands in checkpoints, and texts that are read by them."""
    words = {"<pad>": 0, "<unk>": 1, "the": 2, "cat": 3}
    values: list[Any] = [
        *([*words], words, {str(index): word for word, index in words.items()}, {"word2idx": words}),
        {"model": {"type": "BPE", "vocab": words, "merges": []}, "added_tokens": [{"id": 4, "content": "<eos>"}]},
        {"model": {"type": "Unigram", "vocab": [[word, -0.5] for word in words]}},
        {"class_name": "Tokenizer", "config": {"num_words": 3, "word_index": json.dumps(words), "oov_token": None}},
        {"itos": [*words], "stoi": words, "unk_index": 1},
    ]
    texts = [
        "the\t120\ncat\t30\n",
        "0\ta\n1\tb\n",
        "a b\n\\n\n\\t\n\\s\n",
        "the 0.5\r\ncat -1e-3\r\n",
        "abc",
        "1\n2\n3\n",
    ]
    seeds = [json.dumps(value).encode() for value in values] + [text.encode() for text in texts]
    marks = ["\n", "\r\n", "\t", " ", '"', "[", "]", "{", "}", ":", ",", "\\u0000", "\\ud800", "9" * 30, "1e999", "NaN"]
    names = ["vocab", "word_index", "model", "added_tokens", "itos", "stoi", "config", "num_words", "id", "content"]

    def read(data: bytes) -> str:
        found = own_input.vocabulary(data)
        assert all(isinstance(word, str) for word in found)
        own_input.tokenised(" ".join(["the", "cat", *found[:5]]), ("<unk>", *found), by_word=True)
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return f"{'gaps' if '' in found else 'tokens'} of a text"
        is_vocabulary("word2idx", value)
        try:
            tokens_of(value)
        except NoVocabulary as error:
            return f"lines; as JSON {error.allowed}"
        return f"{'gaps' if '' in found else 'tokens'} of a {type(value).__name__}"

    def damaged(data: bytes, draw: random.Random) -> bytes:
        try:
            return json.dumps(mutated_json(json.loads(data), draw)).encode()
        except (ValueError, RecursionError, OverflowError):
            return data[: draw.randint(0, len(data))]

    return Target(seeds, [word.encode() for word in [*marks, *names]], read, damaged)


_TRAIN = """
import sys
from rnnviz.nn.train.training import run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import TASKS
models = (ModelSpec("rnn", 3), ModelSpec("lstm", 2, bidirectional=True), ModelSpec("gru", 2, layers=2))
for name in ("adding", "recall"):
    run(Experiment(TASKS[name](), models, TrainingSpec(steps=2, batch=2))).save(f"{sys.argv[1]}/{name}.run")
models = (ModelSpec("lstm", 2, attention="additive"), ModelSpec("gru", 2))
run(Experiment(TASKS["reverse"](), models, TrainingSpec(steps=2, batch=2))).save(f"{sys.argv[1]}/reverse.run")
"""


def runs(folder: Path) -> Target:
    """Run files of short trainings; opened, and all that they hold looked at."""
    subprocess.run([sys.executable, "-c", _TRAIN, str(folder)], check=True)  # torch stays out of this process
    seeds = [(folder / f"{name}.run").read_bytes() for name in ("adding", "recall", "reverse")]
    path = folder / "damaged.run"

    def read(data: bytes) -> str:
        path.write_bytes(data)
        run = Run.load(path)
        run.losses()
        run.history()
        for label in run.experiment.labels if run.steps else ():
            if label not in run.ended:
                run.trace(label)
        return f"a run of {run.experiment.task.name}, {len(run.steps)} frames"

    def damaged(data: bytes, draw: random.Random) -> bytes:
        size = int.from_bytes(data[:8], "little")
        try:
            header = json.loads(data[8 : 8 + size])
            told = header["__metadata__"]
            if draw.random() < 0.85:
                name = draw.choice([*told])
                inner = json.loads(told[name]) if told[name][:1] in "[{" else told[name]
                changed = mutated_json(inner, draw)
                told[name] = changed if isinstance(changed, str) else json.dumps(changed)
            else:
                header = mutated_json(header, draw)
            text = json.dumps(header).encode()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError):
            return data[: draw.randint(0, len(data))]
        return len(text).to_bytes(8, "little") + text + data[8 + size :]

    words = [*map(str.encode, ("null", "-1", "0", "NaN", '"F64"', '"F16"', "[0]", "[]", "1e9", '"lstm"', '"gru"'))]
    return Target(seeds, [*words, bytes(8), b"\xff" * 8, b"\x00\x7e"], read, damaged, 0.9, 3_000_000)


def queries(_folder: Path) -> Target:
    """Links, with branches; what comes back is written again and means the same."""
    usual = [f"task={name}&models=rnn,lstm:hidden=8:forget_bias=1,gru&steps=300&lr=0.01&seed=3" for name in TASKS]
    branch = urllib.parse.quote("task=recall,step=100,lr=0.02,-batch")
    seeds = [query.encode() for query in [*usual, f"task=recall&lag=30&batch=8&{branch_query.PARAM}={branch}"]]
    meanings = [meaning for kind in (*TASKS.values(), ModelSpec, type(default_training(TASKS["adding"]())))
                for meaning in fields.describe(kind)]  # fmt: skip
    words = {f"{meaning.name}=" for meaning in meanings} | {str(one) for of in meanings for one in of.options or ()}
    words |= {
        "&",
        ":",
        ",",
        "=",
        "%",
        "%00",
        "%F0%9F%99%82",
        "+",
        "?",
        "-1",
        "0",
        "1e9",
        "nan",
        "9" * 40,
        "inf",
        "true",
    }
    words |= {f"{branch_query.PARAM}=", "~", ";", "step=", "none", "None", "text=a,b%0Ac,d", "text_hash=" + "a" * 16}

    def read(data: bytes) -> str:
        training = branch_query.read(links.parse_params(data.decode("utf-8", "replace")))
        experiment = training.experiment
        assert Experiment.from_query(experiment.to_query(), _texts(experiment)) == experiment
        assert branch_query.read(branch_query.to_params(training), _texts(experiment)) == training
        return f"{'a branch' if training.start else 'an experiment'} on {experiment.task.name}"

    values = sorted({str(one) for of in meanings for one in of.options or ()} | set(_VALUES))

    def damaged(data: bytes, draw: random.Random) -> bytes:
        """One name more, or another value, of those that the task knows; a branch perhaps."""
        parts = dict(urllib.parse.parse_qsl(data.decode("utf-8", "replace")))
        known = links.names(parts["task"]) if parts.get("task") in TASKS else ("task", "models")
        for _ in range(draw.randint(1, 3)):
            parts[draw.choice([*known, *parts])] = draw.choice(values)
        if draw.random() < 0.2:
            other = {draw.choice([*known]): draw.choice(values), "step": str(draw.randint(-1, 400))}
            parts[branch_query.PARAM] = urllib.parse.urlencode(other)
        return urllib.parse.urlencode(parts).encode()

    return Target(seeds, sorted(word.encode() for word in words), read, damaged, longest=9_000)


_VALUES = (
    *(
        "",
        "0",
        "1",
        "-1",
        "2",
        "3.5",
        "8",
        "30",
        "100",
        "1e-3",
        "nan",
        "9" * 40,
        "none",
        "true",
        "false",
        "🙂",
        "a,b\nc,d",
    ),
    *(
        "lstm",
        "rnn,gru",
        "lstm:hidden=4",
        "gru:layers=2:reset=before",
        "rnn:activation=relu,window",
        "lstm:attention=dot",
    ),
)


def _texts(experiment: Experiment) -> dict[str, str]:
    """The long text that a link names."""
    text = getattr(experiment.task, "text", "")
    return {experiment.task.digest: text} if text and hasattr(experiment.task, "digest") else {}


TARGETS: dict[str, Callable[[Path], Target]] = {
    "tables": tables,
    "vocabularies": vocabularies,
    "runs": runs,
    "queries": queries,
}
