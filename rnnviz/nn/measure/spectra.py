"""Singular values of many matrices, also where some hold no numbers: those get NaN instead of an error."""

import torch
from torch import Tensor


def singular_values(matrices: Tensor) -> Tensor:
    """Singular values, largest first: (…, M, N) → (…, min(M, N)); NaN for a matrix with a NaN or infinity."""
    sound = torch.isfinite(matrices).all(-1).all(-1)
    values = torch.linalg.svdvals(torch.where(sound[..., None, None], matrices, 0.0))
    return torch.where(sound[..., None], values, torch.nan)


def spectral_norms(matrices: Tensor) -> Tensor:
    """The largest singular values: (…, M, N) → (…,); NaN for a matrix with a NaN or infinity.

    The root of the largest eigenvalue of A Aᵀ: cheaper than all singular values and, for the largest, as exact.
    """
    sound = torch.isfinite(matrices).all(-1).all(-1)
    matrices = torch.where(sound[..., None, None], matrices, 0.0)
    size = matrices.abs().amax((-2, -1), keepdim=True).clamp_min(torch.finfo(matrices.dtype).tiny)
    scaled = matrices / size
    largest = torch.linalg.eigvalsh(scaled @ scaled.mT)[..., -1].clamp_min(0).sqrt()
    return torch.where(sound, largest * size[..., 0, 0], torch.nan)
