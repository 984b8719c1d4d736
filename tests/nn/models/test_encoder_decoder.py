"""The whole model against one that is put together from torch's own parts, sample by sample and step by step."""

import math

import pytest
import torch

from rnnviz.nn.models.encoder_decoder import EncoderDecoder
from rnnviz.nn.models.losses import sequence_loss
from rnnviz.nn.models.model import make_model
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.batch import PAD
from tests.nn.models.plain import (
    CLOSE,
    TASK,
    answers_of,
    both,
    every_spec,
    named,
    one_by_one,
    plain_name,
    some_batch,
    some_masks,
)
from tests.nn.reference import STOCK_CELLS


@pytest.mark.parametrize("spec", every_spec(), ids=named)
def test_it_is_the_model_that_torchs_own_parts_make(spec: ModelSpec) -> None:
    model, plain = both(spec)
    sources, targets = some_batch()
    masks, fed = some_masks(model, sources, targets), model.fed_right(targets)
    found = one_by_one(plain, sources, fed, masks)
    reading = model.encode(sources, masks and masks[0])
    answers, weights = model.write(reading, fed, masks and masks[1])
    torch.testing.assert_close(answers, answers_of(found), **CLOSE)
    torch.testing.assert_close(model(sources, fed, masks), answers, rtol=0, atol=0)

    steps = list(model.decode_steps(reading, fed, masks and masks[1]))
    torch.testing.assert_close(torch.stack([one.answer for one in steps]), answers, **CLOSE)
    for layer in range(spec.layers):
        mine = torch.stack([one.states.h[layer] for one in steps])
        theirs = torch.stack([torch.stack(one.written[layer]) for one in found], 1)
        torch.testing.assert_close(mine, theirs, **CLOSE)

    assert (weights is None) == (spec.attention is None) == (steps[0].weights is None)
    if weights is not None:
        torch.testing.assert_close(torch.stack([one.weights for one in steps]), weights, **CLOSE)
        for b, one in enumerate(found):
            length = one.weights.shape[1]
            torch.testing.assert_close(weights[:, b, :length], one.weights, **CLOSE)
            assert not weights[:, b, length:].any()

    theirs = plain.gradients(sequence_loss(answers_of(found), targets))
    for answered in (answers, torch.stack([one.answer for one in steps])):
        named_weights = dict(model.named_parameters())
        mine = torch.autograd.grad(sequence_loss(answered, targets), list(named_weights.values()), retain_graph=True)
        for name, gradient in zip(named_weights, mine, strict=True):
            torch.testing.assert_close(gradient, theirs[plain_name(name)], rtol=1e-9, atol=1e-11, msg=name)


@pytest.mark.parametrize("attention", [None, "additive", "dot", "general"])
@pytest.mark.parametrize("cell", STOCK_CELLS)
def test_a_batch_and_more_padding_change_nothing(cell: str, attention: str | None) -> None:
    model, _ = both(ModelSpec(cell, 3, 2, attention != "dot", attention=attention))
    sources, targets = some_batch(6)
    fed = model.fed_right(targets)
    answers = model(sources, fed)
    longer = torch.cat([sources, torch.full((3, 6), PAD)])
    torch.testing.assert_close(model(longer, fed), answers, **CLOSE)
    order = [3, 0, 5, 1]
    torch.testing.assert_close(model(sources[:, order], fed[:, order]), answers[:, order], **CLOSE)
    for b in range(6):
        length = int((sources[:, b] != PAD).sum())
        alone = model(sources[:length, b : b + 1], fed[:, b : b + 1])
        torch.testing.assert_close(alone, answers[:, b : b + 1], **CLOSE)


def test_what_is_fed_after_a_step_does_not_reach_it() -> None:
    model, _ = both(ModelSpec("gru", 3, 2, True, attention="additive"))
    sources, targets = some_batch()
    fed = model.fed_right(targets)
    other = fed.clone()
    other[3:] = (other[3:] + 1) % 4
    one, two = model(sources, fed), model(sources, other)
    assert torch.equal(one[:3], two[:3]) and not torch.equal(one[3:], two[3:])


def test_the_first_symbol_fed_is_one_that_is_never_written() -> None:
    model, _ = both(ModelSpec("gru", 3))
    _, targets = some_batch()
    fed = model.fed_right(targets)
    assert model.start == TASK.output_size and set(fed[0].tolist()) == {model.start}
    assert fed[1:].max() < TASK.output_size and fed.min() >= 0
    real = targets[:-1] != PAD
    assert torch.equal(fed[1:][real], targets[:-1][real])


@pytest.mark.parametrize("spec", [ModelSpec("gru", 8, 3, True, dropout=0.25), ModelSpec("lstm", 8, 2, dropout=0.25)])
def test_masks_drop_their_share_in_both_halves_and_are_drawn_anew(spec: ModelSpec) -> None:
    model: EncoderDecoder = make_model(spec, TASK, 0)
    generator = torch.Generator().manual_seed(1)
    sources, targets = torch.zeros(9, 60, dtype=torch.int64), torch.zeros(7, 60, dtype=torch.int64)
    masks = model.masks(sources, targets, generator)
    again = model.masks(sources, targets, generator)
    assert masks is not None and again is not None
    for half, other, time, width in zip(masks, again, (9, 7), (8 * spec.directions, 8), strict=True):
        assert len(half) == spec.layers - 1
        for mask, later in zip(half, other, strict=True):
            assert mask.shape == (time, 60, width) and not torch.equal(mask, later)
            assert mask.unique().tolist() == [0.0, pytest.approx(1 / 0.75)]
            dropped, of = int((mask == 0).sum()), mask.numel()
            assert abs(dropped - of / 4) < 5 * math.sqrt(of * 3 / 16)
    assert make_model(ModelSpec("gru", 8), TASK, 0).masks(sources, targets, generator) is None


def test_models_that_differ_in_attention_alone_start_from_the_same_weights_elsewhere() -> None:
    one, two = (make_model(ModelSpec("gru", 5, attention=kind), TASK, 4).state_dict() for kind in ("dot", None))
    assert set(two) == {name for name in one if not name.startswith("combine")}
    assert all(torch.equal(one[name], weight) for name, weight in two.items())
