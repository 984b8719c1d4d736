"""Recall: units are updated one at a time until none changes any more."""

import dataclasses

import numpy as np

from rnnviz.core.errors import ExperimentError
from rnnviz.hopfield.network import Network, checked

MOST_SWEEPS = 100  # a limit against endless work alone: the energy falls with each change, so an end always comes
_ROUNDING = 1e-12  # of the largest possible field: what is smaller is 0


@dataclasses.dataclass(frozen=True, eq=False)
class Recall:
    """All that happened in one recall, update by update.

    start:    (N,), the state before the first update.
    order:    (T,), which unit each update asked.
    fields:   (T,), h of that unit when it was asked.
    changed:  (T,), whether it changed.
    energies: (T + 1,), the energy before the first update and after each.
    settled:  whether the last sweep changed nothing: the last state is a fixed point.
    """

    start: np.ndarray
    order: np.ndarray
    fields: np.ndarray
    changed: np.ndarray
    energies: np.ndarray
    settled: bool

    @property
    def steps(self) -> int:
        """T, the number of updates."""
        return len(self.order)

    @property
    def sweeps(self) -> int:
        """How many times every unit was asked, the last sweep, in which nothing changed, included."""
        return self.steps // len(self.start)

    @property
    def working_sweeps(self) -> int:
        """Sweeps up to the last one in which a unit changed; 0 if the start is a fixed point."""
        at = np.flatnonzero(self.changed)
        return int(at[-1]) // len(self.start) + 1 if at.size else 0

    def state(self, step: int) -> np.ndarray:
        """(N,), the state after so many updates, 0 to T."""
        state = self.start.copy()
        np.multiply.at(state, self.order[:step][self.changed[:step]], -1)
        return state

    @property
    def final(self) -> np.ndarray:
        """(N,), the last state."""
        return self.state(self.steps)

    def states(self) -> np.ndarray:
        """(T + 1, N), the states before the first update and after each."""
        flips = np.ones((self.steps + 1, len(self.start)))
        flips[np.arange(1, self.steps + 1)[self.changed], self.order[self.changed]] = -1
        found: np.ndarray = self.start * np.cumprod(flips, axis=0)
        return found


def recall(
    network: Network, start: np.ndarray, generator: np.random.Generator, most_sweeps: int = MOST_SWEEPS
) -> Recall:
    """Update unit by unit, in each sweep all units once in an order drawn anew, until a sweep changes nothing.

    start: (N,) of +1 and −1.

    Raises:
        ExperimentError: a start that does not fit the network.
    """
    state = checked("start", start, 1)
    if len(state) != network.units:
        raise ExperimentError("start", f"of {network.units} units", len(state))
    first, h, energy = state.copy(), network.field(state), network.energy(state)
    least = _ROUNDING * (1 + np.abs(network.W).sum(1).max() + np.abs(network.theta).max())
    order: list[int] = []
    fields, changed, energies, settled = [], [], [energy], False
    while not settled and len(order) < most_sweeps * network.units:
        sweep = generator.permutation(network.units)
        settled = True
        for unit in sweep:
            fields.append(h[unit])
            flips = bool(h[unit] * state[unit] < -least)
            if flips:
                energy += 2 * state[unit] * h[unit]  # = E(after) − E(before), below 0
                state[unit] = -state[unit]
                h += 2 * state[unit] * network.W[:, unit]
                settled = False
            changed.append(flips)
            energies.append(energy)
        order.extend(sweep.tolist())
    asked, found = np.array(order, np.int64), np.array(fields)
    return Recall(first, asked, found, np.array(changed, bool), np.array(energies), settled)


def settle(
    patterns: np.ndarray, starts: np.ndarray, generator: np.random.Generator, most_sweeps: int = MOST_SWEEPS
) -> np.ndarray:
    """The last states of many recalls at once, each in the network that stores its own patterns (biases 0).

    Every recall has an order of its own. The field is computed from the overlaps m_μ with the patterns,
    N h_i = Σ_μ x_i^μ m_μ − P s_i, which is that of the Hebbian weights without their diagonal; in whole numbers, so
    that a field of 0 is exactly 0.

    patterns: (D, P, N) of +1 and −1, or (1, P, N) for all recalls alike.
    starts:   (D, N).

    Returns:
        (D, N), as starts.
    """
    draws, units = starts.shape
    many = patterns.shape[1]
    alike = patterns.shape[0] == 1
    columns = np.ascontiguousarray(patterns.transpose(0, 2, 1), np.float32)  # (D, N, P)
    states, going = np.array(starts, np.float32), np.arange(draws)
    m = np.einsum("dip,di->dp", np.broadcast_to(columns, (draws, units, many)), states)
    for _ in range(most_sweeps):
        s, overlap = states[going], m[going]
        order = generator.permuted(np.tile(np.arange(units), (len(going), 1)), axis=1)
        rows, moved = np.arange(len(going)), np.zeros(len(going), bool)
        of = np.zeros(len(going), np.int64) if alike else going
        for unit in order.T:
            x = columns[of, unit]
            old = s[rows, unit]
            h = np.einsum("dp,dp->d", x, overlap) - many * old
            (flips,) = np.nonzero(h * old < 0)
            if flips.size:
                s[flips, unit[flips]] = -old[flips]
                overlap[flips] -= 2 * old[flips, None] * x[flips]
                moved[flips] = True
        states[going], m[going] = s, overlap
        going = going[moved]
        if not going.size:
            break
    return states.astype(np.float64)
