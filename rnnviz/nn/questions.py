"""Questions that a page may ask of a worker: plain values in, plain values and numpy arrays out."""

import torch


def versions() -> dict[str, str]:
    """What computes here: torch's version, and the GPU's name or "cpu"."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    return {"torch": str(torch.__version__), "device": str(device)}


def single_threaded() -> int:
    """Use one thread, which is fastest for models this small; returns how many are used."""
    torch.set_num_threads(1)
    return torch.get_num_threads()
