"""How much a Hopfield network holds: `python -m tests.benchmarks.hopfield [UNITS …]`.

Recall rate against load over 50 draws, as the page measures it, in a table: for each number of units the share of
recalls with at most 5 % of the units wrong, and in brackets that without any wrong unit.
"""

import sys
import time
from collections.abc import Sequence

from rnnviz.hopfield import CRITICAL_LOAD, Capacity, capacity
from rnnviz.hopfield.capacity import DRAWS, SHARE

UNITS = (100, 200, 400)


def main(units: Sequence[int] = UNITS) -> None:
    """Measure and print."""
    found: list[Capacity] = []
    for many in units:
        begin = time.perf_counter()
        found.append(capacity(many))
        print(f"N = {many}: {time.perf_counter() - begin:.2f} s", file=sys.stderr)
    print(f"{DRAWS} draws at each load, starts with {100 * SHARE:.0f} % of the units turned over.\n")
    print("| P/N |", *(f"N = {many} |" for many in units))
    print("|---|" + "---|" * len(units))
    for place, load in enumerate(found[0].loads):
        if place and found[0].loads[place - 1] < CRITICAL_LOAD <= load:
            print(f"| **{CRITICAL_LOAD}** |" + " |" * len(units))
        print(f"| {load:.2f} |", *(f"{_said(one, place)} |" for one in found))


def _said(one: Capacity, place: int) -> str:
    recalled, exact = one.recalled[place] / one.draws, one.exact[place] / one.draws
    return f"{recalled:.0%} ({exact:.0%})"


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or UNITS)
