"""Bringing a checkpoint, as torch.save writes it."""

from pathlib import Path
from typing import Any

import torch

import rnnviz as rv
from rnnviz.nn.checkpoints.opening import Checkpoint


def bring(folder: Path, state: Any, **more: Any) -> Checkpoint:
    """Save it, and open the file; more: arguments of `torch.save`."""
    path = folder / "model.pt"
    torch.save(state, path, **more)
    return rv.open_checkpoint(path)


class Setting:
    """An object of a class that no other machine has."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)
