"""A visitor's own table of reviews in a real browser: read with a bar, learned, opened by its link elsewhere."""

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import press, status
from tests.support.review_files import rows, write

SMALL = "task=sentiment&models=gru:hidden=8&steps=20"


@pytest.fixture(scope="module")
def reviews(tmp_path_factory):
    """A file that takes a moment to read."""
    return write(tmp_path_factory.mktemp("tables") / "reviews.csv", rows(4_000, 60))


def test_a_table_is_read_with_a_bar_learned_and_shared_by_its_link(server, tab, reviews):
    page = tab(f"{server.url}/?{SMALL}")
    status(page, "not trained yet")
    box = page.get_by_test_id("stFileUploader").locator("input[type=file]")
    box.set_input_files(reviews)
    expect(page.get_by_test_id("stProgress")).to_contain_text("Reading reviews.csv")
    expect(page.get_by_text("Learning 4,000 reviews of 4,000 rows")).to_be_visible()
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    page.wait_for_function("() => location.search.includes('table=')")
    press(page, "Train")
    status(page, "^finished")
    expect(page.get_by_role("heading", name="By class")).to_be_attached()
    expect(page.get_by_text("weighted average")).to_be_attached()
    other = tab(page.url)
    expect(other.get_by_text("Learning 4,000 reviews of 4,000 rows")).to_be_visible()
    status(other, "^finished")
