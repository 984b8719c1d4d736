"""Calls that go on where the last one ended are one trace over time: loops over cells, decoders step by step."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import rnnviz as rv
from tests.nn.record.helpers import hooks
from tests.nn.reference import numbers

CELLS: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "rnn": (nn.RNNCell, nn.RNN, {}),
    "relu": (nn.RNNCell, nn.RNN, {"nonlinearity": "relu"}),
    "lstm": (nn.LSTMCell, nn.LSTM, {}),
    "gru": (nn.GRUCell, nn.GRU, {}),
    "without biases": (nn.GRUCell, nn.GRU, {"bias": False}),
}
PARTS = ("hidden", "cell")


class Looped(nn.Module):
    """A loop over a cell, as somebody writes it, beside a layer."""

    def __init__(self, cell: Any) -> None:
        super().__init__()
        self.cell, self.layer = cell, nn.GRU(3, 4).double()

    def forward(self, x: Tensor, state: Any = None) -> Tensor:
        self.layer(x)
        outputs = []
        for x_t in x:
            state = self.cell(x_t, state)
            outputs.append(state[0] if isinstance(state, tuple) else state)
        return torch.stack(outputs)


def layer_of(cell: nn.RNNCellBase, kind: Any, more: dict[str, Any]) -> nn.RNNBase:
    layer: nn.RNNBase = kind(cell.input_size, cell.hidden_size, **more).double()
    layer.load_state_dict({f"{name}_l0": weight for name, weight in cell.state_dict().items()})
    return layer


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("first", [False, True], ids=["from zeros", "from a state"])
def test_a_loop_over_a_cell_is_one_trace_that_equals_the_layers(name: str, first: bool) -> None:
    make, kind, more = CELLS[name]
    model, x = Looped(make(3, 4, **more).double()), numbers(6, 5, 3)
    layer, h = layer_of(model.cell, kind, more), numbers(5, 4, seed=1)
    state = None if not first else (h, 0.5 * h) if kind is nn.LSTM else h
    given = None if not first else tuple(p[None] for p in state) if kind is nn.LSTM else state[None]
    flow = rv.gradient_flow(layer, x, lambda output: (output * numbers(6, 5, 4, seed=3)).sum(), given)
    with rv.recording(model, every=1, samples=5) as recorder:
        assert recorder.names == ("cell", "layer")
        (model(x, state) * numbers(6, 5, 4, seed=3)).sum().backward()
    assert not recorder.notes and hooks(model) == 0
    ((step, found),) = recorder.traces["cell"]
    assert step == 0 and found.attrs["difference"] < 1e-12
    assert dict(found.sizes) == {"layer": 1, "direction": 1, "time": 6, "sample": 5, "unit": 4}
    assert list(found.time) == [*range(6)]
    for variable in set(flow.data_vars) - {"hidden_grad", "cell_grad"}:
        np.testing.assert_allclose(found[variable], flow[variable], rtol=1e-9, atol=1e-12, err_msg=variable)
    table = recorder.gates().query("module == 'cell'")
    for row in table.itertuples():
        assert row.mean == pytest.approx(float(flow[row.gate].mean()), abs=1e-12)


class Decoder(nn.Module):
    """A decoder that is called one time step at a time and reads its own output."""

    def __init__(self, kind: Any, layers: int = 1, **more: Any) -> None:
        super().__init__()
        self.recurrent, self.readout = kind(3, 4, layers, **more).double(), nn.Linear(4, 3).double()

    def forward(self, x: Tensor, state: Any, times: int) -> tuple[list[Tensor], list[Tensor]]:
        read, written = [], []
        for _ in range(times):
            read.append(x)
            output, state = self.recurrent(x, state)
            x = self.readout(output)
            written.append(x)
        return read, written


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
@pytest.mark.parametrize("layers", [1, 2])
def test_a_decoder_called_step_by_step_is_one_trace(kind: Any, layers: int) -> None:
    model, first = Decoder(kind, layers), numbers(layers, 5, 4)
    state = (first, first) if kind is nn.LSTM else first
    with rv.recording(model, every=1, samples=5) as recorder:
        read, written = model(numbers(1, 5, 3), state, 7)
        torch.stack(written).square().sum().backward()
    assert set(recorder.traces) == {"recurrent"} and not recorder.notes
    found = recorder.dataset().isel(step=0)
    wanted = rv.trace(model.recurrent, torch.cat(read), state)
    assert found.sizes["time"] == 7
    for variable in wanted.data_vars:
        np.testing.assert_allclose(found[variable], wanted[variable], atol=1e-12, err_msg=variable)


def test_gradients_of_a_decoder_go_through_all_that_it_reads() -> None:
    """Against autograd, through a decoder that reads its own output."""
    model, first = Decoder(nn.LSTM), numbers(1, 5, 4)
    with rv.recording(model, every=1) as recorder:
        torch.stack(model(numbers(1, 5, 3), (first, first), 6)[1]).square().sum().backward()
    cell = nn.LSTMCell(3, 4).double()
    cell.load_state_dict({name.removesuffix("_l0"): w for name, w in model.recurrent.state_dict().items()})
    x, h, c, hidden, written = numbers(1, 5, 3)[0], first[0], first[0], [], []
    for _ in range(6):
        h, c = cell(x, (h, c))
        hidden.append(h)
        x = model.readout(h)
        written.append(x)
    wanted = torch.autograd.grad(torch.stack(written).square().sum(), hidden)
    norms = recorder.dataset().hidden_grad_norm.values.ravel()
    np.testing.assert_allclose(norms, torch.stack(wanted).flatten(1).norm(dim=1), rtol=1e-9)


def test_parts_of_a_sequence_with_the_state_cut_from_the_graph_are_one_trace() -> None:
    """Truncated backpropagation: each part has its own loss, and time runs on."""
    module, x = nn.GRU(3, 4, batch_first=True).double(), numbers(2, 9, 3)
    state = None
    with rv.recording(nn.ModuleList([module]), every=1) as recorder:
        recorder.step()
        for part in x.split(3, 1):
            output, state = module(part, state if state is None else state.detach())
            output.square().sum().backward()
    found = recorder.dataset().isel(step=0)
    np.testing.assert_allclose(found.hidden, rv.trace(module, x).hidden, atol=1e-12)
    wanted = rv.gradient_flow(module, x[:, 6:], lambda output: output.square().sum(), state=_after(module, x[:, :6]))
    np.testing.assert_allclose(found.hidden_grad_norm[..., 6:], wanted.hidden_grad_norm, rtol=1e-9)


def _after(module: nn.RNNBase, x: Tensor) -> Tensor:
    return module(x)[1].detach()


def test_two_sequences_through_one_cell_are_two_traces_even_in_turns() -> None:
    cell = nn.GRUCell(3, 4).double()
    one, two = numbers(5, 2, 3, seed=1), numbers(5, 2, 3, seed=2)
    with rv.recording(nn.ModuleList([cell]), every=1) as recorder:
        recorder.step()
        h, g = cell(one[0]), cell(two[0])
        for t in range(1, 5):
            h, g = cell(one[t], h), cell(two[t], g)
    layer = layer_of(cell, nn.GRU, {})
    for name, x in (("0", one), ("0#2", two)):
        np.testing.assert_allclose(recorder.dataset(name).hidden[0], rv.trace(layer, x).hidden, atol=1e-12)


def test_a_cell_that_is_the_model_itself_counts_loops_and_not_time_steps() -> None:
    cell, x = nn.LSTMCell(3, 4), torch.ones(6, 2, 3)
    with rv.recording(cell, every=2) as recorder:
        for _ in range(4):
            state = None
            for x_t in x:
                state = cell(x_t, state)
            state[0].sum().backward()
    assert [step for step, _ in recorder.traces["LSTMCell"]] == [0, 2]
    assert recorder.dataset().sizes["time"] == 6 and float(recorder.dataset().hidden_grad_norm.min()) > 0
    layer = nn.LSTM(3, 4)  # whose state is carried on from one training step to the next, apart from the graph
    with rv.recording(layer, every=1) as recorder:
        for _ in range(3):
            output, state = layer(x, None if recorder.traces == {} else tuple(part.detach() for part in state))
            output.sum().backward()
    assert [step for step, _ in recorder.traces["LSTM"]] == [0, 1, 2]


def test_a_recorded_loop_is_the_same_training_bit_for_bit() -> None:
    def trained(record: bool) -> list[Tensor]:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            model = Looped(nn.utils.parametrizations.spectral_norm(nn.GRUCell(3, 4), "weight_hh").double())
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

        def loop() -> None:
            for seed in range(4):
                optimizer.zero_grad()
                model(numbers(5, 2, 3, seed=seed)).square().sum().backward()
                optimizer.step()

        if record:
            with rv.recording(model, every=1) as recorder:
                loop()
            assert float(recorder.dataset("cell").difference.max()) < 1e-12
        else:
            loop()
        return [*model.state_dict().values()]

    for one, other in zip(trained(True), trained(False), strict=True):
        assert torch.equal(one, other)


class Normed(nn.GRUCell):
    """A cell that is no plain GRU."""

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        return nn.functional.layer_norm(super().forward(input, hx), (self.hidden_size,))


class Residual(nn.LSTM):
    """Layers that are no plain LSTM."""

    def forward(self, input: Any, hx: Any = None) -> Any:
        output, final = super().forward(input, hx)
        return output + 1.0, final


@pytest.mark.parametrize("module", [Normed(3, 4), Residual(3, 4)], ids=["cell", "layers"])
def test_what_computes_something_else_than_its_class_is_named(module: nn.Module) -> None:
    with rv.recording(module, every=1) as recorder:
        output = module(torch.ones(2, 3) if isinstance(module, nn.RNNCellBase) else torch.ones(5, 2, 3))
        (output if isinstance(output, Tensor) else output[0]).sum().backward()
    (said,) = recorder.notes
    assert "computes something else than the" in said and "off" in said


def test_a_cell_that_nobody_knows_is_a_note() -> None:
    class Own(nn.RNNCellBase):
        def __init__(self) -> None:
            super().__init__(3, 4, bias=True, num_chunks=2)

    with rv.recording(nn.ModuleList([Own(), nn.GRU(3, 4)])) as recorder:
        assert recorder.names == ("1",)
    assert recorder.notes == ["0 is not recorded: module must be a torch.nn.RNNCell, LSTMCell, GRUCell; got Own."]


@pytest.mark.parametrize("name", CELLS)
def test_a_loop_over_single_sequences_has_the_gradients_of_a_batch_of_one(name: str) -> None:
    make, kind, more = CELLS[name]
    model, x = Looped(make(3, 4, **more).double()), numbers(6, 1, 3)
    flow = rv.gradient_flow(layer_of(model.cell, kind, more), x, lambda output: output.square().sum())
    with rv.recording(model, every=1) as recorder:
        model(x[:, 0]).square().sum().backward()
    found = recorder.dataset("cell").isel(step=0)
    assert not recorder.notes
    for variable in set(flow.data_vars) - {"hidden_grad", "cell_grad"}:
        np.testing.assert_allclose(found[variable], flow[variable], rtol=1e-9, atol=1e-12, err_msg=variable)


def test_a_state_that_only_the_loss_reads_counts_for_single_sequences_too() -> None:
    cell, norms = nn.LSTMCell(3, 4).double(), []
    for x in (numbers(5, 1, 3), numbers(5, 1, 3)[:, 0]):
        with rv.recording(nn.ModuleList([cell]), every=1) as recorder:
            recorder.step()
            state, loss = None, torch.zeros(())
            for x_t in x:
                state = cell(x_t, state)
                loss = loss + state[1].square().sum() + state[0].sum()
            loss.backward()
        found = recorder.dataset().isel(step=0)
        norms.append([found.hidden_grad_norm.values, found.cell_grad_norm.values])
    np.testing.assert_allclose(norms[0], norms[1], rtol=1e-12)
