"""The recurrent layers in a checkpoint of somebody else's, as modules of torch's own."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from rnnviz.checkpoints.token_lines import NoVocabulary
from rnnviz.checkpoints.vocabulary import tokens_of
from rnnviz.core import limits
from rnnviz.core.errors import CheckpointError, RunFileError, shown
from rnnviz.core.names import listed
from rnnviz.nn.cells.lookup import choices
from rnnviz.nn.cells.placed import Placed
from rnnviz.nn.checkpoints import found_layers, weight_files
from rnnviz.nn.checkpoints.contents import Contents, Unreadable
from rnnviz.nn.models.model import restored
from rnnviz.runs.readers import READERS
from rnnviz.runs.run import Run

MOST_NOTES = 100


@dataclasses.dataclass(frozen=True, repr=False)
class Checkpoint(Mapping[str, nn.RNNBase]):
    """What was found in a checkpoint: a mapping from names to recurrent modules, in the file's order.

    layers:     name → `torch.nn.RNN`, `LSTM` or `GRU` with the weights, in `eval()`, time first. A name is what stands
                in front of the parameters, such as "encoder.lstm"; the cell's, if nothing does.
    embeddings: name → (token, width) float32: tables named like embeddings that are as wide as what a layer reads.
    vocabulary: the tokens by their indices, "" for an index without one; empty if the file names none.
    notes:      what of the file was left out or assumed, and why, each in a sentence.
    """

    layers: Mapping[str, nn.RNNBase]
    embeddings: Mapping[str, np.ndarray]
    vocabulary: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> nn.RNNBase:
        return self.layers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def __repr__(self) -> str:
        lines = [f"  {name}: {found_layers.title(module)}" for name, module in self.layers.items()]
        lines += [f"  {name}: embedding of {len(table):,} tokens" for name, table in self.embeddings.items()]
        return "\n".join(["Checkpoint with", *lines, *(f"  note: {note}" for note in self.notes)])


def open_checkpoint(path: str | Path, *, activation: str = "tanh", largest: int = limits.LARGEST_OPENED) -> Checkpoint:
    """The recurrent layers in a file: safetensors, or what `torch.save` writes of a `state_dict`.

    Cell, widths, layers, directions and biases follow from the names and shapes of the parameters, also where the
    layers are part of a larger model. A run that this library saved opens with its models as they were at the end.
    Weights that are stored in parts are put together: weight norm, spectral norm, orthogonal weights, pruning, dropout
    on weights. A layer that is not understood is left out, with a note. Nothing in the file is run, and what it
    declares is checked before memory is taken for it.

    activation: of simple RNNs, "tanh", "relu" or "sigmoid": no file of weights tells it.
    largest:    bytes the file may have.

    Raises:
        CheckpointError: the file cannot be opened; the message says why, in one sentence.
        ValueError: an argument is none of what is allowed.
    """
    if not isinstance(path, (str, Path)):
        raise ValueError(f"path must be the place of a file, as text or a Path; got {shown(path)}.")
    if not isinstance(activation, str) or activation not in choices("activation"):
        raise ValueError(f"activation must be one of {', '.join(choices('activation'))}; got {shown(activation)}.")
    if not isinstance(largest, int) or isinstance(largest, bool) or largest < 1:
        raise ValueError(f"largest must be a whole number of bytes, at least 1; got {shown(largest)}.")
    if path == "":
        raise CheckpointError("No checkpoint can be opened: the path is empty.")
    path = Path(path)
    return opened(path, path.name or str(path), activation, largest)


def opened(path: Path, name: str, activation: str = "tanh", largest: int = limits.LARGEST_OPENED) -> Checkpoint:
    """The same for a file that lies elsewhere than its `name` says."""
    try:
        contents = weight_files.read(path, largest, name)
        if contents.metadata.get("format") in READERS:
            return _of_run(path)
        return _of_contents(contents, activation)
    except (Unreadable, RunFileError) as error:
        why = str(error).partition("can be read: ")[2].rstrip(".") if isinstance(error, RunFileError) else str(error)
        raise CheckpointError(f"{shown(name)} cannot be opened as a checkpoint: {why}.") from None


def _of_contents(contents: Contents, activation: str) -> Checkpoint:
    layers = found_layers.found(contents, activation)
    tables = {name: table.float().numpy() for name, table in layers.embeddings.items()}
    words, notes = _vocabulary(contents.vocabularies, {len(table) for table in tables.values()})
    notes = [*layers.notes, *notes]
    more = [f"{len(notes) - MOST_NOTES:,} notes more are left out."] if len(notes) > MOST_NOTES else []
    return Checkpoint(layers.layers, tables, words, (*notes[:MOST_NOTES], *more))


def _vocabulary(given: Mapping[str, Any], sizes: set[int]) -> tuple[tuple[str, ...], list[str]]:
    """The vocabulary that has as many tokens as an embedding, else the first, and what is to be said of the others.

    sizes: tokens of the embeddings.
    """
    read: dict[str, tuple[str, ...]] = {}
    notes = []
    for name, value in given.items():
        try:
            tokens = tokens_of(value)
        except NoVocabulary as error:
            if not any(other.startswith(f"{name}.") for other in given):  # of an object, whose parts are looked at
                notes.append(f"{shown(name)} is not read as a vocabulary: it has {error.came}.")
            continue
        if sizes and len(tokens) > max(sizes):
            notes.append(f"{shown(name)} is left out: it has {len(tokens):,} tokens, more than any embedding.")
        else:
            read[name] = tokens
    chosen = max(read, key=lambda name: (len(read[name]) in sizes, _named(read[name], read)), default="")
    words = read.get(chosen, ())
    others = [shown(name) for name, tokens in read.items() if not _is_part(tokens, words)]
    if others:
        notes.append(f"The tokens are those of {shown(chosen)}; others are left out: {listed(others[:3])}.")
    return words, notes


def _named(tokens: tuple[str, ...], read: Mapping[str, tuple[str, ...]]) -> int:
    """How many have names, if those that stand first are among them: some leave out special tokens."""
    return sum(map(bool, tokens)) if _is_part(next(iter(read.values())), tokens) else 0


def _is_part(some: tuple[str, ...], tokens: tuple[str, ...]) -> bool:
    return len(some) <= len(tokens) and all(one in ("", other) for one, other in zip(some, tokens, strict=False))


def _of_run(path: Path) -> Checkpoint:
    """The models of a run as they were when they were last measured, weights that places share written out."""
    run = Run.load(path)
    experiment, frames = run.experiment, run.frames
    layers: dict[str, Any] = {}
    for label in experiment.labels:
        last = next((frame.models[label] for frame in reversed(frames) if label in frame.models), None)
        if last is not None:
            recurrent = restored(experiment.model(label), experiment.task, last.weights).recurrent
            recurrent = recurrent.single() if isinstance(recurrent, Placed) else recurrent
            layers[label] = recurrent.eval().requires_grad_(False)
    return Checkpoint(layers, {})
