"""Units and gates that no longer do their work, of any traced model: it need not come from a run."""

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis import diagnoses
from rnnviz.cells import CELLS, gate, title
from rnnviz.core.names import ACTIVATIONS, percent
from rnnviz.findings.finding import Finding, sentence


def of_states(
    owner: str, cell: str, activation: str, traced: Mapping[str, np.ndarray], read: str = "the probes"
) -> tuple[Finding, ...]:
    """All there is to say about the units and gates of a model.

    owner:  whose they are, within a sentence: "the RNN".
    cell:   its name; activation: the model's own, "tanh", "relu" or "sigmoid".
    traced: states and gates by name, (layer, direction, time, sample, unit).
    read:   what the model has read: "the probes".
    """
    found = [
        saturated(owner, cell, activation, traced, read),
        dead(owner, cell, activation, traced, read),
        *stuck_gates(owner, traced),
    ]
    return tuple(finding for finding in found if finding is not None)


def real(values: np.ndarray) -> np.ndarray:
    """Of states (layer, direction, time, sample, unit) those that are there, (layer, direction, state, 1, unit).

    Missing are directions that are NaN at all times, and steps at which a sequence is over. Nothing is left of a
    variable that is NaN altogether.
    """
    there = np.isfinite(values).any((0, 2, 3, 4))
    kept = values[:, there]
    over = np.isnan(kept).any((0, 1, 4))
    return kept[:, :, ~over][:, :, :, None]


def saturated(
    owner: str, cell: str, activation: str, traced: Mapping[str, np.ndarray], read: str = "the probes"
) -> Finding | None:
    """Units nearly always so far out on their squashing function that it passes hardly any gradient on."""
    squashed = CELLS[cell].squashed
    kind = "tanh" if squashed else CELLS[cell].phi(activation)
    if kind in ("", "relu"):
        return None
    values = np.tanh(traced[squashed].astype(np.float32)) if squashed else traced["hidden"]
    which = diagnoses.saturated(values, kind)
    count, total = int(which.sum()), which.size
    if count < diagnoses.MANY * total:
        return None
    where = "below 0.01 or above 0.99" if kind == "sigmoid" else "beyond ±0.99"
    one = total == 1
    of = f"tanh of {'its' if one else 'their'} {title(squashed)} is" if squashed else "it is" if one else "they are"
    text = (
        f"{_some(count, total, owner)} {'is' if one else 'are'} saturated. On {read} {of} nearly always {where}, where "
        f"{ACTIVATIONS[kind]} passes hardly any gradient on."
    )
    return Finding(sentence(text), {f"{owner}: saturated": count, f"{owner}: units": total}, "saturated", "states")


def dead(
    owner: str, cell: str, activation: str, traced: Mapping[str, np.ndarray], read: str = "the probes"
) -> Finding | None:
    """Units that say the same at every step of what was read: of a ReLU, those that are 0.

    Only those of a ReLU are called dead: another unit that hardly changes on a few sequences may on others.
    """
    relu = CELLS[cell].phi(activation) == "relu"
    which = diagnoses.dead(traced["hidden"]) if relu else diagnoses.constant(traced["hidden"])
    count, total = int(which.sum()), which.size
    if count < diagnoses.MANY * total:
        return None
    be, change = ("is", "changes") if total == 1 else ("are", "change")
    what = f"{be} dead: 0 at every time step of {read}" if relu else f"hardly {change} at any time step of {read}"
    text = f"{_some(count, total, owner)} {what}."
    return Finding(sentence(text), {f"{owner}: dead": count, f"{owner}: units": total}, "dead", "states")


def stuck_gates(owner: str, traced: Mapping[str, np.ndarray]) -> tuple[Finding, ...]:
    """Gates that stand open or shut, all told, and so do not decide anything."""
    found = []
    for name, values in traced.items():
        known = gate(name)
        stuck = diagnoses.stuck(values) if known else None
        if known is None or stuck is None:
            continue
        how = _how(stuck, dict(zip(("open", "shut"), known.stuck, strict=False)).get(stuck.at, ""))
        text = f"{_whose(known.title, owner)} is stuck {stuck.at} {how}."
        evidence = {f"{owner}: mean {known.title}": stuck.mean, f"{owner}: share of units": stuck.share}
        found.append(Finding(sentence(text), evidence, "stuck_gates", "gates"))
    return tuple(found)


def _how(stuck: diagnoses.Stuck, means: str) -> str:
    """By which of the two signs a gate is stuck, and what that means; "" where that is not known."""
    if stuck.all_told:
        return f"({stuck.mean:.2f} on average)" + (f": {means}" if means else "")
    where = "above 0.95" if stuck.at == "open" else "below 0.05"
    said = f": there {means}" if means else ""
    return f"in {percent(100 * stuck.share)} of its units, at all times {where}{said}"


def _some(count: int, total: int, owner: str) -> str:
    """So many units of an owner, who may have a long name: "the decoder of GRU without attention"."""
    if total == 1:
        return f"the only unit of {owner}"
    return f"{count} of the {total} units of {owner}" if " of " in owner else f"{count} of {owner}’s {total} units"


def _whose(thing: str, owner: str) -> str:
    return f"the {thing} of {owner}" if " of " in owner else f"{owner}’s {thing}"
