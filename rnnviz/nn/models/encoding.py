"""The encoder of an encoder–decoder by itself: recurrent layers like any other, which read embeddings."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.nn.models.encoder_decoder import EncoderDecoder
from rnnviz.nn.models.model import restored_translator
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task


def restored_encoder(
    spec: ModelSpec, task: Task, weights: Mapping[str, np.ndarray], symbols: np.ndarray
) -> tuple[nn.RNNBase, Tensor]:
    """The recurrent layers in double precision, with the weights of a frame, and what they read, (T, B, H).

    symbols: (T, B), without padding.
    """
    model: EncoderDecoder = restored_translator(spec, task, weights).double().requires_grad_(False)
    x, _ = model.embedded(torch.tensor(symbols))
    encoder: nn.RNNBase = model.encoder
    return encoder, x
