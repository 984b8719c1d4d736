"""What each page of a run shows: which pictures, which charts over training, which of one moment."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Page:
    """The parts of one page.

    pictures: of `pictures.CHOSEN`, what its pictures show; "" for none.
    trends:   charts over the whole training, functions of `trends`.
    moving:   charts of one moment, of `moving.CHARTS`.
    history:  whether it shows the gradient over training and time steps.
    """

    pictures: str = ""
    trends: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()
    history: bool = False


PAGES = {
    "compare": Page("hidden", ("score", "loss"), ("gradient",), history=True),
    "states": Page("states"),
    "gates": Page("gates"),
    "gradients": Page("", ("norm", "clipped"), ("both_gradients",), history=True),
}
