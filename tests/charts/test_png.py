"""Pictures hold exactly the colours of their values."""

import base64
import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from rnnviz.charts.kit.png import data_url
from rnnviz.charts.scales import BOUNDED, COLOURS, GATE, GRADIENT, Scale, palette


def pixels(url: str) -> np.ndarray:
    """The colours of a picture in a data URL: (row, column, 4) uint8."""
    assert url.startswith("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGBA"))


@given(
    hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40), elements=st.floats(-2, 2, width=32)),
    st.sampled_from([BOUNDED, GATE, GRADIENT]),
)
def test_every_pixel_has_the_colour_of_its_value(values: np.ndarray, scale: Scale) -> None:
    found = pixels(data_url(values, scale))
    assert found.shape == (*values.shape, 4)
    assert (found[..., :3] == palette(scale.scheme)[scale.indices(values)]).all()
    assert (found[..., 3] == 255).all()


def test_the_first_row_is_on_top() -> None:
    found = pixels(data_url(np.array([[-1.0, 1.0], [0.0, 0.0]]), BOUNDED))
    blue, orange = palette("blueorange")[[0, -1]]
    assert (found[0, 0, :3] == blue).all()
    assert (found[0, 1, :3] == orange).all()


def test_what_is_missing_is_transparent() -> None:
    found = pixels(data_url(np.array([[np.nan, 0.5]]), GATE))
    assert found[0, :, 3].tolist() == [0, 255]


def test_upscaling_repeats_pixels() -> None:
    values = np.random.default_rng(0).random((3, 5))
    large, small = pixels(data_url(values, GATE, 4)), pixels(data_url(values, GATE))
    assert (large == small.repeat(4, axis=0).repeat(4, axis=1)).all()


def test_a_raster_of_fifty_by_thirty_two_is_small() -> None:
    values = np.random.default_rng(0).random((32, 50))
    assert len(data_url(values, GATE)) < 5_000


def test_values_past_an_end_take_its_colour() -> None:
    assert GATE.indices(np.array([-5.0, 0.0, 1.0, 5.0, -np.inf, np.inf])).tolist() == [0, 0, 254, 254, 0, 254]
    assert GATE.indices(np.array([np.nan])).tolist() == [COLOURS]


def test_zero_is_the_neutral_colour_of_signed_values() -> None:
    red, green, blue = palette("blueorange")[BOUNDED.indices(np.array(0.0))].astype(int)
    assert max(red, green, blue) - min(red, green, blue) < 8


def test_the_share_beyond_a_scale_forgives_rounding() -> None:
    assert BOUNDED.beyond(np.array([-1.0, 1.0005, 0.0])) == 0.0
    assert BOUNDED.beyond(np.array([2.0, -2.0, 0.0, np.nan])) == 0.5
