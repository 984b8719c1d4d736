"""Who watches a job, and what they want of it together."""

from typing import Literal

Wish = Literal["run", "pause"]


class Visitors:
    """The watchers of one job. One who left is forgotten `grace` seconds later unless they come back.

    A job runs while one of those present wants it to run. When the last of them leaves, what they wanted stands until
    they are forgotten: a passing disconnect stops nothing, and who reloads a paused page finds it paused.
    """

    def __init__(self, grace: float, now: float) -> None:
        self._grace = grace
        self._wishes: dict[str, Wish] = {}
        self._gone: dict[str, float] = {}  # who left → when they will be forgotten
        self._left_standing: Wish = "run"  # what was wanted when the last one present left
        self.alone_since: float | None = now

    def __len__(self) -> int:
        return len(self._present())

    def _present(self) -> list[str]:
        return [visitor for visitor in self._wishes if visitor not in self._gone]

    @property
    def verdict(self) -> Wish | None:
        """What they want together; None if nobody is left to want anything."""
        if not self._wishes:
            return None
        present = self._present()
        if not present:
            return self._left_standing
        return "run" if any(self._wishes[visitor] == "run" for visitor in present) else "pause"

    def wish(self, visitor: str) -> Wish | None:
        """What one visitor wants; None for one who does not watch."""
        return self._wishes.get(visitor)

    def join(self, visitor: str, wish: Wish | None = None) -> None:
        """A visitor comes, comes back or changes their wish.

        A newcomer without a wish takes the job as it is: paused by all its watchers, it stays so.
        """
        as_found: Wish = "pause" if self.verdict == "pause" else "run"
        self._wishes[visitor] = wish or self._wishes.get(visitor, as_found)
        self._gone.pop(visitor, None)
        self.alone_since = None

    def leave(self, visitor: str, now: float) -> None:
        """A visitor vanishes, perhaps to come back."""
        if visitor in self._wishes and visitor not in self._gone:
            self._left_standing = self.verdict or "run"
            self._gone[visitor] = now + self._grace

    def remove(self, visitor: str, now: float) -> None:
        """A visitor leaves for good."""
        self._gone.pop(visitor, None)
        if self._wishes.pop(visitor, None) and not self._wishes:
            self.alone_since = now

    def forget(self, now: float) -> bool:
        """Forget who left more than the grace period ago; returns whether there was anyone."""
        gone = [visitor for visitor, until in self._gone.items() if until <= now]
        for visitor in gone:
            self.remove(visitor, now)
        return bool(gone)

    @property
    def next_change(self) -> float | None:
        """When `forget` will next have something to do."""
        return min(self._gone.values(), default=None)
