"""What is suggested while somebody types: against the model itself."""

import numpy as np
import torch

from rnnviz.nn.measure.suggesting import suggest
from rnnviz.nn.models.model import make_model
from rnnviz.specs.models import ModelSpec
from tests.support.tasks import task

SPEC = ModelSpec("lstm", 5)


def test_the_next_word_and_the_ranks_of_those_before_are_the_models_own() -> None:
    chosen = task("autocomplete")
    model = make_model(SPEC, chosen, 1)
    weights = {key: value.numpy() for key, value in model.state_dict().items()}
    inputs, tokens = chosen.encode("i grew up in kazoo")
    found = suggest(SPEC, chosen, weights, inputs)
    with torch.no_grad():
        logits = model(torch.tensor(inputs))[:, 0].numpy()
    shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    np.testing.assert_allclose(found["next"], shares[-1], atol=1e-6)
    assert len(found["ranks"]) == len(tokens) - 1
    for at, rank in enumerate(found["ranks"]):
        assert rank == 1 + (shares[at] > shares[at, inputs[at + 1, 0]]).sum()
    assert found["ranks"].size and suggest(SPEC, chosen, weights, inputs[:1])["ranks"].size == 0
