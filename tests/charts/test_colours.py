"""Colours are told apart by everybody, on light and on dark: models, gates by what they do, and signed values."""

import itertools

import numpy as np
import pytest

from rnnviz.cells import CELLS
from rnnviz.charts import theme
from rnnviz.charts.scales import COLOURS, palette

LIGHT, DARK = "#ffffff", "#12171d"
SEEN_AS = {  # linear RGB as people without one kind of cone see it (Machado, Oliveira and Fernandes 2009)
    "all cones": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
everybody = pytest.mark.parametrize("eyes", SEEN_AS)


def _linear(colour: str) -> np.ndarray:
    values = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _lab(linear: np.ndarray) -> np.ndarray:
    """CIELAB, in which a distance of about 2 is just seen."""
    xyz = TO_XYZ @ linear / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _apart(one: str, other: str, eyes: str) -> float:
    seen = [_lab(np.clip(np.array(SEEN_AS[eyes]) @ _linear(colour), 0, 1)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def _contrast(one: str, other: str) -> float:
    dim, bright = sorted(float(TO_XYZ[1] @ _linear(colour)) for colour in (one, other))
    return (bright + 0.05) / (dim + 0.05)


def _hex(colour: np.ndarray) -> str:
    return "#" + bytes(colour).hex()


ROLES = [colour for role, colour in theme.ROLES.items() if role != "offers"]
MODELS = [theme.style_of(f"{cell}{more}").colour for cell in CELLS for more in ("", "-without")]
BLOCKS = {block.name: block for cell in CELLS.values() for block in cell.shown}


def test_gates_that_do_the_same_share_a_colour_and_no_others() -> None:
    assert BLOCKS["forget_gate"].role == BLOCKS["update_gate"].role
    assert len(set(theme.ROLES.values())) == len(theme.ROLES)
    assert len({(block.role, block.dash) for block in BLOCKS.values()}) == len(BLOCKS)


@everybody
def test_gates_are_told_apart_by_everybody(eyes: str) -> None:
    for one, other in itertools.combinations(ROLES, 2):
        assert _apart(one, other, eyes) > 20


def test_no_gate_has_the_colour_of_a_model() -> None:
    for gate, model in itertools.product(ROLES, [cell.colour for cell in CELLS.values()]):
        assert _apart(gate, model, "all cones") > 20


@everybody
def test_a_model_without_attention_is_told_from_the_same_with_it(eyes: str) -> None:
    for cell in CELLS:
        assert _apart(theme.style_of(cell).colour, theme.style_of(f"{cell}-without").colour, eyes) > 17


@pytest.mark.parametrize("page", [LIGHT, DARK])
def test_lines_are_seen_on_either_page(page: str) -> None:
    for colour in (*theme.ROLES.values(), *MODELS):
        assert _contrast(colour, page) >= 3, colour


def test_on_a_dark_page_zero_is_the_darkest_and_both_signs_are_as_light() -> None:
    shades = [_hex(colour) for colour in palette("blueorange-dark")]
    light = np.array([_lab(_linear(shade))[0] for shade in shades])
    middle = COLOURS // 2
    assert light.argmin() == middle
    assert (np.diff(light[: middle + 1]) < 0.3).all() and (np.diff(light[middle:]) > -0.3).all()
    assert np.abs(light - light[::-1]).max() < 2.5
    assert 1.15 < _contrast(shades[middle], DARK) < 1.5
    assert min(_contrast(shades[end], DARK) for end in (0, -1)) > 9


@everybody
def test_the_signs_are_told_apart_on_either_page(eyes: str) -> None:
    for scheme in ("blueorange", "blueorange-dark"):
        shades = [_hex(colour) for colour in palette(scheme)]
        assert _apart(shades[0], shades[-1], eyes) > 40
        assert _apart(shades[COLOURS // 4], shades[-COLOURS // 4], eyes) > 30
