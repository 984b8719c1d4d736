"""Tensors as numpy arrays, as frames and pages hold them."""

import numpy as np
import torch
from torch import Tensor


def half(values: Tensor) -> np.ndarray:
    """As float16; what is too large for it becomes its largest number."""
    largest = torch.finfo(torch.float16).max
    return values.clamp(-largest, largest).half().cpu().numpy()


def single(values: Tensor) -> np.ndarray:
    """A copy as float32."""
    return values.detach().float().cpu().numpy().copy()
