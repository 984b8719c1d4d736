"""Arguments of the public functions: what is understood, and a sentence for what is not."""

import contextlib
import numbers
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.core.errors import plain, shown

LONGEST_REASON = 200  # characters of somebody else's error in a message


@contextlib.contextmanager
def in_words(what: str) -> Iterator[None]:
    """Let no error leave but a ValueError: what is not foreseen comes from a module or an input of somebody else's."""
    try:
        yield
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(f"{what} cannot be computed from what was given: {reason(error)}.") from error


@contextlib.contextmanager
def gradients_on() -> Iterator[None]:
    """Gradients for a loss, wherever the caller is: inside `no_grad` and `inference_mode`, too."""
    with torch.inference_mode(False), torch.enable_grad():
        yield


def reason(error: Exception) -> str:
    """Somebody else's error in one printable line."""
    return plain(f"{type(error).__name__}: {error}", LONGEST_REASON).rstrip(" .:")


def called(loss_fn: Callable[..., Any], *outputs: Any) -> Any:
    """What a loss function makes of a module's outputs.

    Raises:
        ValueError: it raised something.
    """
    try:
        return loss_fn(*outputs)
    except Exception as error:
        raise ValueError(f"loss_fn must take the module's output; it raised {reason(error)}.") from error


def numbers_of(name: str, value: Any) -> Tensor:
    """An argument as a dense tensor of real numbers, apart from any graph.

    Anything will do of which numpy can make an array of numbers: lists, DataFrames, other libraries' arrays.

    Raises:
        ValueError: it is none; the argument goes by `name`.
    """
    try:
        found = _tensor(value).detach()
    except Exception:
        raise ValueError(f"{name} must be an array or a tensor of numbers; got {shown(value)}.") from None
    check_numbers(name, found)
    return found


def _tensor(value: Any) -> Tensor:
    if isinstance(value, Tensor):
        return value
    if isinstance(value, nn.utils.rnn.PackedSequence):
        raise TypeError
    if isinstance(value, (list, tuple)) and value and all(isinstance(one, Tensor) for one in value):
        return torch.stack([*value])
    if isinstance(value, complex):
        return torch.as_tensor(value)
    if isinstance(value, np.ma.MaskedArray):
        return torch.from_numpy(np.ma.filled(value.astype(np.float64), np.nan))
    array = value.to_numpy() if callable(getattr(value, "to_numpy", None)) else np.asarray(value)
    if array.dtype == object and not all(isinstance(one, numbers.Real) for one in array.flat):
        raise TypeError
    if array.dtype.kind not in "biufcO":
        raise TypeError
    plainly = array.dtype.kind in "bic" or array.dtype in (np.float32, np.float16)
    wanted = array.dtype.newbyteorder("=") if plainly else np.float64
    return torch.from_numpy(np.array(array, dtype=wanted, order="C"))


def check_numbers(name: str, values: Tensor) -> None:
    """Refuse what holds no numbers, or others than dense real ones.

    Raises:
        ValueError: says what came.
    """
    kind = str(values.dtype).removeprefix("torch.")
    if values.is_complex():
        raise ValueError(f"{name} must be of real numbers; got {kind}.")
    if values.is_quantized:
        raise ValueError(f"{name} must be of real numbers; got {kind}, which is quantised.")
    if values.is_meta:
        raise ValueError(f"{name} must hold numbers; got the meta device, which holds none.")
    if values.is_nested or values.layout is not torch.strided:
        raise ValueError(f"{name} must be dense; got a {'nested' if values.is_nested else 'sparse'} tensor.")


def token_grid(tokens: Any, x: Tensor) -> np.ndarray | None:
    """`tokens` as an array (T, B) for inputs (T, B, I).

    Raises:
        ValueError: they are not one for every time step and sample.
    """
    if tokens is None:
        return None
    try:
        found = np.asarray(tokens)
    except ValueError:  # rows of different lengths
        found = np.asarray(tokens, dtype=object)
    except Exception:
        raise ValueError(f"tokens must be one for every time step and sample; got {shown(tokens)}.") from None
    if found.shape != tuple(x.shape[:2]):
        wanted = f"one for every time step and sample, of shape {tuple(x.shape[:2])}"
        raise ValueError(f"tokens must be {wanted}; got shape {found.shape}.")
    return found


def check_loss(loss_fn: Any) -> None:
    """Refuse what cannot be called.

    Raises:
        ValueError: says what came.
    """
    if not callable(loss_fn):
        raise ValueError(f"loss_fn must be a function of the module's output; got {shown(loss_fn)}.")


def described(value: Any) -> str:
    """What a loss function returned, for a message."""
    if not isinstance(value, Tensor):
        return type(value).__name__
    kind = str(value.dtype).removeprefix("torch.")
    free = "" if value.requires_grad else " that does not depend on the output"
    return f"{kind} of shape {tuple(value.shape)}{free}"
