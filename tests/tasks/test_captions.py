"""Drawings of shapes: what is drawn, what is said of it, and what a visitor may type."""

import numpy as np
import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.captions import Captions, drawing, grammar, typing
from rnnviz.tasks.captions.drawing import COLOURS, KINDS, RGB, SIDE

TASK = Captions()


def test_a_batch_says_of_every_drawing_what_the_grammar_says() -> None:
    shapes = grammar.drawn(np.random.default_rng(0), 400)
    words = grammar.told(shapes)
    said = [" ".join(grammar.WORDS[place] for place in column if place != PAD) for column in words.T]
    assert said == [grammar.caption(shapes, sample) for sample in range(400)]
    assert {caption.split()[0] for caption in said} == {"nothing", "a", "two", "three"}
    assert {word for caption in said for word in caption.split()} == set(grammar.WORDS)


def test_every_drawing_that_is_trained_on_has_one_caption_and_nothing_to_warn_of() -> None:
    shapes = grammar.drawn(np.random.default_rng(1), 200)
    for sample in range(200):
        assert grammar.caption(shapes, sample)
        assert grammar.unlike(shapes[sample : sample + 1]) == ""


def test_the_empty_drawing_is_trained_on_and_never_held_out() -> None:
    assert (TASK.held_out().inputs.max(axis=(0, 2)) > 0).all()
    trained = TASK.sample(np.random.default_rng(2), 500)
    empty = trained.inputs.max(axis=(0, 2)) == 0
    assert empty.any()
    assert {TASK.write(one) for one in trained.targets[:, empty].T} == {"nothing"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_shape_has_its_colour_where_it_lies_and_paper_around_it(kind: str) -> None:
    for place, colour in enumerate(COLOURS):
        pixels = drawing.pixels(typing.read(f"{colour} {kind} 12 12 large"))[0]
        inked = pixels.max(-1) > 0.99 * (1 - RGB[place]).max()
        assert 10 < inked.sum() < 100
        np.testing.assert_allclose(pixels[inked], np.broadcast_to(1 - RGB[place], (inked.sum(), 3)), atol=1e-2)
        assert pixels[:5].max() == pixels[:, :5].max() == pixels[-5:].max() == pixels[:, -5:].max() == 0
        np.testing.assert_array_equal(pixels, pixels[:, ::-1])


def test_no_two_kinds_of_shape_look_alike() -> None:
    drawn = [drawing.pixels(typing.read(f"red {kind} 12 12 small"))[0] for kind in KINDS]
    for one in range(len(KINDS)):
        for other in range(one):
            assert np.abs(drawn[one] - drawn[other]).sum() > 5


def test_places_are_cut_from_a_drawing_line_by_line_and_joined_again() -> None:
    pixels = np.random.default_rng(3).random((2, SIDE, SIDE, 3), np.float32)
    cut = TASK.reads.cut(pixels)
    assert cut.shape == (36, 2, 48)
    np.testing.assert_array_equal(cut[7, 1], pixels[1, 4:8, 4:8].ravel())
    assert TASK.reads.names[:2] == ("A1", "B1") and TASK.reads.names[7] == "B2" and TASK.reads.names[-1] == "F6"
    np.testing.assert_array_equal(TASK.reads.joined(cut), pixels)


@pytest.mark.parametrize(("text", "right"), [
    ("nothing", "nothing"),
    ("red ring 12 12 large", "a large red ring"),
    ("red ring, 12, 12, small;", "a small red ring"),
    ("blue cross 6 6; blue cross 18 18", "two blue crosses"),
    ("blue cross 6 6; blue cross 18 18; Blue Cross 6 18", "three blue crosses"),
    ("red ring 6 18; green square 8 6", "a green square above a red ring"),
    ("red ring 18 6; green square 6 8", "a green square left of a red ring"),
    ("red ring 12 12", ""),  # of middle size
    ("red ring 4 4; green ring 12 12; blue ring 20 20", ""),
])  # fmt: skip
def test_what_is_typed_is_drawn_and_described(text: str, right: str) -> None:
    found = TASK.typed(text)
    assert found.right == right
    assert found.codes.shape == (36, 48) and found.codes.dtype == np.float32
    assert bool(found.warned) == (not right)


@pytest.mark.parametrize(("text", "warned"), [
    ("red ring 0 12 large", "reaches over an edge"),
    ("red ring 10 12; red ring 14 12", "touch"),
    ("red ring 11 12 large", "grid of 2 pixels"),
    ("red ring 6 6; blue ring 18 16", "clearly above or left"),
])  # fmt: skip
def test_a_drawing_unlike_all_that_are_trained_on_is_said_to_be_so(text: str, warned: str) -> None:
    found = TASK.typed(text)
    assert found.right and warned in found.warned


@pytest.mark.parametrize(("text", "got"), [
    ("", "got none"),
    (" ; ", "got none"),
    ("red", "got 'red'"),
    ("pink ring 3 3", "got 'pink ring 3 3'"),
    ("red ring 3 25", "got 'red ring 3 25'"),
    ("red ring 3 nan", "got 'red ring 3 nan'"),
    ("red ring 3 3 huge", "got 'red ring 3 3 huge'"),
    ("; ".join(["red ring 3 3"] * 7), "got 7 shapes"),
    ("; ".join(["red ring 3 3"] * 1_000), "got 1000 shapes"),
])  # fmt: skip
def test_what_is_no_drawing_is_refused_in_a_sentence(text: str, got: str) -> None:
    with pytest.raises(ExperimentError, match=f"input must be .*; {got}"):
        TASK.typed(text)


def test_spaces_cut_nothing_off() -> None:
    far = " " * 500
    for spread, text in (
        (f"red ring 6 8{far}large", "red ring 6 8 large"),
        (f"red ring 13 14{far}; red ring 2 2", "red ring 13 14; red ring 2 2"),
    ):
        np.testing.assert_array_equal(TASK.read(spread), TASK.read(text))


def test_what_was_read_is_typed_again() -> None:
    text = "red ring 6 8 large; blue square 17.5 16 medium"
    assert "; ".join(typing.parts(typing.read(text))) == text
    assert typing.parts(typing.read("nothing")) == []


def test_noise_is_drawn_where_it_is_asked_for() -> None:
    clean, noisy = (Captions(noise=noise).sample(np.random.default_rng(4), 64) for noise in (0.0, 0.25))
    np.testing.assert_array_equal(clean.targets, noisy.targets)
    assert abs(float((noisy.inputs - clean.inputs).std()) - 0.25) < 0.01
