"""One measured moment: its numbers are those of the run's frame, to the last bit."""

import math
from typing import Any

import numpy as np
import pytest

from rnnviz import findings
from rnnviz.findings.scores import verdict_of
from rnnviz.live import View, moment, pack
from rnnviz.live.pages import PAGES
from rnnviz.live.sequences import CLOSE
from rnnviz.live.verdicts import scored, verdict
from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from rnnviz.tasks import TASKS
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.translating import Translating
from tests.live.reader import unpack
from tests.live.runs import run

LAST = 4


def changed(task: str, place: int = LAST, **changes: dict[str, Any]) -> Run:
    """A run whose models at one place have other measurements, `label={field: value}`."""
    whole = run(task)
    frame = whole.frames[place]
    models = {label: model.replace(**changes.get(label, {})) for label, model in frame.models.items()}
    frames = [*whole.frames[:place], Frame(frame.step, models, frame.ended), *whole.frames[place + 1 :]]
    return Run(whole.experiment, frames)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("task", TASKS)
def test_every_page_of_every_task_can_be_sent_at_every_moment(task: str, page: str) -> None:
    whole = run(task)
    for place, step in enumerate(whole.steps):
        told = unpack(pack(moment(whole, View(page), place)))
        assert (told["place"], told["step"]) == (place, step)
        assert list(told["models"]) == list(whole.experiment.labels)


@pytest.mark.parametrize("layer", [-1, 0, 1])
@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("page", ["states", "gates", "compare"])
def test_values_are_those_of_the_frame_to_the_last_bit(page: str, layer: int, direction: str) -> None:
    whole = run("adding")
    for probe in range(2):
        told = moment(whole, View(page, probe, layer, direction), 2)["models"]
        for label in whole.experiment.labels:
            spec, values = whole.experiment.model(label), told[label]["values"]
            if layer >= spec.layers or (direction == "backward" and not spec.bidirectional):
                assert values == {}
                continue
            assert values or page == "gates"
            for name, array in values.items():
                kept = whole.frames[2].models[label].trace[name]
                wanted = kept[layer % spec.layers, ["forward", "backward"].index(direction), :, probe]
                assert array.dtype == kept.dtype == np.float16 and array.tobytes() == wanted.tobytes()


def test_pages_show_the_variables_that_they_are_about() -> None:
    told = {page: moment(run("adding"), View(page), 0)["models"]["lstm"]["values"] for page in PAGES}
    assert set(told["compare"]) == {"hidden"} and set(told["states"]) == {"hidden", "cell"}
    assert set(told["gates"]) >= {"forget_gate", "input_gate", "output_gate"} and not told["gradients"]


@pytest.mark.parametrize("task", [name for name, kind in TASKS.items() if issubclass(kind, Translating)])
def test_values_of_halves_are_those_of_the_symbols_that_are_there(task: str) -> None:
    whole = run(task)
    probes = whole.experiment.task.probes()
    for probe in range(2):
        real = [bool(str(token)) for token in probes.tokens[:, probe]]
        values = moment(whole, View("states", probe), LAST)["models"]["gru"]["values"]["hidden"]
        kept = whole.frames[LAST].models["gru"].trace["hidden"][0, 0]
        np.testing.assert_array_equal(values, kept[real, probe])


def test_a_model_that_has_ended_stays_at_its_last_moment_and_says_so() -> None:
    whole = run("adding")
    last = whole.frames[LAST]
    rest = {label: model for label, model in last.models.items() if label != "gru"}
    ended = Run(whole.experiment, [*whole.frames[:LAST], Frame(last.step, rest, {"gru": "It ended."})])
    told, before = (moment(ended, View("states"), place)["models"]["gru"] for place in (LAST, LAST - 1))
    assert told["verdict"] == "Ended early" != before["verdict"]
    np.testing.assert_array_equal(told["values"]["hidden"], before["values"]["hidden"])


def test_a_model_that_ended_before_its_first_moment_is_left_out() -> None:
    whole = run("adding")
    first = whole.frames[0]
    models = {label: model for label, model in first.models.items() if label != "gru"}
    none = Run(whole.experiment, [Frame(0, models, {"gru": "It ended."})])
    for page in PAGES:
        assert list(moment(none, View(page), 0)["models"]) == ["lstm", "rnn"], page


def test_findings_are_those_of_the_step_and_plain_text() -> None:
    whole = run("adding")
    for place, step in enumerate(whole.steps):
        told = moment(whole, View("compare"), place)["findings"]
        assert [one["text"] for one in told] == [one.text for one in findings.findings(whole, step)]


def test_tables_of_charts_hold_the_moment_alone() -> None:
    whole = run("adding")
    lines = moment(whole, View("compare"), LAST)["tables"]["gradient"]["lines"]
    mine = lines["series"]["places"] == lines["series"]["names"].index("GRU")
    np.testing.assert_array_equal(lines["value"][mine], whole.frames[LAST].models["gru"].hidden_grad_norm[0, 0])
    assert lines["time"][mine].tolist() == list(range(1, whole.experiment.task.steps + 1))


# Answers


@pytest.mark.parametrize("off, right", [(0.0, True), (0.99, True), (1.01, False), (math.nan, False), (math.inf, False)])
def test_a_number_is_right_within_a_quarter_of_what_guessing_is_off_by(off: float, right: bool) -> None:
    whole = run("adding")
    task, outputs = whole.experiment.task, whole.frames[LAST].models["gru"].outputs.astype(np.float64).copy()
    wanted = float(task.probes().batch.targets[..., 0, 0].reshape(-1)[-1])
    outputs[..., 0, 0] = wanted + off * CLOSE * math.sqrt(task.baseline)
    told = moment(changed("adding", gru={"outputs": outputs}), View("compare"), LAST)["models"]["gru"]["answer"]
    assert told["right"] == [right] and len(told["answered"]) == 1 and told["said"] == ""


@pytest.mark.parametrize("task", ["recall", "brackets", "text", "sentiment", "tagging"])
def test_a_symbol_is_right_where_it_is_the_one_that_is_asked(task: str) -> None:
    whole = run(task)
    chosen = whole.experiment.task
    for probe in range(2):
        told = moment(whole, View("compare", probe), LAST)["models"]["gru"]["answer"]
        asked = list(chosen.asked(probe))
        assert told["right"] == [a == b for a, b in zip(told["answered"], asked, strict=True)]
        assert told["answered"] == list(chosen.answered(whole.frames[LAST].models["gru"].outputs, probe))
        assert bool(told["said"]) == (task not in ("recall", "sentiment"))


def test_numbers_at_every_step_come_as_a_curve() -> None:
    whole = run("waves")
    told = moment(whole, View("compare", 1), LAST)["models"]["gru"]["answer"]
    np.testing.assert_array_equal(told["values"], whole.frames[LAST].models["gru"].outputs[:, 1, 0].astype(np.float32))
    assert told["values"].dtype == np.float32 and len(told["right"]) == len(told["values"])


def test_what_is_written_is_right_where_it_is_right_to_the_last_symbol() -> None:
    whole = run("dates")
    task, gru = whole.experiment.task, whole.frames[LAST].models["gru"]
    targets = task.probes().batch.targets.astype(np.int16)
    wrong = targets.copy()
    wrong[0] = np.where(wrong[0] == wrong[0].max(), wrong[0].max() - 1, wrong[0] + 1)
    for written, right in ((targets, True), (wrong, False), (np.full_like(targets, PAD), False)):
        bent = changed("dates", gru={"translated": gru.translated | {"written": written}})
        told = moment(bent, View("compare"), LAST)["models"]["gru"]["answer"]
        assert told["right"] == [right] and told["answered"] == [task.write(written[:, 0])]  # type: ignore[attr-defined]


# Verdicts


@pytest.mark.parametrize("reached, said", [
    (1.0, "Solved"), (0.9501, "Solved"), (0.9499, "Nearly solved"), (0.8001, "Nearly solved"), (0.7999, "Learning"),
    (0.1001, "Learning"), (0.0999, "Hardly better"), (0.0, "At guessing"), (-0.0299, "At guessing"),
    (-0.0901, "Worse than guessing"), (-50.0, "Worse than guessing"),
])  # fmt: skip
@pytest.mark.parametrize("task", ["adding", "recall"])
def test_a_verdict_says_what_part_of_the_way_from_guessing_is_made(task: str, reached: float, said: str) -> None:
    chosen = run(task).experiment.task
    perfect = 100.0 if chosen.higher_is_better else 0.0
    bent = changed(task, gru={"score": chosen.baseline + reached * (perfect - chosen.baseline)})
    assert moment(bent, View("compare"), LAST)["models"]["gru"]["verdict"] == said
    assert moment(changed(task, 0, gru={"score": perfect}), View("compare"), 0)["models"]["gru"]["verdict"] == (
        "Untrained"
    )


@pytest.mark.parametrize("reached", [0.0, 0.0999, 0.1001, -0.5])
def test_a_head_says_hardly_better_where_the_sentence_does(reached: float) -> None:
    chosen = run("adding").experiment.task
    score = chosen.baseline * (1 - reached)
    bent = changed("adding", gru={"score": score})
    head = moment(bent, View("compare"), LAST)["models"]["gru"]["verdict"]
    assert (head == "Hardly better") == (verdict_of(chosen, score) == "hardly better")


@pytest.mark.parametrize(("task", "reached", "found"), [
    ("recall", 0.79, False), ("recall", 0.81, True), ("text", 0.2, True), ("text", -0.02, False),
    ("forecast", 0.2, True), ("forecast", 0.05, False), ("forecast", math.nan, False),
])  # fmt: skip
def test_learned_is_solved_or_clearly_better_where_the_best_is_unknown(task: str, reached: float, found: bool) -> None:
    chosen = run(task).experiment.task
    score = chosen.baseline + reached * (chosen.answers.of.best - chosen.baseline)
    assert moment(changed(task, gru={"score": score}), View("compare"), LAST)["models"]["gru"]["learned"] is found
    assert moment(run(task), View("compare"), 0)["models"]["gru"]["learned"] is None


@pytest.mark.parametrize("score", [math.nan, math.inf])
def test_a_score_that_is_no_number_is_called_so_and_can_be_sent(score: float) -> None:
    bent = changed("adding", gru={"score": score})
    told = unpack(pack(moment(bent, View("compare"), LAST)))["models"]["gru"]
    assert told["verdict"] == "Numbers overflow" and "not a number" in told["scored"]


def test_scores_come_with_their_name() -> None:
    for task, said in {"adding": " error", "recall": " %", "dates": "exact match"}.items():
        whole = run(task)
        number, _, name = scored(whole.experiment.task, whole.frames[LAST].models["gru"])
        assert said in f"{number} {name}"
    whole = run("adding")
    assert verdict(whole.at(0), "gru") == "Untrained"
