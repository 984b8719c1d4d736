"""Which network a task's shape makes: looked up by `of`, never asked with `if`. One file each, found by its place."""

import functools
import importlib
import pkgutil

from rnnviz.specs.architectures.architecture import Architecture, Shapes
from rnnviz.tasks import Task


@functools.cache
def every() -> tuple[Architecture, ...]:
    """One of each."""
    for file in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{file.name}")
    return tuple(kind() for kind in Architecture.__subclasses__())


def of(task: Task) -> Architecture:
    """The architecture for a task."""
    return next(one for one in every() if one.fits(task))


def foreign_fields(task: Task) -> dict[str, str]:
    """The fields of models and training that a task's architecture does not have → why not, as a relative clause."""
    own = of(task)
    return {name: why for one in every() if one is not own for name, why in one.fields.items()}


__all__ = ["Architecture", "Shapes", "every", "foreign_fields", "of"]
