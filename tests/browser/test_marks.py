"""Foreign text is shown as it is, whatever Streamlit would make of it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pages._ui.widgets.marks import JOINER
from tests.browser.conftest import ROOT, NewServer, OpenTab
from tests.browser.helpers import rests

HOSTILE = [
    ":material/home:",
    ":material_home:",
    ":material/x",
    ":streamlit:",
    ":red[x] :small[x]",
    ":blue-background[x]",
    ":smile: :+1:",
    "$$x$$ $x$",
    "<script>alert(1)</script>",
    "[x](http://y.z) ![x](http://y.z/i.png)",
    "http://example.org/a",
    "WWW.example.org",
    "a@b.org",
    "&#58;material/home:",
    "a -- b -> c <- d <-> e <= f >= g ~= h",
    "--",
    "=== x\n===",
    "    x",
    "```\nx\n```",
    "| a |\n|--|\n| 1 |",
    "**a** _b_ ~~c~~ `d`",
]
SCRIPT = """
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from pages._ui.widgets.marks import escaped
for index, text in enumerate({hostile!r}):
    for show in (st.markdown, st.caption, st.error, st.info):
        with st.container(key=f"{{show.__name__}}_{{index}}"):
            show(escaped(text))
            show(f"Right: **{{escaped(text)}}**.")
st.button("end")
"""
PLAIN = {"div", "p", "strong", "small", "svg", "path"}


@pytest.fixture
def page(new_server: NewServer, tab: OpenTab, tmp_path: Path) -> Page:
    script = tmp_path / "shown.py"
    script.write_text(SCRIPT.format(root=str(ROOT), hostile=HOSTILE))
    return tab(new_server(str(script)).url)


def test_nothing_in_foreign_text_is_drawn(page: Page) -> None:
    expect(page.get_by_role("button", name="end")).to_be_visible()
    rests(page)
    for show in ("markdown", "caption", "error", "info"):
        for index, text in enumerate(HOSTILE):
            shown = page.locator(f".st-key-{show}_{index}")
            assert shown.text_content().replace(JOINER, "") == f"{text}Right: {text}.", (show, text)
            assert set(re.findall(r"<(\w+)", shown.inner_html())) <= PLAIN, (show, text)
