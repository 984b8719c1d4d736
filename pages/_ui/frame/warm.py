"""What the first visitor would wait for, done before they come."""

import gc
import logging

from pages._ui.frame import files, registry
from pages._ui.run.shown import Shown
from pages._ui.session import shipped
from rnnviz import live
from rnnviz.core import contents
from rnnviz.engine import EngineError
from rnnviz.live.pages import PAGES

log = logging.getLogger("rnnviz.pages")


def warm_up() -> None:
    """Compress what a page begins with, and draw the shipped run on every page: its charts' structures serve all runs.

    What servers before left behind is deleted first. Last, what lives by now is set aside for good, so that the garbage
    collector need not look at it again.
    """
    contents.tidy()
    files.warm()
    if (run := shipped.load()) is not None:  # a server without it is slower at first, and works
        shown = Shown(run, run.frames[-1].step, shipped=True, moving=False)
        for spec in registry.pages().values():
            if spec.view in PAGES:
                live.scene(run.experiment, spec.view)
        for name, spec in registry.pages().items():
            _warm(name, spec, shown)
    gc.collect()
    gc.freeze()


def _warm(name: str, spec: registry.PageSpec, shown: Shown) -> None:
    try:
        spec.warm(shown)
    except EngineError:  # the server is ending, or its worker cannot start: the log says that
        pass
    except Exception:
        log.exception("The page %s could not be warmed up", name)
