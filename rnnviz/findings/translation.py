"""What is to be said of encoder–decoders alone: long inputs, running free, where they look, and how gradients get back.

What rests on few test inputs is told with their number, and a difference only where chance hardly makes it.
"""

import dataclasses
import math

import numpy as np

from rnnviz.analysis import gradient_norm
from rnnviz.analysis.translating import Group, groups, halves, joined, task_of
from rnnviz.core.names import listed, number, percent
from rnnviz.findings.finding import Finding, article, named, sentence
from rnnviz.findings.scores import idle
from rnnviz.runs.view import RunView
from rnnviz.specs import architectures
from rnnviz.tasks.translating import Translating

VIEW = "attention"
CLEAR = 2.6  # standard errors: about one in a hundred such differences is chance
COSTS, COSTLY = 1.1, 0.05  # running free costs something where the loss is so many times, and by so many nats, larger
PILED = 5.0  # percentage points by which running free costs more in the second half of the output than in the first
TIMES = 1.5  # a ratio that is no longer written in percent
SHARPER, FLATTER = 0.8, 1.25  # of the entropy at the first step


def of_sequences(at: RunView) -> tuple[Finding, ...]:
    """All there is to say of encoder–decoders at a step; nothing of other models, or of untrained ones."""
    if not architectures.of(at.experiment.task).writes or at.step == 0:
        return ()
    found = [long_inputs(at), longer_inputs(at), exposure_gap(at), piling_up(at)]
    found += [sharpened(at), reach_into_input(at)]
    return tuple(finding for finding in found if finding is not None)


def long_inputs(at: RunView) -> Finding | None:
    """Models with attention against the same models without it, on the longer half of the trained lengths.

    None where the experiment has no such pair.
    """
    most = task_of(at).length_trained
    return _compared(at, "long_inputs", most // 2 + 1, most, "Of the {count} test inputs of {lengths}")


def longer_inputs(at: RunView) -> Finding | None:
    """The same on inputs that are longer than any that is trained on; None where none are tested."""
    least = task_of(at).length_trained + 1
    which = "Of {count} inputs longer than trained on ({lengths})"
    return _compared(at, "longer_inputs", least, math.inf, which)


def pairs(at: RunView) -> list[tuple[str, str]]:
    """Models with attention, each with the first that is the same but for it."""
    specs = {label: at.experiment.model(label) for label in at.measured}
    found = []
    for label, spec in specs.items():
        twin = dataclasses.replace(spec, attention=None)
        other = next((one for one, its in specs.items() if its == twin), None)
        if spec.attention is not None and other is not None:
            found.append((label, other))
    return found


def _compared(at: RunView, kind: str, low: int, high: float, which: str) -> Finding | None:
    """One sentence on a part of the test inputs; None while nobody has written any of them right."""
    both = pairs(at)
    paired = [label for pair in both for label in pair]
    alone = [label for label in at.measured if at.experiment.model(label).attention and label not in paired]
    of = {label: joined(groups(at, label), low, high) for label in [*paired, *alone]}
    known = {label: group for label, group in of.items() if group is not None}
    if not both or len(known) < len(of) or not any(group.score for group in known.values()):
        return None
    told = [(article(one), percent(known[one].score), percent(known[other].score)) for one, other in both]
    (name, with_, without), *others = told
    said = [f"{name} writes {with_} right ({without} without attention)"]
    said += [f"{name} {with_} ({without})" for name, with_, without in others]
    more = [f"{sentence(article(label))}, also with attention: {percent(known[label].score)}." for label in alone]
    group = known[both[0][0]]
    verdict = "" if any(differs(known[one], known[other]) for one, other in both) else " No clear difference."
    head = which.format(count=group.count, lengths=lengths(task_of(at), group))
    evidence = {label: one.score for label, one in known.items()} | {"inputs": group.count}
    return Finding(" ".join([f"{head} {listed(said)}.{verdict}", *more]), evidence, kind, VIEW)


def lengths(task: Translating, group: Group) -> str:
    """The lengths of a group, such as "6 to 10 characters"."""
    unit = "place" if task.at_once else "word" if task.between else "character"
    if group.low == group.high:
        return f"{group.low} {unit}{'' if group.low == 1 else 's'}"
    return f"{group.low} to {group.high} {unit}s"


def differs(one: Group, other: Group) -> bool:
    """Whether two shares differ by more than chance makes them."""
    mean = (one.score * one.count + other.score * other.count) / (one.count + other.count) / 100
    spread = math.sqrt(mean * (1 - mean) * (1 / one.count + 1 / other.count))
    return spread > 0 and abs(one.score - other.score) / 100 > CLEAR * spread


def exposure_gap(at: RunView) -> Finding | None:
    """Exposure bias: held-out loss in free running against teacher forcing, one clause for each model.

    None where nothing was learned.
    """
    losses = {label: model.translated["held_out_loss"] for label, model in at.measured.items()}
    known = {label: (float(fed), float(free)) for label, (fed, free) in losses.items() if np.isfinite(fed + free)}
    if not any(free_costs(*two) for two in known.values()) and not known.keys() - idle(at).keys():
        return None
    evidence = {f"{label}, {how}": two[at] for label, two in known.items() for at, how in enumerate(("fed", "free"))}
    apart = {label: two for label, two in known.items() if abs(two[1] - two[0]) >= COSTLY}
    alike = [label for label in known if label not in apart]
    little = [label for label in alike if label in idle(at)]
    said = [*_changes(apart), *_alike([label for label in alike if label not in little], not apart)]
    said += _unlearned(little)
    return Finding(" ".join(f"{sentence(one)}." for one in said), evidence, "exposure", VIEW)


def _changes(apart: dict[str, tuple[float, float]]) -> list[str]:
    """The losses of those to which running free makes a difference, the most costly first."""
    order = sorted(apart, key=lambda label: _cost(*apart[label]), reverse=True)
    told = [(article(label), f"from {number(apart[label][0])} to {number(apart[label][1])}") for label in order]
    if not told:
        return []
    (first, losses), *others = told
    does = "raises" if apart[order[0]][1] > apart[order[0]][0] else "lowers"
    said = f"reading its own output in place of the right answer {does} the loss of {first}"
    more = [f"that of {name} goes {losses}" for name, losses in others]
    return [said, f"its held-out loss per symbol goes {losses}", *more]


def _alike(labels: list[str], alone: bool) -> list[str]:
    """Those that do about as well running free; alone if nothing was said before."""
    if not labels:
        return []
    if not alone:
        return [f"for {named(labels)} it changes little"]
    does = "does" if len(labels) == 1 else "do"
    own = "its own output" if len(labels) == 1 else "their own output"
    return [f"{named(labels)} {does} about as well with {own} as with the right answer"]


def _unlearned(labels: list[str]) -> list[str]:
    return [f"{named(labels)} {'has' if len(labels) == 1 else 'have'} learned little so far"] if labels else []


def _cost(fed: float, free: float) -> tuple[bool, float]:
    """Whether running free costs something, and how much."""
    return free_costs(fed, free), free - fed


def free_costs(fed: float, free: float) -> bool:
    """Whether a loss of running free is clearly larger than that when fed with the right answer."""
    return free >= COSTS * fed and free - fed >= COSTLY


def piling_up(at: RunView) -> Finding | None:
    """Whether errors make further errors: whom running free costs clearly more in the second half of the output."""
    costs = by_half(at)
    piled = {label: two for label, two in costs.items() if two[1] - two[0] >= PILED <= two[1]}
    if not piled:
        return None
    label = max(piled, key=lambda label: piled[label][1] - piled[label][0])
    others = [other for other in piled if other != label]
    less = f" Less so {named(others)}." if others else ""
    text = f"Errors lead to errors. {_costs({label: piled[label]})}{less}"
    return Finding(text, _evidence(piled), "piling_up", VIEW)


def even(at: RunView) -> Finding | None:
    """What running free costs in both halves of the output where errors do not pile up; None if nothing was learned."""
    costs = by_half(at)
    if not costs or piling_up(at) is not None:
        return None
    most = max(costs, key=lambda label: max(costs[label]))
    told = costs if len(costs) <= 2 else {most: costs[most]}
    if max(abs(cost) for two in costs.values() for cost in two) < PILED:
        text = f"No clear cost in either half. {_costs(told)}"
    else:
        text = f"{_costs(told)} It is not clearly more in the second half."
    return Finding(text, _evidence(costs), "piling_up", VIEW)


def by_half(at: RunView) -> dict[str, tuple[float, float]]:
    """Label → percentage points that running free costs in the first and in the second half.

    Of all models, as the chart beside it draws all: one without an exact match may still lose many symbols. Empty as
    long as none has learned anything.
    """
    known = at.measured
    return {label: halves(at, label).behind for label in known} if set(known) - set(idle(at)) else {}


def _costs(told: dict[str, tuple[float, float]]) -> str:
    (label, (first, second)), *others = told.items()
    text = (
        f"Running free costs {article(label)} {_points(first)} percentage points of right symbols in the first half. "
        f"In the second half it costs {_points(second)}."
    )
    for other, two in others:
        text += f" {sentence(article(other))}: {_points(two[0])} and {_points(two[1])}."
    below = any(cost <= -0.05 for two in told.values() for cost in two)
    return (
        text
        + " Running free means: it reads its own output in place of the right answer."
        + (" Below 0: better running free." if below else "")
    )


def _points(cost: float) -> str:
    return (f"{cost:z.1f}" if abs(cost) < 20 else f"{cost:.0f}").replace("-", "−")


def _evidence(costs: dict[str, tuple[float, float]]) -> dict[str, float]:
    return {f"{label}, half {at + 1}": two[at] for label, two in costs.items() for at in (0, 1)}


def sharpened(at: RunView) -> Finding | None:
    """How much sharper or flatter the weights of attention have become since the first step; None if about alike."""
    said: dict[str, list[str]] = {"sharpened": [], "flattened": []}
    evidence: dict[str, float] = {}
    for label, model in at.measured.items():
        first = next(iter(at.history(label).values()))
        before, now = (one.get("translated/alignment") for one in (first, model))
        if before is None or now is None or not before[0] > 0:
            continue
        how = _changed(float(now[0] / before[0]))
        if how:
            evidence |= {f"{label}, bits at first": float(before[0]), f"{label}, bits": float(now[0])}
            said[how].append(f"{article(label)} from {before[0]:.1f} to {now[0]:.1f} bits")
    told = [f"attention has {how}: the entropy of its weights went in {listed(w)}" for how, w in said.items() if w]
    return Finding(sentence(f"{'; '.join(told)}."), evidence, "sharpness", VIEW) if told else None


def _changed(ratio: float) -> str:
    return "sharpened" if ratio <= SHARPER else "flattened" if ratio >= FLATTER else ""


def reach_into_input(at: RunView) -> Finding | None:
    """What is left of the gradient ∂L/∂h at the first input symbol, compared with the first step of the decoder.

    None where all is read at once: there no symbol is the first.
    """
    shares = {}
    if task_of(at).at_once:
        return None
    for label in at.measured:
        norms = gradient_norm(at, label).astype(np.float64)
        first, wrote = norms[0], norms[task_of(at).input_steps]
        if np.isfinite(first) and np.isfinite(wrote) and wrote > 0:
            shares[label] = float(first / wrote)
    if not shares:
        return None
    specs = [at.experiment.model(label) for label in shares]
    where = " of the top layer" if any(spec.layers > 1 for spec in specs) else ""
    read = ", read forward," if any(spec.bidirectional for spec in specs) else ""
    text = (
        f"At the first input symbol{read} ∂L/∂h{where} has {listed(_shares(shares, dict(pairs(at))))}. "
        "This is compared with its size at the decoder’s first output position."
    )
    return Finding(text, {f"{label} share": part for label, part in shares.items()}, "reach_input", "gradients")


def _shares(shares: dict[str, float], twins: dict[str, str]) -> list[str]:
    """Each model's share; that of the same without attention in parentheses."""
    said: list[str] = []
    for label, part in shares.items():
        if label in twins.values():
            continue
        first = not said
        twin = f" ({_size(shares[twins[label]])}{' without attention' * first})" if twins.get(label) in shares else ""
        of = (" its size" if part >= TIMES else " of its size") if first else ""
        said.append(f"{_size(part)}{of} in {article(label)}{twin}")
    return said


def _size(part: float) -> str:
    if part >= TIMES:
        return f"{part:.1f} times" if part < 10 else f"{part:,.0f} times"
    return percent(100 * part) if part >= 0.001 else "less than 0.1 %"
