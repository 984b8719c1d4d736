"""The code and its browsers: in Firefox, where one is installed; nothing that it or Safari lack; file by file."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route

from pages._ui.live import bundle
from tests.browser import firefox
from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SHORT

FILLED = """[...document.querySelectorAll(".rv-stage .rv-field canvas")].filter(canvas =>
    canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(byte => byte > 0)).length"""
# What is younger than 2020 and used: since which Chrome, Firefox and Safari.
YOUNG = {
    r"\?\?=|\|\|=|&&=": "assignment where there is none: 85, 79, 14",
    r"\.at\(-?\d|\.at\(": "Array.at: 92, 90, 15.4",
    r"Promise\.withResolvers": "119, 121, 17.4",
    r"\.replaceChildren\(": "86, 78, 14",
    r"\bsubgrid\b": "117, 71, 16",
    r":has\(": "105, 121, 15.4",
    r"@container|container-type|container-name|\bcqw\b|\bcqh\b|\bcqi\b": "105, 110, 16",
    r"\d(?:dvh|svh|lvh)": "108, 101, 15.4",
    r"color-mix\(": "111, 113, 16.2",
    r"\binset:": "87, 66, 14.1",
}
# Younger still, or missing in one of them: not to be used.
TOO_YOUNG = [
    r"\bOffscreenCanvas\b", r"\bscheduler\.", r"requestIdleCallback", r"\bstartViewTransition\b", r"\bnavigation\.",
    r"\.toSorted\(|\.toSpliced\(|\.with\(", r"\bFloat16Array\b", r"\bIterator\.", r"\bSet\.prototype", r"\bpopover\b",
    r"\.union\(|\.difference\(|\.isSubsetOf\(", r"\bTemporal\b", r"\busing ", r"\bstructuredClone\b", r"@scope\b",
    r"anchor-name|position-anchor", r"animation-timeline", r"\bfield-sizing\b", r"text-box-trim", r"interpolate-size",
    r"\bRegExp\.escape\b", r"\bPromise\.try\b", r"\bURL\.parse\b", r"\bcheckVisibility\b", r"\(\?<[=!]",
]  # fmt: skip


def test_it_runs_in_firefox(server: Server, tmp_path: Path) -> None:
    path = firefox.find()
    if path is None:
        pytest.skip("no Firefox on this machine")
    window = firefox.Firefox(path, tmp_path)
    try:
        window.open(f"{server.url}/?{SHORT}&seed=1501")
        window.wait("globalThis.rnnviz?.hub?.bar && !rnnviz.hub.bar.main.disabled && rnnviz.hub.channel?.status.state")
        window.evaluate("rnnviz.hub.bar.main.click()")
        window.wait("rnnviz.hub.channel.over && rnnviz.hub.channel.newest === 30")
        assert window.evaluate("rnnviz.hub.channel.worked")
        assert window.wait(FILLED) >= 3
        assert window.wait("document.querySelectorAll('.st-key-gradients svg.marks .mark-line path').length") >= 3
        window.evaluate("rnnviz.change({ step: 7 })")
        window.wait("rnnviz.hub.momentNow()?.step === 7 && !rnnviz.hub.due")
        assert window.evaluate("document.querySelector('.rv-step').textContent") == "training step 7"
    finally:
        window.close()


def test_nothing_younger_than_what_all_browsers_have_is_used() -> None:
    paths = [path for path in bundle.FOLDER.rglob("*") if path.suffix in (".js", ".css")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    found = {pattern for pattern in TOO_YOUNG if re.search(pattern, code)}
    assert not found
    unused = {pattern for pattern in YOUNG if not re.search(pattern, code)}
    assert not unused, "what is no longer used need not be listed"


def test_a_browser_loads_the_modules_from_their_files_too(tab: OpenTab) -> None:
    loaded = []

    def serve(route: Route) -> None:
        name = route.request.url.removeprefix("http://stage.test/")
        loaded.append(name)
        if name.endswith(".js"):
            route.fulfill(path=bundle.FOLDER / name, content_type="text/javascript")
        else:
            route.fulfill(body="", content_type="text/html")

    page = tab("http://stage.test/", before=lambda page: page.route("http://stage.test/**", serve))
    assert page.evaluate("import('/hub.js').then(found => typeof found.default)") == "function"
    names = {path.relative_to(bundle.FOLDER).as_posix() for path in bundle.FOLDER.rglob("*.js")}
    assert names <= set(loaded)
