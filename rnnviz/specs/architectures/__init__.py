"""Which network a task's shape makes: looked up by `of`, never asked with `if`. One file each, found by its place."""

import functools
import importlib
import pkgutil
from typing import Any

from rnnviz.specs.architectures.architecture import Architecture, Shapes
from rnnviz.tasks import Task


@functools.cache
def every() -> tuple[Architecture, ...]:
    """One of each."""
    for file in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{file.name}")
    return tuple(kind() for kind in _derived(Architecture))


def _derived(kind: Any) -> list[type[Architecture]]:
    return [one for child in kind.__subclasses__() for one in (child, *_derived(child))]


def of(task: Task) -> Architecture:
    """The architecture for a task."""
    return next(one for one in every() if one.fits(task))


__all__ = ["Architecture", "Shapes", "every", "of"]
