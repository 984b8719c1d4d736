"""A recorder sees what `rv.trace` and `rv.gradient_flow` see, changes nothing and leaves nothing behind."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import rnnviz as rv
from rnnviz.core import limits
from rnnviz.nn.cells.gru_before import ResetBeforeGRU
from tests.nn.record.helpers import first_model, hooks, train
from tests.nn.reference import numbers

KINDS: dict[str, Callable[..., nn.RNNBase]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU, "ours": ResetBeforeGRU}


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_a_recorded_training_is_the_same_bit_for_bit(dropout: float) -> None:
    torch.manual_seed(7)
    plain = train(first_model(dropout=dropout), 12)
    torch.manual_seed(7)
    model = first_model(dropout=dropout)
    with rv.recording(model, every=2):
        train(model, 12)
    for mine, expected in zip(model.parameters(), plain.parameters(), strict=True):
        assert torch.equal(mine, expected)


def test_it_finds_all_layers_records_every_so_many_steps_and_leaves_nothing_behind() -> None:
    model = first_model()
    with rv.recording(model, every=5, samples=2) as recorder:
        assert recorder.names == ("parts.encoder", "decoder") and hooks(model) > 0
        train(model, 12)
    assert hooks(model) == 0 and not recorder.notes
    assert [step for step, _ in recorder.traces["decoder"]] == [0, 5, 10]
    found = recorder.dataset("parts.encoder")
    assert dict(found.sizes) == {"step": 3, "layer": 2, "direction": 2, "time": 9, "sample": 2, "unit": 6}
    assert list(found.step) == [0, 5, 10] and float(found.difference.max()) < 1e-6
    assert float(found.hidden_grad_norm.min()) > 0 and "cell_grad_norm" in found
    train(model, 2)
    assert len(recorder.traces["decoder"]) == 3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layout", ["time first", "batch first", "alone"])
def test_traces_and_norms_are_those_of_trace_and_gradient_flow(kind: str, layout: str) -> None:
    module = KINDS[kind](3, 4, 2, bidirectional=True, batch_first=layout == "batch first").double()
    x = numbers(*{"time first": (6, 5, 3), "batch first": (5, 6, 3), "alone": (6, 3)}[layout])
    state: Any = numbers(4, 5, 4, seed=2) if layout != "alone" else numbers(4, 4, seed=2)
    state = (state, 0.5 * state) if kind == "lstm" else state

    def loss_fn(output: Tensor, final: Any) -> Tensor:
        parts = final if isinstance(final, tuple) else (final,)
        return output.square().sum() + sum(part.sum() for part in parts)

    flow = rv.gradient_flow(module, x, loss_fn, state)
    with rv.recording(module, samples=5) as recorder:
        loss_fn(*module(x, state)).backward()
        with torch.no_grad():
            for weight in module.parameters():
                weight.zero_()  # as an optimizer would, before anybody reads
    ((step, found),) = recorder.traces[type(module).__name__]
    assert step == 0 and found.attrs["difference"] < 1e-12
    for name in ("hidden", *(["cell"] if kind == "lstm" else [])):
        np.testing.assert_allclose(found[name], flow[name], atol=1e-12)
        np.testing.assert_allclose(found[f"{name}_grad_norm"], flow[f"{name}_grad_norm"], rtol=1e-9)


def test_gates_are_counted_over_all_sequences() -> None:
    module, x = nn.LSTM(3, 4, 2), 6 * torch.randn(7, 9, 3, generator=torch.Generator().manual_seed(0))
    traced = rv.trace(module, x)
    with rv.recording(module, samples=1) as recorder:
        module(x)
    table = recorder.gates()
    assert list(table.module.unique()) == ["LSTM"] and len(table) == 2 * 3
    for row in table.itertuples():
        values = traced[row.gate].isel(layer=row.layer).sel(direction=row.direction)
        assert row.mean == pytest.approx(float(values.mean()), rel=1e-5)
        assert row.share_open == pytest.approx(float((values > 0.95).mean()), abs=1e-6)
        assert row.share_shut == pytest.approx(float((values < 0.05).mean()), abs=1e-6)


def test_what_is_not_training_is_neither_counted_nor_recorded() -> None:
    model, tokens = first_model(), torch.zeros(2, 5, dtype=torch.long)
    with rv.recording(model, every=1) as recorder:
        model.eval()
        model(tokens)
        model.train()
        with torch.no_grad():
            model(tokens)
        model(tokens)
        model.eval()
        model(tokens)
    assert [step for step, _ in recorder.traces["decoder"]] == [0]
    assert np.isnan(recorder.dataset("decoder").hidden_grad_norm).all(), "no loss was differentiated"


def test_a_loop_may_count_its_own_steps() -> None:
    model = first_model()
    with rv.recording(model, every=4) as recorder:
        train(model, 9, recorder.step)
    assert [step for step, _ in recorder.traces["decoder"]] == [0, 4, 8]
    encoder, decoder = nn.GRU(3, 4), nn.GRU(4, 4)
    both = nn.ModuleList([encoder, decoder])  # which is never called itself
    with rv.recording(both, every=2) as recorder:
        for _ in range(3):
            recorder.step()
            decoder(encoder(torch.zeros(5, 2, 3))[0])[0].sum().backward()
    assert {name: [step for step, _ in found] for name, found in recorder.traces.items()} == {"0": [0, 2], "1": [0, 2]}


def test_a_layer_called_twice_in_a_step_is_recorded_twice() -> None:
    class Twins(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru = nn.GRU(3, 4)

        def forward(self, x: Tensor, times: int) -> Tensor:
            for _ in range(times - 1):
                self.gru(x)
            return self.gru(2 * x)[0]

    model, x = Twins(), torch.ones(5, 2, 3)
    with rv.recording(model, every=1) as recorder:
        model(x, 2).sum().backward()
    assert set(recorder.traces) == {"gru", "gru#2"}
    np.testing.assert_allclose(recorder.dataset("gru#2").hidden[0], rv.trace(model.gru, 2 * x).hidden, atol=1e-6)
    assert not np.isnan(recorder.dataset("gru#2").hidden_grad_norm).any()
    with rv.recording(model, every=1) as recorder:
        model(x, 12)
    assert len(recorder.traces) == 8 and "more than 8 times in a step" in recorder.notes[0]


def test_recorders_side_by_side_and_one_after_the_other() -> None:
    model = first_model()
    with rv.recording(model, every=2) as outer, rv.recording(model.decoder, every=3) as inner:
        train(model, 7)
        with pytest.raises(RuntimeError, match="at work already"), outer:
            pass
        assert hooks(model) > 0
    assert [step for step, _ in outer.traces["decoder"]] == [0, 2, 4, 6]
    assert [step for step, _ in inner.traces["GRU"]] == [0, 3, 6]
    with outer:
        train(model, 2)
    assert [step for step, _ in outer.traces["decoder"]] == [0, 2, 4, 6, 8] and hooks(model) == 0


def test_an_exception_inside_leaves_no_hook_and_what_was_found_stays() -> None:
    model = first_model()
    recorder = rv.recording(model, every=1)
    with pytest.raises(KeyboardInterrupt), recorder:
        train(model, 3)
        raise KeyboardInterrupt
    assert hooks(model) == 0 and len(recorder.traces["decoder"]) == 3


def test_what_cannot_be_traced_is_a_note_and_no_end_of_training() -> None:
    module = nn.GRU(3, 4)
    with rv.recording(module, every=1) as recorder:
        for _ in range(3):
            module(torch.zeros(4, 0, 3))[0].sum().backward()
    said = "inputs must be of shape (time, sample, 3) or (time, 3), not empty; got shape (4, 0, 3)."
    assert recorder.notes == [f"GRU was not recorded: {said}"]
    with pytest.raises(LookupError, match=r"nothing was.*not empty"):
        recorder.dataset()
    assert recorder.gates().empty
    with rv.recording(nn.ModuleList([module, nn.LSTM(3, 4, proj_size=2)])) as recorder:
        assert recorder.names == ("0",) and "proj_size 2" in recorder.notes[0]


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match=r"must hold a torch.nn.RNN, LSTM or GRU; got Linear with none"):
        rv.recording(nn.Linear(2, 3))
    for wrong in (None, "x", [nn.GRU(2, 3)], {"a": nn.GRU(2, 3)}, nn.GRU):
        with pytest.raises(ValueError, match=r"model must be a torch\.nn\.Module; got"):
            rv.recording(wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"with none\. GRU is not recorded: .* the meta device"):
        rv.recording(nn.GRU(2, 3, device="meta"))
    for wrong in (0, -1, True, 2.5):  # type: ignore[assignment]
        with pytest.raises(ValueError, match="every must be a whole number above 0"):
            rv.recording(nn.GRU(2, 3), every=wrong)  # type: ignore[arg-type]
    with rv.recording(first_model(), every=1) as recorder:
        pass
    with pytest.raises(LookupError, match="called as a whole"):
        recorder.dataset("decoder")


def test_sequences_of_different_lengths_stand_side_by_side() -> None:
    module = nn.RNN(2, 3)
    with rv.recording(module, every=1) as recorder:
        for time in (5, 3):
            module(torch.ones(time, 2, 2))[0].sum().backward()
    found = recorder.dataset()
    assert (
        found.sizes["time"] == 5 and np.isnan(found.hidden[1, :, :, 3:]).all() and not np.isnan(found.hidden[0]).any()
    )


def test_many_traces_are_thinned_and_the_statistics_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_RECORDING", 20_000)
    module = nn.GRU(2, 8)
    with rv.recording(module, every=1) as recorder:
        for _ in range(20):
            module(torch.ones(10, 4, 2))[0].sum().backward()
    steps = [step for step, _ in recorder.traces["GRU"]]
    assert 2 <= len(steps) < 6 and steps[0] == 0
    assert recorder.gates().step.nunique() == 20 and "let go of" in recorder.notes[0]
