"""What is read on screen: short sentences, one meaning for each word. Most of it is read where it is written."""

import ast
import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui.frame import registry
from pages._ui.frame.registry import Need
from pages._ui.run import measured
from rnnviz.findings import findings
from rnnviz.runs.run import Run
from rnnviz.tasks import TASKS, task
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import parts, shown_run, visit
from tests.support.sentences import MOST, faults, length, sentences, texts

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "assets"
SHIPPED = {"adding": "default", "dates": "dates", "reverse": "reverse"}  # task → file of its run
PROSE = sorted(set(ASSETS.rglob("*.md")) - set((ASSETS / "measured").rglob("*.md")))
WRITTEN = (
    "pages",
    "rnnviz/charts",
    "rnnviz/live",
    "rnnviz/tasks",
    "rnnviz/cells",
    "rnnviz/byhand",
    "rnnviz/specs/models.py",
)
READ = ("label", "help", "body", "placeholder", "options")  # fields of what Streamlit shows
CODE = ("expr", "$schema", "test", "update", "signal", "field", "run", "href")  # fields of what a browser is told
MOMENTS = 6  # of every shipped run
_LITERAL = re.compile(r'"([^"\n]*)"|`([^`\n]*)`')


def _judged(told: Iterable[tuple[str, str]]) -> list[str]:
    """A line for everything that is wrong with texts, each told with the place where it stands."""
    found: dict[str, str] = {}
    for place, text in told:
        for sentence in sentences(text):
            if sentence not in found and (wrong := faults(sentence)):
                found[sentence] = f"{place}: {'; '.join(wrong)}:\n    {sentence}"
    return list(found.values())


def _hold(told: Iterable[tuple[str, str]]) -> None:
    wrong = _judged(told)
    assert not wrong, f"{len(wrong)} sentences are to be rewritten\n" + "\n".join(wrong)


def _on(app: AppTest) -> Iterator[tuple[str, str]]:
    """All that a page shows: what Streamlit does, what its live parts are told, and what the run's moment says."""
    for node in app._tree:
        for name in READ:
            value = getattr(getattr(node, "proto", None), name, "")
            for text in [value] if isinstance(value, str) else value:
                if isinstance(text, str) and not text.startswith("<style"):
                    yield f"{type(node).__name__}.{name}", text
    for told in (parts(app), shown_run(app) if "bar" in parts(app) and "run" in parts(app)["bar"] else {}):
        for place, text in texts(told):
            if " " in text.strip() and not any(f".{name}" in place for name in CODE):
                yield place, text


@pytest.mark.parametrize("name", SHIPPED)
def test_every_sentence_of_every_page_is_short_and_says_which_step_it_means(engine: FakeEngine, name: str) -> None:
    told = []
    for page, spec in registry.pages().items():
        if spec.needs is not Need.NOTHING or name == next(iter(SHIPPED)):
            told += [(f"{page} of {name}, {place}", text) for place, text in _on(visit({"task": name}, page))]
    _hold(told)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_found_at_several_moments_of_a_shipped_run(name: str) -> None:
    run = Run.load(ASSETS / "runs" / f"{SHIPPED[name]}.safetensors")
    steps = run.steps[:: max(1, len(run.steps) // MOMENTS)] + run.steps[-1:]
    _hold((f"{one.kind} at {step}", one.text) for step in steps for one in findings(run, step))


@pytest.mark.parametrize("file", PROSE, ids=lambda file: str(file.relative_to(ASSETS)))
def test_prose(file: Path) -> None:
    _hold([(file.name, file.read_text(encoding="utf-8"))])


@pytest.mark.parametrize("name", TASKS)
def test_what_a_task_asks_and_what_was_measured_on_it(name: str) -> None:
    _hold([(f"{name} asks", task(name).asks), (f"{name}, measured", measured.paragraph(name))])


@functools.cache
def _in_python(file: Path) -> tuple[tuple[str, str], ...]:
    """The texts of several words that stand in a file, but for docstrings; what is filled in is "N"."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    within, found = set(), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            within.add(node.value)
        if isinstance(node, ast.JoinedStr):
            within.update(one for one in ast.walk(node) if isinstance(one, ast.Constant))
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "N" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in within:
            text = node.value
        else:
            continue
        if " " in text.strip() and " , " not in text and "aria-current" not in text:  # no example, no markup
            found.append((f"{file.relative_to(ROOT)}:{node.lineno}", text))
    return tuple(found)


@pytest.mark.parametrize("folder", WRITTEN)
def test_what_is_written_in_python(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py")) if (ROOT / folder).is_dir() else [ROOT / folder]
    _hold(one for file in files for one in _in_python(file))


def test_what_is_written_in_scripts() -> None:
    told = []
    for file in sorted((ASSETS / "stage").rglob("*.js")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            for match in _LITERAL.finditer(re.sub(r"^\s*//.*|\s//.*", "", line)):
                text = re.sub(r"\$\{[^{}]*\}", "N", match[1] or match[2] or "")
                if " " in text.strip() and not re.search(r"rv-|hf-|<|=>|\$\{", text):
                    told.append((f"{file.relative_to(ASSETS)}:{number}", text))
    _hold(told)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Going back: RNN – less is left. LSTM – 1/20.", ["Going back:", "RNN – less is left.", "LSTM – 1/20."]),
        ("It is so: because\n$$x$$\nthat is why.", ["It is so: because", "that is why."]),
        ("One\nline.  Another (Elman 1990)!", ["One line.", "Another !"]),
        ("Try:\n\n- this\n- that", ["Try:", "this", "that"]),
    ],
)
def test_where_a_sentence_ends(text: str, said: list[str]) -> None:
    assert [one.removeprefix("- ") for one in sentences(text)] == said


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("After 3 training steps it is at time step 4.", False),
        ("After 3 steps.", True),
        ("The training step, then the next step.", True),
        ("Train from step 0", False),
        ("They change by h_t.", True),
        (" ".join(["word"] * MOST), False),
        (" ".join(["word"] * (MOST + 1)), True),
    ],
)
def test_what_is_found_fault_with(sentence: str, wrong: bool) -> None:
    assert bool(faults(sentence)) == wrong
    assert length("× 12.5 % of $x$, 1/20 – and") == 5
