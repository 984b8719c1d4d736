"""Which pages there are: each file of `pages/` is one and says `PAGE`. Navigation, links, warm-up and tests read it."""

import dataclasses
import enum
import functools
import importlib
from collections.abc import Callable
from pathlib import Path

from pages._ui.run.shown import Shown
from pages._ui.session import page_links
from rnnviz.tasks import Task

FOLDER = Path(__file__).parents[2]
_NO_PAGES = ("__init__", "navigation")  # of its files
FIRST = "/"  # the path of the page that a visitor sees first


class Need(enum.Enum):
    """What a page shows something of."""

    NOTHING = "no run"
    RUN = "any run"
    DECODER = "a run of encoders and decoders"


def _never() -> bool:
    return False


def _nothing(shown: Shown) -> None:
    pass


def _any(_task: Task) -> bool:
    return True


@dataclasses.dataclass(frozen=True)
class PageSpec:
    """A page, as its file describes it.

    path:      in the address, the name of its file; `/` for the page that is seen first.
    title:     in the menu and in links.
    order:     its place in the menu.
    needs:     what it shows something of.
    reports:   whether its script runs again when something else of the run is looked at: what stands below needs it.
    reports_of: of which tasks it then needs that.
    own_model: whether it shows a model of the visitor's own at this moment, not the run.
    warm:      draws, of the shipped run, what its first visitor would wait for.
    """

    path: str
    title: str
    order: int
    needs: Need = Need.RUN
    reports: bool = False
    reports_of: Callable[[Task], bool] = _any
    own_model: Callable[[], bool] = _never
    warm: Callable[[Shown], None] = _nothing

    @property
    def view(self) -> str:
        """What its view of a run is called: as in the address, and by name for the first page."""
        return self.title.lower() if self.path == FIRST else self.path

    @property
    def shows_run(self) -> bool:
        """Whether the session's run is to be seen on it at this moment."""
        return self.needs is not Need.NOTHING and not self.own_model()


@functools.cache
def pages() -> dict[str, PageSpec]:
    """All pages in the order of the menu: name of the file → what it says."""
    names = {file.stem for file in FOLDER.glob("*.py")}.difference(_NO_PAGES)
    found: dict[str, PageSpec] = {name: importlib.import_module(f"pages.{name}").PAGE for name in names}
    ordered = dict(sorted(found.items(), key=lambda page: page[1].order))
    page_links.know({name: spec.title for name, spec in ordered.items()})
    return ordered
