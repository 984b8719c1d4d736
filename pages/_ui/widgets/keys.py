"""The keys of everything that has one: widgets, containers and what is kept in a session."""

import enum


class Key(enum.StrEnum):
    """Fixed keys. Containers among them are stable names for browser tests and style sheets."""

    STATE = "rnnviz"
    STATUS = "status"
    LOSS = "loss"
    GRADIENTS = "gradients"
    FINDINGS = "findings"
    SHIPPED = "shipped"
    NOTICE = "notice"
    ANSWERS = "answers"
    ATTENTION = "attention"
    CARD = "task"
    EMPTY = "empty"
    CELLS = "drawer.cells"
    LEARNING = "drawer.learning"
    SHARE = "drawer.share"
    TASK = "experiment.task"
    WIDTH = "experiment.width"
    TEXT = "experiment.text"
    UPLOAD = "experiment.upload"
    TABLE = "table.upload"
    STEP = "moment.step"
    PROBE = "view.probe"
    LAYER = "view.layer"
    DIRECTION = "view.direction"
    CLOSER = "view.closer"


EXPERIMENT = "experiment."  # what all keys of the experiment's controls begin with


def control(*parts: object) -> str:
    """The key of a control of the experiment, such as `experiment.training.lr`."""
    return EXPERIMENT + ".".join(str(part) for part in parts)


def container(view: str, label: str) -> str:
    """The key of the container that shows one model in a view, such as `gates-lstm`."""
    return f"{view}-{label}"
