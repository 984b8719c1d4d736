"""Tensors as numpy arrays, as frames and pages hold them; and on their way to a device."""

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


def sent(values: Tensor, device: torch.device) -> Tensor:
    """A tensor of the CPU on a device, without waiting for it: a GPU fetches it by itself, from pinned memory."""
    if device.type != "cuda":
        return values.to(device)
    return values.pin_memory().to(device, non_blocking=True)
