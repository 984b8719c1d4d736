"""The "By hand" mode of the Anatomy page, without a browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup, NumberInput, Selectbox, TextInput

from pages._ui.anatomy.by_hand.work import HandWork
from rnnviz import byhand
from rnnviz.byhand import Hand
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import StateOf, buttons, press, visit, words


@pytest.fixture
def app(engine: FakeEngine) -> AppTest:
    app = visit(page="anatomy")
    app.button_group(key="anatomy.mode").set_value("By hand").run()
    assert not app.exception and not app.error
    return app


@pytest.fixture
def hand(app: AppTest, state_of: StateOf) -> Callable[[], Hand]:
    return lambda: state_of(app).own(HandWork).hand


def shown(app: AppTest) -> str:
    """All plain HTML on the page."""
    return " ".join(element.proto.body for element in app.main.get("html"))


def column(app: AppTest, after: str) -> list[str]:
    """The cells of a row of a table, by its name."""
    row = shown(app).split(f'<th scope="row">{after}</th>')[1].split("</tr>")[0]
    return re.findall(r"<td[^>]*>(?:<b>)?([^<]*)", row)


def field(app: AppTest, label: str) -> NumberInput:
    """A field of a number by the name that a screen reader says, such as "W_xh 1 h"."""
    return next(one for one in app.number_input if one.label == label)


def chosen(app: AppTest, label: str) -> Selectbox[Any]:
    return next(one for one in app.selectbox if one.label == label)


def word(app: AppTest) -> TextInput:
    return next(one for one in app.text_input if one.label == "Word")


def steps(app: AppTest) -> ButtonGroup[Any]:
    return next(one for one in app.button_group if one.key.startswith("hand.at"))


def test_hello_stands_on_the_page_to_six_digits(app: AppTest) -> None:
    assert column(app, "<i>h</i>, unit 1")[:2] == ["0.693168", "0.936534"]
    assert column(app, "<i>h</i>, unit 2")[:2] == ["0.899554", "0.949104"]
    assert column(app, "<i>h</i>, unit 3")[:2] == ["0.802119", "0.762341"]
    assert [column(app, f"<i>y</i>, {letter}")[1] for letter in "helo"] == [
        "1.906077", "1.137791", "0.956660", "1.274226"
    ]  # fmt: skip
    assert "a = 0.287027·1 + 0.427043·0.000000 + 0.567001 = 0.854028" in shown(app)
    assert "Predicted: **hhhh**. Right is **ello**: 0 of 4 letters are right." in words(app)
    assert "Loss of the word: **6.811284**" in words(app)


def test_what_every_control_stands_at_is_also_its_default(app: AppTest) -> None:
    field(app, "W_xh 1 h").set_value(0.5).run()
    app.button_group(key="hand.way").set_value("Backward pass").run()
    numbers = [one for one in app.number_input if one.key.startswith("hand.")]
    assert len(numbers) == 12 + 9 + 3 + 3 + 12 + 4 + 2
    for one in numbers:
        assert one.proto.default == one.value, one.label
    for one in app.selectbox:  # type: ignore[assignment]
        assert one.proto.default == one.index, one.label


def test_a_typed_number_changes_everything_after_it(app: AppTest, hand: Callable[[], Hand]) -> None:
    names = ["<i>h</i>, unit 1", "<i>y</i>, h", "<i>p</i>, h", "loss"]
    before = {name: column(app, name) for name in names}
    field(app, "W_xh 1 h").set_value(-0.5).run()
    assert hand().W_xh[0, 0] == -0.5
    for name in names:
        assert all(a != b for a, b in zip(before[name], column(app, name), strict=True)), name
    press(app, "Undo")
    assert hand().same(byhand.hello()) and field(app, "W_xh 1 h").value == 0.287027
    assert {name: column(app, name) for name in names} == before


def test_an_emptied_field_gets_its_number_back(app: AppTest, hand: Callable[[], Hand]) -> None:
    field(app, "b_h 2").set_value(None).run()
    assert hand().same(byhand.hello()) and field(app, "b_h 2").value == 0.567001


def test_a_number_that_is_too_large_is_refused_with_a_sentence(app: AppTest, hand: Callable[[], Hand]) -> None:
    field(app, "b_h 2").set_value(5_000.0).run()
    assert "made of numbers from −1,000 to 1,000; got 5000" in words(app)
    assert "What was before it still holds." in words(app) and hand().same(byhand.hello())
    field(app, "b_h 2").set_value(0.567001).run()
    assert not app.error and hand().same(byhand.hello())


def test_edits_outlive_another_page(app: AppTest, hand: Callable[[], Hand]) -> None:
    field(app, "W_hy o 3").set_value(1.25).run()
    app.switch_page("gates.py").run()
    app.switch_page("anatomy.py").run()
    app.button_group(key="anatomy.mode").set_value("By hand").run()
    assert hand().W_hy[3, 2] == 1.25 and field(app, "W_hy o 3").value == 1.25


@pytest.mark.parametrize("bad", ["a", "a b", "abcdefg", "abcdefghijklmnopqrstuvwxyz"])
def test_a_word_that_cannot_be_read_is_refused_with_a_sentence(
    app: AppTest, hand: Callable[[], Hand], bad: str
) -> None:
    word(app).set_value(bad).run()
    assert "Word must be 2 to 7 letters without spaces" in words(app)
    assert "What was before it still holds." in words(app)
    assert hand().same(byhand.hello())
    word(app).set_value("hallo").run()
    assert not app.error and hand().vocabulary == "halo"


def test_another_word_and_width_keep_what_both_have(app: AppTest, hand: Callable[[], Hand]) -> None:
    word(app).set_value("<b*>").run()
    assert not app.exception and hand().word == "<b*>"
    assert "&lt;" in shown(app) and r"\*" in app.main.markdown[2].value
    press(app, "Undo")
    field(app, "Hidden units").set_value(2).run()
    assert hand().units == 2 and hand().W_xh.tolist() == byhand.hello().W_xh[:2].tolist()
    assert column(app, "<i>h</i>, unit 2")


@pytest.mark.parametrize("name", byhand.PRESETS)
def test_presets_can_be_begun_with_and_begun_again(app: AppTest, hand: Callable[[], Hand], name: str) -> None:
    chosen(app, "Begin with").select(name).run()
    wanted = byhand.preset(name, "hello", 3, "tanh", 0)
    assert hand().same(wanted)
    chosen(app, "Activation φ").select("relu").run()
    field(app, "b_y h").set_value(3.0).run()
    press(app, "Begin again")
    assert hand().same(byhand.preset(name, "hello", 3, "relu", 0))


def test_steps_through_time_change_what_is_shown_in_full(app: AppTest) -> None:
    press(app, "Next")
    assert "Time step 2 in full" in words(app) and "e^1.906077" in shown(app)
    press(press(app, "Next"), "Next")
    assert "Time step 4 in full" in words(app)
    assert next(button for button in app.button if button.label == "Next").disabled
    steps(app).set_value(0).run()
    assert "Time step 1 in full" in words(app)
    assert next(button for button in app.button if button.label == "Previous").disabled


def test_what_the_time_steps_add_sums_to_the_gradient_and_the_trial_agrees(
    app: AppTest, hand: Callable[[], Hand]
) -> None:
    app.button_group(key="hand.way").set_value("Backward pass").run()
    whole = byhand.gradient(hand())
    for part in byhand.LEARNED:
        app.selectbox(key="hand.weight.part").select(part).run()
        app.selectbox(key="hand.weight.row").select(1).run()
        adds = [float(cell.replace("−", "-")) for cell in column(app, "<b>adds</b>")]
        slope = whole[part][(1, 0)[: whole[part].ndim]]
        assert sum(adds) == pytest.approx(slope, abs=3e-6)
        assert f"{slope:.6f}".replace("-", "−") in shown(app)
        assert "Both agree: they differ by less than 0.000001." in words(app)
        assert not app.exception and not app.error


def test_learning_by_hand_ends_with_the_right_word_and_can_be_taken_back(
    app: AppTest, hand: Callable[[], Hand]
) -> None:
    loss = byhand.forward(hand()).loss
    press(app, "Apply this training step")
    assert hand().same(byhand.downhill(byhand.hello(), 0.3)) and byhand.forward(hand()).loss < loss
    assert field(app, "W_xh 1 h").value == hand().W_xh[0, 0]
    for _ in range(6):
        press(app, "Apply 10 training steps")
    assert "Predicted: **ello**" in words(app) and "4 of 4 letters are right" in words(app)
    for _ in range(7):
        press(app, "Undo")
    assert hand().same(byhand.hello())
    assert next(button for button in app.button if button.label == "Undo").disabled


def test_a_step_that_is_too_large_is_refused_with_a_sentence(app: AppTest, hand: Callable[[], Hand]) -> None:
    chosen(app, "Activation φ").select("relu").run()
    for label in ("W_hh 1 2", "W_hh 2 1", "W_hy h 1"):
        field(app, label).set_value(900.0).run()
    assert "This training step would be too large. W" in words(app)
    assert "Apply this training step" not in buttons(app) and not app.exception


def test_one_step_of_a_gated_cell_can_be_set_by_hand(app: AppTest, state_of: StateOf) -> None:
    cells = app.button_group(key="hand.cell")
    cells.set_value("lstm").run()
    assert not app.exception and not app.error
    assert "f = σ(0.3·1 − 0.2·0.5 + 1) = 0.768525" in shown(app)
    field(app, "forget gate, bias").set_value(-5.0).run()
    assert state_of(app).own(HandWork).gated["lstm"].weights[1][2] == -5.0
    assert "f = σ(0.3·1 − 0.2·0.5 − 5) = 0.008163" in shown(app)
    field(app, "forget gate, bias").set_value(5_000.0).run()
    assert (
        "from −1,000 to 1,000; got 5000" in words(app)
        and state_of(app).own(HandWork).gated["lstm"].weights[1][2] == -5.0
    )
    field(app, "forget gate, bias").set_value(-5.0).run()
    assert not app.error
    field(app, "cell state c before").set_value(None).run()
    assert field(app, "cell state c before").value == 0.8
    press(app, "Begin again")
    assert field(app, "forget gate, bias").value == 1.0
    app.button_group(key="hand.cell").set_value("gru").run()
    assert "h̃ = tanh(1·1 + 0.6·0.668188·0.5) = " in shown(app)
    assert not app.exception and not app.error


def test_a_step_that_leads_uphill_is_said_to(app: AppTest) -> None:
    assert "The loss rises" not in words(app)
    app.number_input(key="hand.rate").set_value(10.0).run()
    assert "The loss rises: the training step is too large for this slope." in words(app)


@pytest.mark.parametrize(
    ("value", "said"), [(0.5, "%g"), (1.287027, "%g"), (0.14463012, "%.5f"), (0.97482945, "%.6f"), (1e-9, "%.1f")]
)
def test_fields_write_as_many_digits_as_they_need(app: AppTest, value: float, said: str) -> None:
    field(app, "W_xh 1 h").set_value(value).run()
    assert field(app.run(), "W_xh 1 h").proto.format == said
