"""What each page of a run shows: which pictures, which charts over training, which of one moment."""

import dataclasses

from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment


@dataclasses.dataclass(frozen=True)
class Page:
    """The parts of one page.

    pictures: of `pictures.CHOSEN`, what its pictures show; "" for none.
    lacks:    what a model without any of these has not, in words; "" where every model has some.
    keys:     what the keys of its pictures begin with, as in "states-lstm".
    trends:   charts over the whole training, functions of `trends`.
    moving:   charts of one moment, of `moving.CHARTS`.
    history:  whether it shows the gradient over training and time steps.
    cells:    whether it takes the cells apart.
    decoders: whether it shows what decoders write and where they look; it has nothing else, and no layers.
    unrolled: whether it draws the networks unrolled in time.
    guessed:  whether a visitor guesses who will learn the task before a run is shown.
    own:      whether a picture of the task's own field stands in place of its pictures, where the task has one.
    """

    pictures: str = ""
    lacks: str = ""
    keys: str = "states"
    trends: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()
    history: bool = False
    cells: bool = False
    decoders: bool = False
    unrolled: bool = False
    own: bool = False
    guessed: bool = False


_OF_ATTENTION = ("entropy", "peak")
PAGES = {
    "compare": Page(
        "hidden",
        own=True,
        guessed=True,
        trends=("score", "marked", "loss", "fit"),
        moving=("gradient",),
        history=True,
    ),
    "architectures": Page(unrolled=True),
    "anatomy": Page(cells=True),
    "states": Page("states"),
    "gates": Page("gates", lacks="gates", keys="gates"),
    "gradients": Page(trends=("norm", "clipped"), moving=("both_gradients",), history=True),
    "attention": Page(trends=("score", "exposure", *_OF_ATTENTION), moving=("positions", "by_length"), decoders=True),
}


def of(experiment: Experiment, name: str) -> Page:
    """What a page shows of an experiment: nothing of decoders where there are none, nor of attention.

    Raises:
        KeyError: the page has no line in `PAGES`.
    """
    if name not in PAGES:
        raise KeyError(f"the page {name!r} has no line in rnnviz.live.pages.PAGES")
    page = PAGES[name]
    if not experiment.task.picture:
        page = dataclasses.replace(page, own=False)
    if not experiment.task.marks:
        page = dataclasses.replace(page, trends=tuple(name for name in page.trends if name != "marked"))
    if not page.decoders:
        return page
    if not architectures.of(experiment.task).writes:
        return Page()
    attends = any(model.attention for model in experiment.models)
    return page if attends else dataclasses.replace(page, trends=page.trends[: -len(_OF_ATTENTION)])
