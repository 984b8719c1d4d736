"""What holds for every chart."""

import json
import re

import pyarrow as pa
import pytest

from rnnviz import charts
from rnnviz.charts.drawing import IN_MEMORY
from tests.charts.every import NAMES, draw
from tests.support.runs import small_run


def _without_data(drawing: charts.Drawing) -> str:
    return json.dumps({**drawing.spec, "datasets": None})


SECOND_FORMS = {"cell_gradient_norm", "jacobian_factors", "cell_jacobian_factors"}  # of charts that are there, too


def test_every_public_chart_is_here() -> None:
    drawn = {name for name in charts.__all__ if name.islower()}
    assert drawn - {"variables", "longest_symbol"} == set(NAMES) - SECOND_FORMS


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_is_what_vega_lite_allows(name: str) -> None:
    drawing = draw(name, small_run(), 7)
    checked = drawing.structure.layered.to_dict(validate=True)
    assert checked["layer"] == [{**layer} for layer in drawing.structure.spec["layer"]]


@pytest.mark.parametrize("name", NAMES)
def test_only_data_changes_from_frame_to_frame(name: str) -> None:
    first, later = (draw(name, small_run(), step) for step in (0, 7))
    assert _without_data(first) == _without_data(later)
    assert first.alt == later.alt
    assert list(first.spec["datasets"]) == list(later.spec["datasets"])
    assert first.spec["datasets"] != later.spec["datasets"]


@pytest.mark.parametrize("name", NAMES)
def test_two_drawings_of_the_same_are_the_same_bytes(name: str) -> None:
    assert draw(name, small_run(), 7).spec == draw(name, small_run(), 7).spec


@pytest.mark.parametrize("name", NAMES)
def test_layers_read_exactly_the_tables_there_are(name: str) -> None:
    spec = draw(name, small_run(), 7).spec
    read = set(re.findall(r'"data": \{"name": "(\w+)"\}', json.dumps({**spec, "datasets": None})))
    assert read == set(spec["datasets"])


@pytest.mark.parametrize("name", NAMES)
def test_layers_read_columns_that_are_there(name: str) -> None:
    spec = draw(name, small_run(), 7).spec
    for layer in spec["layer"]:
        columns = set(
            pa.ipc.open_stream(spec["datasets"][layer.get("data", spec.get("data"))["name"]]).read_all().column_names
        )
        fields = set(re.findall(r'"field": "(\w+)"', json.dumps(layer["encoding"])))
        assert fields <= columns


@pytest.mark.parametrize("name", NAMES)
def test_a_single_view_as_wide_as_its_container(name: str) -> None:
    spec = draw(name, small_run(), 7).spec
    assert spec["width"] == "container"
    assert 60 <= spec["height"] <= 800
    assert not {"facet", "vconcat", "hconcat", "repeat", "config"} & set(spec)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_black_or_white(name: str) -> None:
    drawing = draw(name, small_run(), 7)
    written = json.dumps({**drawing.spec, "datasets": None}) + json.dumps(drawing.chart.to_dict()["datasets"])
    assert not re.search(r'"(black|white|#000|#000000|#fff|#ffffff)"', written, re.IGNORECASE)


@pytest.mark.parametrize("name", NAMES)
def test_altair_accepts_it_with_its_data_inside(name: str) -> None:
    drawing = draw(name, small_run(), 7)
    written = drawing.chart.to_dict()
    assert set(written["datasets"]) == set(drawing.tables)
    assert drawing.nbytes == IN_MEMORY * sum(len(table) for table in drawing.spec["datasets"].values())


@pytest.mark.parametrize("name", NAMES)
def test_words_for_those_who_cannot_see_it(name: str) -> None:
    alt = draw(name, small_run(), 7).alt
    assert alt.startswith(("Line chart: ", "Heatmap: ", "Heatmaps: ", "Diagram: ", "Dot chart: ", "Bar chart: "))
    assert alt.endswith(".")


def test_a_drawing_without_one_of_its_tables_is_refused() -> None:
    drawing = draw("loss", small_run(), 7)
    with pytest.raises(ValueError, match="tables must be"):
        charts.Drawing(drawing.structure, {"lines": {}}, "")
