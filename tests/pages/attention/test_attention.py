"""The Attention page without a browser: its views, its input, and what is set by hand."""

import functools
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from pages._ui.attention import force, pictures, watch
from pages._ui.attention import output as attention_output
from pages._ui.attention import words as attention_words
from pages._ui.attention.decoding import Seen
from pages._ui.run import sequence_input
from rnnviz.engine import questions
from rnnviz.specs import architectures
from rnnviz.tasks import TASKS, task
from tests.pages.fakes import FakeEngine, FakeJob
from tests.pages.visiting import StateOf, buttons, parts, press, shown_run, tell, visit, words

SMALL = {"task": "reverse", "steps": "3", "models": "gru:hidden=6:attention=additive,gru:hidden=6"}
WORDS = {"task": "phrases", "steps": "2", "models": "gru:hidden=4:attention=additive"}
DAYS = WORDS | {"task": "dates"}
VIEWS = ("By itself", "Step by step", "Force it", "Search", "Over training", "By length")


@functools.cache
def frames(experiment: rv.Experiment) -> tuple[rv.Frame, ...]:
    return tuple(rv.train(experiment))


def trained(engine: FakeEngine, query: dict[str, str] = SMALL, **looked: Any) -> tuple[AppTest, FakeJob]:
    """A finished run, looked at on the Attention page."""
    app = press(visit(query, "attention"), "Train")
    (job,) = engine.all
    for frame in frames(job.experiment):
        job.run.append(frame)
    job.status = "finished"
    return tell(app, **{"probe": 0, **looked}), job


def view(app: AppTest, name: str) -> AppTest:
    return app.button_group(key="attention.view").set_value(name).run()


def charts(app: AppTest) -> list[str]:
    return [chart.proto.id for chart in app.get("vega_lite_chart")]


def html(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_a_task_without_a_decoder_is_told_so_and_offers_those_with_one(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(page="attention")
    assert not app.exception and "answered without a decoder" in words(app) and not app.get("vega_lite_chart")
    offered = {
        one.key.removeprefix("attention.to.") for one in app.button if (one.key or "").startswith("attention.to.")
    }
    assert offered == {name for name in TASKS if architectures.of(task(name)).writes} and "captions" in offered
    assert "bar" in parts(app) and "stage" not in parts(app)
    app = press(app, "Sort letters")
    assert state_of(app).experiment == rv.Experiment(rv.task("sort"))
    assert not app.exception and "answered without a decoder" not in words(app)


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_shows_a_finished_run(engine: FakeEngine, name: str) -> None:
    app, _ = trained(engine)
    app = view(app, name)
    assert not app.exception and not app.error, [one.value for one in app.error]


def test_the_stage_is_first_and_is_told_what_decoders_read_and_write(engine: FakeEngine) -> None:
    app, _ = trained(engine)
    told = parts(app)
    assert list(told)[:2] == ["bar", "stage"] and told["stage"]["main"] == ["pictures"] and told["stage"]["stage"]
    assert told["bar"]["report"] and told["bar"]["scene"]["pairs"][0] == {"inputs": [*"gcf"], "asked": [*"fcg■"]}
    shown = shown_run(app)["models"]
    assert shown["gru"]["weights"].shape == (4, 3) and "weights" not in shown["gru-without"]


def test_every_control_falls_back_to_what_it_stands_at(engine: FakeEngine) -> None:
    app, _ = trained(engine)
    app = view(app, "Force it")
    for one in app.selectbox:
        assert one.proto.default == one.index, one.label


def test_every_model_says_what_it_is_and_what_it_writes(engine: FakeEngine) -> None:
    app, _ = trained(engine)
    said = words(app)
    assert "Additive attention, encoder in one direction" in said and "No attention, encoder in one direction" in said
    assert said.count("After 3 training steps it writes") == 2 and "Right: **fcg**" in said
    assert "It cannot look back." in said and "6 numbers" in said
    assert html(app).count('<ol class="written"') == 2 and "How sure it is of each symbol" in html(app)
    assert "of its weight on the letter it has to write" in said and "With equal attention that would be" in said


def test_an_input_of_ones_own_is_read_and_what_is_none_is_refused_in_a_sentence(engine: FakeEngine) -> None:
    app, _ = trained(engine)
    app.text_input(key="attention.own.reverse").set_value("abc").run()
    assert "Right: **cba**" in words(app) and not app.error
    app.text_input(key="attention.own.reverse").set_value("abcdefghijabcdefghij").run()
    assert "Right: **jihgfedcbajihgfedcba**" in words(app) and not app.error, "longer than any that is trained on"
    app.text_input(key="attention.own.reverse").set_value("abc").run()
    app.text_input(key="attention.own.reverse").set_value("a1c").run()
    assert "input must be" in app.error[0].value and "Shown is your last input" in app.error[0].value
    assert "Right: **cba**" in words(app) and not app.exception
    app.text_input(key="attention.own.reverse").set_value("").run()
    assert "Read: **gcf** · Right: **fcg**" in words(app) and not app.error


def test_without_an_input_of_ones_own_the_sequence_on_the_stage_is_read(engine: FakeEngine) -> None:
    app, _ = trained(engine, probe=1)
    assert "Read: **cdgcgj** · Right: **jgcgdc**" in words(app)


@pytest.mark.parametrize("name", ["Over training", "By length"])
def test_views_of_the_whole_run_show_no_input_and_nothing_about_it(engine: FakeEngine, name: str) -> None:
    app, _ = trained(engine)
    app.text_input(key="attention.own.reverse").set_value("a1c").run()
    assert app.error
    app = view(app, name)
    assert not app.error and "Right: " not in words(app)
    assert "attention.own.reverse" not in [box.key for box in app.text_input]


def test_every_unknown_word_is_named_and_all_words_are_a_click_away(engine: FakeEngine) -> None:
    app, _ = trained(engine, WORDS)
    app.text_input(key="attention.own.phrases").set_value("Der Hund frisst *gern* Kuchen, der Hund").run()
    (error,) = app.error
    assert "**der, frisst, \\*gern\\*** are not among the words that are read" in error.value.replace(" and", ",")
    assert "“All 120 words”" in error.value and app.get("popover")[0].proto.popover.label == "All 120 words"
    assert "“bringen sie bitte das auto zurück”" in words(app) and "zurückbringen, zurückgebracht" in words(app)
    app.text_input(key="attention.own.phrases").set_value("der hund").run()
    assert "**der** is not one of the words" in app.error[0].value


def test_a_year_that_is_not_trained_on_is_told(engine: FakeEngine) -> None:
    app, _ = trained(engine, DAYS)
    assert "1950 to 2049. Languages: English" in app.text_input(key="attention.own.dates").help
    app.text_input(key="attention.own.dates").set_value("5. Mai 1820").run()
    assert "Right: **1820" in words(app) and "Years from 1950 to 2049 are trained on." in words(app)


def test_how_much_is_right_is_told_place_by_place() -> None:
    task = rv.task("reverse")
    given = sequence_input.of_text(task, "abcdefghij")  # type: ignore[arg-type]
    classes = np.array([*map(task.classes.index, "ihgfedcba"), 0])
    found = {"classes": classes, "answers": np.zeros((10, task.output_size)), "weights": np.full((10, 10), 0.1)}
    output = attention_output.of(task, given, Seen(1, found))  # type: ignore[arg-type]
    assert pictures.heatmap(task, given, output).tables["legend"]["title"] == [pictures.TITLE]  # type: ignore[arg-type]
    said = attention_output.verdict(output)
    assert said == "× place by place, 0 of 11 are right (■ counts)"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([0, 0.96, 0.02, 0.02, 0], "The context comes from **b** (96 %)."),
        ([0, 0.3, 0, 0, 0.65], "The context comes from **b** (30 %) and **a** (5th, 65 %)."),
        ([0.4, 0.2, 0.2, 0.1, 0.1], "The context comes mostly from **a** (1st, 40 %), **b** (20 %) and **c** (20 %)."),
        ([0, 0, 0, 0, 0], "The context is all zeros."),
    ],
)
def test_the_context_is_told_by_as_few_symbols_as_make_it_up(row: list[float], said: str) -> None:
    given = sequence_input.of_text(rv.task("reverse"), "abcda")  # type: ignore[arg-type]
    assert attention_words.of_row(given, np.array(row)) == said


def test_what_is_nearly_all_or_nearly_nothing_is_no_html() -> None:
    assert "<td>&gt; 99.9 %</td>" in watch._bar("a", 0.9999)
    assert "<td>&lt; 0.1 %</td>" in watch._bar("a", 0.0001)


@pytest.mark.parametrize(("name", "text", "said"), [
    ("reverse", "a", "There is only one symbol to look at, so it has all the weight."),
    ("sort", "a", "There is only one symbol to look at, so it has all the weight."),
    ("reverse", "ab", "Equal attention would be 50\u00a0% per symbol. On average the model looks at about 2 of the 2."),
])  # fmt: skip
def test_one_symbol_shares_its_weight_with_no_other(name: str, text: str, said: str) -> None:
    experiment = rv.Experiment(rv.task(name))
    given, steps = sequence_input.of_text(experiment.task, text), len(text) + 1  # type: ignore[arg-type]
    found = {"classes": np.array([*range(1, steps), 0]), "answers": np.zeros((steps, 11))}
    found["weights"] = np.full((steps, len(text)), 1 / len(text))
    output = attention_output.of(experiment.task, given, Seen(1, found))  # type: ignore[arg-type]
    lines = attention_words.looks(experiment, "gru", given, output)
    assert lines[-1] == said
    assert any(
        f"of {'1 output position' if text == 'a' else '2 output positions'} the letter" in line for line in lines
    )


def test_what_is_asked_is_of_the_moment_that_is_looked_at(engine: FakeEngine) -> None:
    app, _ = trained(engine, step=1)
    assert words(app).count("After 1 training step it writes") == 2
    assert words(tell(app, step=None)).count("After 3 training steps it writes") == 2


def test_while_a_run_is_followed_all_views_say_of_which_moment_they_are(engine: FakeEngine) -> None:
    app, job = trained(engine)
    job.run.frames[:] = job.run.frames[:2]
    job.status = "training"
    app = tell(app, step=None)
    assert "All below is of training step 1. Pause or move the time line" in words(app)
    assert "After 1 training step it writes" in words(app)
    job.run.append(frames(job.experiment)[2])
    assert "All below is of training step 2." in words(view(app, "Force it"))
    assert "All below" not in words(tell(app, step=1))


def test_a_step_of_the_output_is_the_one_that_the_browser_looks_at(engine: FakeEngine) -> None:
    app, _ = trained(engine)
    app = view(app, "Step by step")
    assert parts(app)["output-steps"]["main"] == ["steps"]
    assert "at output position 1, the GRU is fed a sign to **start**" in words(app)
    app = tell(app, time=4)
    assert "at output position 2, the GRU is fed" in words(app) and "which it wrote last" in words(app), (
        "after 3 of the input"
    )
    app = tell(app, time=3 + 40)
    assert "The output is over after" in words(app) and not app.exception and not app.error
    app.text_input(key="attention.own.reverse").set_value("abc").run()
    assert parts(app)["output-steps"]["main"] == ["own-steps"]


def test_a_forced_step_is_kept_listed_and_taken_back(engine: FakeEngine) -> None:
    app, _ = trained(engine)
    app = view(app, "Force it")
    assert "Nothing is forced yet" in words(app) and "GRU without attention: nothing to force" in words(app)
    app.selectbox(key="attention.force.step").set_value(0)
    app.selectbox(key="attention.force.symbol").set_value(2)
    app.button(key="attention.force").click().run()
    assert "Forced to look at **f** at position 1" in words(app)
    app.selectbox(key="attention.force.step").set_value(1)
    app.selectbox(key="attention.force.symbol").set_value(force.EVENLY)
    app.button(key="attention.force").click().run()
    assert "at **f** at position 1" not in words(app).split("and all of the input evenly at position 2")[1]
    assert "Undo all" in buttons(app)
    app.button(key="attention.undo.0").click().run()
    assert "Forced to look at all of the input evenly at position 2" in words(app)
    app.button(key="attention.undo").click().run()
    assert "Nothing is forced yet" in words(app)


def test_what_was_forced_on_one_input_is_not_forced_on_another(engine: FakeEngine) -> None:
    app, _ = trained(engine)
    app = view(app, "Force it")
    app.button(key="attention.force").click().run()
    app = tell(app, probe=1)
    assert "Nothing is forced yet" in words(app) and not app.error


@pytest.mark.parametrize("mode", [force.SPREAD, force.AWAY])
def test_attention_is_spread_or_taken_away_as_a_whole(engine: FakeEngine, mode: str) -> None:
    app, _ = trained(engine)
    app = view(app, "Force it")
    app.button_group(key="attention.force.mode").set_value(mode).run()
    assert not app.exception and not app.error
    begin = "With its attention spread evenly" if mode == force.SPREAD else "Without its attention"
    assert begin in words(app)


def test_the_damage_is_measured_over_the_held_out_sequences(engine: FakeEngine) -> None:
    app, _ = trained(engine)
    app = view(app, "Force it")
    assert engine.asked.count(questions.DAMAGE.function) == 1
    assert "taken away: the context is all zeros" in html(app)
    app.run()
    assert engine.asked.count(questions.DAMAGE.function) == 1, "asked once"


def test_without_any_attention_there_is_nothing_to_force(engine: FakeEngine) -> None:
    app, _ = trained(engine, SMALL | {"models": "gru:hidden=6"})
    app = view(app, "Force it")
    assert "No model of this run has attention" in words(app) and not app.exception
