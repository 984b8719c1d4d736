"""Train the model that the inspect page offers to try: `python -m tests.benchmarks.sample_model`.

It reads brackets among letters and says of every bracket whether it has a partner, for which it must
look both ways: an embedding, a bidirectional LSTM, a classifier. Takes seconds; prints its held-out accuracy.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

TOKENS = ("(", ")", "a", "b", "c")
WEIGHTS = (0.3, 0.3, 0.14, 0.13, 0.13)  # how often each comes
STEPS, BATCH, LENGTH = 2_000, 64, 24
PATH = Path(__file__).parents[2] / "assets" / "models" / "brackets.safetensors"


class Tagger(nn.Module):
    """Names every token: 0 a letter, 1 a bracket with a partner, 2 one without."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(TOKENS), 8)
        self.lstm = nn.LSTM(8, 16, bidirectional=True)
        self.classifier = nn.Linear(32, 3)

    def forward(self, ids: Tensor) -> Tensor:
        """(T, B) → (T, B, 3)."""
        return self.classifier(self.lstm(self.embedding(ids))[0])


def named(row: list[int]) -> list[int]:
    """What is right for every token of a sequence."""
    found, waiting = [2 if token < 2 else 0 for token in row], list[int]()
    for time, token in enumerate(row):
        if token == 0:
            waiting.append(time)
        elif token == 1 and waiting:
            found[time] = found[waiting.pop()] = 1
    return found


def batch(generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Sequences (T, B) and what is right for them."""
    ids = torch.multinomial(torch.tensor(WEIGHTS), BATCH * LENGTH, True, generator=generator).view(LENGTH, BATCH)
    return ids, torch.tensor([named(row) for row in ids.T.tolist()]).T


def main() -> None:
    """Train, measure, save."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model, generator = Tagger(), torch.Generator().manual_seed(1)
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, STEPS)
    for _ in range(STEPS):
        ids, right = batch(generator)
        loss = nn.functional.cross_entropy(model(ids).flatten(0, 1), right.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    ids, right = batch(torch.Generator().manual_seed(2))
    brackets = ids < 2
    said = model(ids).argmax(-1)
    print(f"held out: {(said == right)[brackets].float().mean():.1%} of the brackets")
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    PATH.parent.mkdir(exist_ok=True)
    save_file(weights, PATH, {"vocabulary": json.dumps(TOKENS)})
    print(f"{PATH.name}: {PATH.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
