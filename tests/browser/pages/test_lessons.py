"""The lesson of every page: all its equations are set, none is left as it is written in the source."""

import re

import pytest
from playwright.sync_api import expect

from pages._ui.frame import registry
from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import sideways

PAGES = (*(spec.path.strip("/") for spec in registry.pages().values()), "anatomy by hand")
LESSON = "The equations, and how to read this page"
SOURCE = re.compile(r"\$|\\[a-zA-Z]+|\*\*")  # what is left of Markdown or LaTeX that was not understood


@pytest.mark.parametrize("name", PAGES)
def test_every_lesson_is_set_from_its_first_equation_to_its_last_word(server: Server, tab: OpenTab, name: str) -> None:
    page = tab(f"{server.url}/{name.split(' ')[0]}", width=1400)
    if name.endswith("by hand"):
        page.get_by_text("By hand", exact=True).click()
        expect(page.get_by_role("textbox", name="Word")).to_be_visible()  # the lesson before it is gone
    lesson = page.locator("[data-testid=stExpander]").filter(has=page.locator("summary", has_text=LESSON))
    expect(lesson).to_have_count(1)
    lesson.locator("summary").click()
    expect(lesson.locator(".katex").first).to_be_visible()
    expect(lesson.locator(".katex-error")).to_have_count(0)
    # KaTeX keeps its source in an annotation that nobody sees.
    said = lesson.evaluate(
        "box => { const own = box.cloneNode(true);"
        " own.querySelectorAll('annotation').forEach(one => one.remove()); return own.textContent; }"
    )
    assert not SOURCE.findall(said)
    assert sideways(page) <= 0
    page.set_viewport_size({"width": 390, "height": 844})
    expect(lesson.locator(".katex").first).to_be_visible()
    assert sideways(page) <= 0
