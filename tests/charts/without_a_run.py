"""Charts of what stands behind no run: they change with the step that a run is at all the same."""

from rnnviz import byhand, charts, hopfield
from rnnviz.charts import Drawing
from rnnviz.runs.run import Run


def _learned(run: Run) -> byhand.Hand:
    """What is drawn from no run: a hand that has taken as many steps as the run."""
    hand = byhand.hello()
    for _ in range(run.frames[-1].step):
        hand = byhand.downhill(hand, 0.1)
    return hand


def hand_losses(run: Run) -> Drawing:
    hand, losses = byhand.hello(), []
    for _ in range(run.frames[-1].step + 1):
        losses.append(byhand.forward(hand).loss)
        hand = byhand.downhill(hand, 0.1)
    return charts.hand_losses(losses)


def recall_rates(run: Run) -> Drawing:
    loads = (0.05, 0.2) if run.steps[-1] % 2 else (0.05, 0.14, 0.25)
    return charts.recall_rates([hopfield.capacity(units, draws=5, loads=loads) for units in (20, 40)])


def unrolled(run: Run) -> Drawing:
    hand = _learned(run)
    return charts.unrolled(hand.vocabulary, hand.h_0, byhand.forward(hand), 1)


def unrolled_back(run: Run) -> Drawing:
    hand = _learned(run)
    read = byhand.forward(hand)
    back = byhand.backward(hand, read)
    parts = byhand.contributions(read, back, byhand.Entry("W_hh", 0, 0))
    return charts.unrolled_back(hand.vocabulary, read, back, parts, "W_hh", 1)
