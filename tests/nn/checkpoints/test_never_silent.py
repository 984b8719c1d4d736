"""Whatever is changed about a recurrent module: its file opens exactly, is refused, or a note says what is left out."""

import copy
import keyword
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils import parametrizations, prune, spectral_norm, weight_norm

from rnnviz.core.errors import CheckpointError
from tests.nn.checkpoints.bringing import bring
from tests.support.odd_layers import WeightDrop, state_of

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

States = Callable[[Tensor], Tensor]  # (T, B, I) to what the model really has as the states of its top layer
Changed = tuple[dict[str, Tensor], States]  # the file, and the model


def plain(module: nn.RNNBase) -> States:
    return lambda x: module(x)[0]


def extra_parameter(module: nn.RNNBase, name: str, number: int) -> Changed:
    """Scales its states by a parameter of its own."""
    scale = torch.rand((), generator=torch.Generator().manual_seed(number)) + 2
    module.register_parameter(name, nn.Parameter(scale.expand([(), (3,), (2, module.input_size)][number % 3]).clone()))
    return module.state_dict(), lambda x: module(x)[0] * getattr(module, name).mean()


def extra_module(module: nn.RNNBase, name: str, number: int) -> Changed:
    """Puts its states through a module of its own."""
    wide = module.hidden_size * (1 + module.bidirectional)
    kinds = [nn.LayerNorm(wide), nn.Linear(wide, wide), nn.BatchNorm1d(wide), nn.Embedding(7, module.input_size)]
    inner = kinds[number % 4].eval()
    module.add_module(name, inner)
    after: States = inner if number % 4 < 2 else (lambda y: 2 * y)
    return module.state_dict(), lambda x: after(module(x)[0])


def in_parts(module: nn.RNNBase, _name: str, number: int) -> Changed:
    """Keeps a weight in parts."""
    ways: list[Callable[[nn.Module, str], Any]] = [
        weight_norm,
        spectral_norm,
        parametrizations.weight_norm,
        parametrizations.spectral_norm,
        parametrizations.orthogonal,
        lambda m, n: parametrizations.orthogonal(m, n, "cayley"),
        lambda m, n: prune.random_unstructured(m, n, 0.5),
    ]
    ways[number % 7](module, ["weight_hh_l0", "weight_ih_l0"][number % 2])
    module(torch.zeros(1, 1, module.input_size))  # pruning puts the weight together only when the module is called
    return module.state_dict(), plain(module.eval())


def one_bias(module: nn.RNNBase, _name: str, _number: int) -> Changed:
    """Has the sum of its biases in place of two, as many have who write a cell from scratch."""
    assume(module.bias)
    weights = {name: tensor for name, tensor in module.state_dict().items() if name.startswith("weight")}
    for name in [*module.state_dict()]:
        if name.startswith("bias_ih"):
            weights[name.replace("_ih", "")] = getattr(module, name) + getattr(module, name.replace("_ih", "_hh"))
    return weights, plain(module)


def dropped(module: nn.RNNBase, _name: str, number: int) -> Changed:
    """Has dropout on its weights, as AWD-LSTM."""
    other = copy.deepcopy(module)
    return WeightDrop(other, keeps=bool(number % 2)).state_dict(), plain(module)


def rounded(module: nn.RNNBase, _name: str, number: int) -> Changed:
    """Is saved in another precision."""
    kind = [torch.float16, torch.bfloat16, torch.float64][number % 3]
    state = {name: tensor.to(kind) for name, tensor in module.state_dict().items()}
    module.load_state_dict({name: tensor.float() for name, tensor in state.items()})
    return state, plain(module)


def looped(module: nn.RNNBase, name: str, number: int) -> Changed:
    """Is a cell in a loop that normalises the state, or does not."""
    cells: dict[type, Any] = {nn.LSTM: nn.LSTMCell, nn.GRU: nn.GRUCell, nn.RNN: nn.RNNCell}
    cell = cells[type(module)](module.input_size, module.hidden_size)
    norm = nn.LayerNorm(module.hidden_size) if number % 2 else None

    def states(x: Tensor) -> Tensor:
        state, found = None, []
        for x_t in x:
            state = cell(x_t, state)
            h = state[0] if isinstance(state, tuple) else state
            h = norm(h) if norm else h
            state = (h, state[1]) if isinstance(state, tuple) else h
            found.append(h)
        return torch.stack(found)

    return state_of(cell, "cell.") | (state_of(norm, f"{name}.") if norm else {}), states


def viewed(module: nn.RNNBase, _name: str, number: int) -> Changed:
    """Has its weights as views of other numbers: a part of them, turned, or with another sign."""
    ways: list[Callable[[Tensor], Tensor]] = [
        lambda w: torch.stack([w, w], -1)[..., 0],
        lambda w: w.T.contiguous().T if w.dim() == 2 else w,
        lambda w: torch._neg_view(-w),
        lambda w: torch.complex(torch.zeros_like(w), -w).conj().imag,
        lambda w: torch.cat([torch.ones(5), w.flatten()])[5:].view(w.shape),
    ]
    return {name: ways[number % 5](w) for name, w in module.state_dict().items()}, plain(module)


def adapted(module: nn.RNNBase, name: str, number: int) -> Changed:
    """Has a low-rank change of a weight, kept in one place or another."""
    weight, rank = module.weight_hh_l0, 1 + number % 2
    assert isinstance(weight, Tensor)
    one, other = torch.randn(rank, weight.shape[1]), torch.randn(weight.shape[0], rank)
    state = {own: tensor.clone() for own, tensor in module.state_dict().items()}
    weight.data += other @ one
    places = [
        ("lora_A.{}", "lora_B.{}"),
        ("lora_A.{}.weight_hh_l0", "lora_B.{}.weight_hh_l0"),
        ("{}.lora_A", "{}.lora_B"),
    ]
    return state | dict(zip((place.format(name) for place in places[number % 3]), (one, other), strict=True)), plain(
        module
    )


def unchanged(module: nn.RNNBase, _name: str, _number: int) -> Changed:
    return module.state_dict(), plain(module)


CHANGES = [
    *(extra_parameter, extra_module, in_parts, one_bias, dropped, rounded, looped, viewed, adapted, unchanged),
]
EXACT = {in_parts, dropped, rounded, viewed, unchanged}  # which cannot be refused
NAMES = st.one_of(
    st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,10}", fullmatch=True),
    st.sampled_from(["ln", "norm1", "emb", "module", "h0", "proj", "fc", "n_averaged", "base_layer", "rng_state"]),
)


@given(
    change=st.sampled_from(CHANGES),
    cell=st.sampled_from([nn.LSTM, nn.GRU, nn.RNN]),
    inputs=st.integers(1, 4),
    hidden=st.integers(1, 5),
    layers=st.integers(1, 2),
    bias=st.booleans(),
    both=st.booleans(),
    name=NAMES,
    number=st.integers(0, 1_000),
    of=st.sampled_from(["", "rnn.", "module.encoder.lstm.", "model.decoder.cells.0."]),
)
def test_it_opens_exactly_or_is_refused_or_told(
    tmp_path_factory: Any, change: Any, cell: Any, name: str, number: int, of: str, **sizes: Any
) -> None:
    torch.manual_seed(number)
    made = cell(sizes["inputs"], sizes["hidden"], sizes["layers"], bias=sizes["bias"], bidirectional=sizes["both"])
    assume(not hasattr(made, name) and not keyword.iskeyword(name) and not name.startswith(("weight", "bias")))
    state, states = change(made, name, number)
    folder: Path = tmp_path_factory.mktemp("x")
    try:
        found = bring(folder, {f"{of}{own}": tensor for own, tensor in state.items()})
    except CheckpointError:
        assert change not in EXACT
        return
    (layer,) = found.values()
    x = torch.randn(4, 2, sizes["inputs"], dtype=layer.state_dict()["weight_ih_l0"].dtype)
    with torch.no_grad():
        is_exact = torch.allclose(layer(x)[0].float(), states(x.float()), rtol=0, atol=1e-6)
    assert is_exact or found.notes, "silently different"
    assert is_exact or change is not in_parts or number % 7 == 5, "only another orthogonal map is told and not computed"
