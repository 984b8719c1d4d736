"""Where the fields of a model and of a training say anything, and what is said where they do not."""

from collections.abc import Mapping
from typing import Any

from rnnviz.cells import CELLS, Cell, option
from rnnviz.core.when import When
from rnnviz.tasks.places import AtPlaces


def kinds(model: Any) -> tuple[Cell, Cell]:
    """The cells of the encoder and of the decoder; the same twice where there is no decoder."""
    return CELLS[model.cell], CELLS[model.decoder or model.cell]


def of_cells(name: str) -> When:
    """An option of some cells: where either half of a model has it."""

    def why(model: Any) -> str:
        part = option(name).part
        return f"for {model.cell}" + (f", which has no {part}" if part else "")

    return When(lambda model: any(name in cell.options for cell in kinds(model)), why)


RECURRENT = When(
    lambda model: any(cell.recurrent for cell in kinds(model)),
    lambda model: f"for {model.cell}, which has no W_hh",
)
HANDED_ON = When(
    lambda model: CELLS[model.cell].recurrent and not shared(model),
    lambda model: (
        f"for {model.cell}, which reads only what came before"
        if not CELLS[model.cell].recurrent
        else "where reach is not none"
    ),
)
SCALED = When(lambda model: bool(model.init == "scaled"), lambda model: f"where init is {model.init}, not scaled")
STACKED = When(lambda model: bool(model.layers > 1), lambda _model: "for a single layer")
BETWEEN_LAYERS = When(STACKED.holds, lambda _model: "for a single layer: it acts between layers")

TRANSLATED = When(
    lambda task: bool(task.answering.by_decoder),
    lambda task: f"for the task {task.name}, which is not answered by a sequence of its own",
)
FED_BACK = When(TRANSLATED.holds, lambda task: f"for the task {task.name}, which feeds no answer back")
OWN_CELL = When(
    lambda task: TRANSLATED.holds(task) and not task.at_once,
    lambda task: (
        f"for the task {task.name}, whose encoder is no recurrent one" if task.at_once else TRANSLATED.why(task)
    ),
)
BACKWARD = When(
    lambda task: not task.predicts_next and not task.foretells and not task.at_once,
    lambda task: (
        f"for the task {task.name}, whose "
        + ("input has no order in time" if task.at_once else "answer it would read ahead")
    ),
)

AT_PLACES = When(
    lambda task: not task.sized_by_data and isinstance(task.reads, AtPlaces),
    lambda task: f"for the task {task.name}, which reads no places",
)


def shared(model: Any) -> bool:
    """Whether the weights of a model are shared by the places that it reads."""
    return model.reach is not None


def over_time(model: Any) -> Mapping[str, str]:
    """Cells whose weights no places can share, where they are to."""
    return dict.fromkeys(_without_state(), "where reach is not none") if shared(model) else {}


def all_at_once(model: Any) -> Mapping[str, str]:
    """First matrices that are known for weights between all units alone."""
    why = "where reach is not none, since W_hh is then no square of free weights"
    return dict.fromkeys(("orthogonal", "identity", "scaled"), why) if shared(model) else {}


def as_wide(model: Any) -> Mapping[str, str]:
    """Attentions that need states of the encoder as wide as those of the decoder."""
    why = "for an encoder in two directions, whose states are wider than the decoder's"
    return {"dot": why} if model.bidirectional else {}


def other_cell(model: Any) -> Mapping[str, str]:
    """The encoder's cell, as a decoder of the same is none of its own, and what hands no state on."""
    return {model.cell: ""} | {name: f"because {name} hands no state on" for name in _without_state()}


def handing_on(task: Any) -> Mapping[str, str]:
    """Cells of which no encoder is made, where a task asks for one."""
    why = f"for the task {task.name}, whose decoder starts from a state that is handed on"
    return dict.fromkeys(_without_state(), why) if TRANSLATED.holds(task) else {}


def _without_state() -> list[str]:
    return [name for name, cell in CELLS.items() if not cell.recurrent]
