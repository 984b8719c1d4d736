"""All that the server keeps to hand out again fits the smallest box, and one cache keeps it."""

import ast
import subprocess
import sys
from pathlib import Path

from pages._ui.live.names import NAMED_BYTES
from pages._ui.session import shipped
from rnnviz.core import limits

ROOT = Path(__file__).parents[2]
BUDGETS = {name: value for name, value in vars(limits).items() if name.endswith("BYTES_KEPT")}

# A server with every page loaded, a watcher and a question of each page that asks in the background.
SERVER = r"""
import asyncio, importlib, pkgutil
import pages._ui
for module in pkgutil.walk_packages(pages._ui.__path__, "pages._ui."):
    importlib.import_module(module.name)
from pages._ui.attention import decoding
from pages._ui.gates import asking as gates
from pages._ui.gradients import laboratory
from pages._ui.live.feed import Feed
from pages._ui.live import written
from pages._ui.states import texts
from pages._ui.run import model_answers
from pages._ui.architectures import asking
from pages._ui.session import server
from rnnviz.engine import Engine
import rnnviz.live
server._engine = Engine()

async def stats():
    feed = Feed()
    asked = decoding._asked(), laboratory._asked(), model_answers.kept(), asking.kept(), texts._kept(), gates.kept()
    asked = *asked, written.kept()
    return server._engine.stats()

found = asyncio.run(stats())
assert found.budget == sum(one.budget for one in found.caches) and found.nbytes < 1_000_000
print(*(f"{one.name}={one.budget}" for one in found.caches), sep="\n")
"""


def test_all_budgets_together_fit_the_smallest_box() -> None:
    assert sum(BUDGETS.values()) <= limits.BYTES_KEPT_IN_ALL
    assert limits.BYTES_KEPT_IN_ALL + limits.PROCESS_BYTES + limits.SESSION_BYTES <= limits.SMALLEST_BOX


def test_the_engine_tells_of_every_cache_of_the_server_and_each_has_its_budget_in_limits() -> None:
    done = subprocess.run([sys.executable, "-c", SERVER], cwd=ROOT, capture_output=True, text=True, check=True)
    told = dict(line.split("=") for line in done.stdout.splitlines())
    assert sorted(map(int, told.values())) == sorted(BUDGETS[name] for name in BUDGETS if name[:6] != "WORKER"), told
    assert {"frames", "messages", "attention drawings", "gradient answers", "texts", "checkpoints"} <= {*told}


def test_no_other_cache_is_written_by_hand() -> None:
    for path in [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "rnnviz").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            used = [getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "name", "")]
            assert "OrderedDict" not in used, f"{path.relative_to(ROOT)}: use rnnviz.core.cache"


def test_the_longest_text_is_kept() -> None:
    text = sys.getsizeof("\U0001f600" * limits.LONGEST_TEXT)
    assert text <= limits.TEXT_BYTES_KEPT and text + NAMED_BYTES <= limits.NAMED_BYTES_KEPT


def test_every_shipped_run_is_kept() -> None:
    runs = [shipped.load(name) for name in shipped.OF_TASK.values()]
    assert sum(run.nbytes for run in runs) <= limits.SHIPPED_BYTES_KEPT
