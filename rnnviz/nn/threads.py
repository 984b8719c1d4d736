"""How many threads torch uses."""

import contextlib
from collections.abc import Iterator

import torch


@contextlib.contextmanager
def on_one_thread() -> Iterator[None]:
    """Torch on one CPU thread for a while."""
    threads = torch.get_num_threads()
    if threads != 1:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        if threads != 1:
            torch.set_num_threads(threads)
