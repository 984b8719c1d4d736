"""The chart of all tasks: models of one colour are told apart, and no dot leaves the axis."""

from pages._ui.tasks.rows import measured
from rnnviz import charts
from rnnviz.charts import theme
from rnnviz.charts.contestants import Contestant


def test_no_two_models_look_alike() -> None:
    labels = list(dict.fromkeys(one.label for row in measured() for one in row.contestants))
    looks = {(look.colour, look.mark) for look in theme.looks(labels)}
    assert len(looks) == len(labels)


def test_dots_too_far_below_are_one_arrow_with_their_shares() -> None:
    drawing = charts.contestants([Contestant("a", "lstm", (-1.77, -1.44, 0.5))])
    assert drawing.tables["beyond"]["name"] == ["−144 to −177 %"]
    assert drawing.tables["dots"]["share"] == [0.5] and drawing.tables["dots"]["told"] == ["LSTM: 50 %"]
    scale = drawing.spec["layer"][0]["encoding"]["x"]["scale"]
    assert drawing.tables["beyond"]["share"][0] > scale["domainMin"]


def test_a_task_whose_best_is_not_known_is_marked() -> None:
    assert Contestant("Forecast", "gru", (0.1,), best_known=False).name == "Forecast *"
    assert {row.task.name for row in measured() if not row.contestants[0].best_known} == {
        row.task.name for row in measured() if row.best is None
    }
