"""What is particular to a cell stands in its description: nothing else calls a cell, or a block, by its name."""

import ast
import re
from pathlib import Path

import pytest

from rnnviz.cells import CELLS

ROOT = Path(__file__).parents[2]
HOMES = ("rnnviz/cells/", "rnnviz/nn/")
CHOSEN = {  # models that somebody chose by name
    "rnnviz/specs/architectures/recurrent.py": {"rnn", "lstm", "gru"},
    "rnnviz/specs/architectures/encoder_decoder.py": {"gru"},
    "rnnviz/specs/architectures/captioner.py": {"rnn", "gru", "window"},
    "rnnviz/tasks/tagging/task.py": {"gru"},
    "rnnviz/tasks/motion/frames.py": {"lstm"},
    "rnnviz/tasks/motion/motion.py": {"lstm"},
    "rnnviz/tasks/traffic/task.py": {"gru"},
    "rnnviz/specs/length_experiment.py": {"rnn", "lstm", "gru"},
    "rnnviz/specs/models.py": {"lstm", "window"},  # the window's own field is called as it is
    "rnnviz/tasks/phrases/grammar.py": {"window"},  # that of a house,
    "rnnviz/tasks/autocomplete/grammar.py": {"window"},  # and another one
    "rnnviz/byhand/hand.py": {"rnn"},
}
NAMES = {*CELLS} | {block.name for cell in CELLS.values() for block in cell.shown}
SOURCES = [path for part in ("rnnviz", "pages") for path in sorted((ROOT / part).rglob("*.py"))]
SCRIPTS = sorted((ROOT / "assets" / "stage").rglob("*.js"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_knows_a_cell_by_name(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    if name.startswith(HOMES):
        return
    said = {node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)}
    assert {word for word in said if isinstance(word, str)} & NAMES == CHOSEN.get(name, set())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_knows_a_cell_by_name(path: Path) -> None:
    assert not {*re.findall(r"""["'`](\w+)["'`]""", path.read_text("utf-8"))} & NAMES
