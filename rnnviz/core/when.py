"""Where a field of a spec says anything."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class When:
    """Where a field says anything. Elsewhere it stands at its default, and no form offers it.

    holds: asked of a spec, or of the task that it is for.
    why:   of the same, where it does not hold: what follows the default in a sentence, such as "for a single layer".
    """

    holds: Callable[[Any], bool]
    why: Callable[[Any], str]


Unfit = Callable[[Any], Mapping[str, str]]  # of a spec, or a task: options that do not go together with it → why
