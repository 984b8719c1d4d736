"""Basketball throws, seen by a camera."""

from rnnviz.tasks.throws.task import Throws as Throws
