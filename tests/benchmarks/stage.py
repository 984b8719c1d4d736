"""How fast the stage is in a browser, and what it costs: `python -m tests.benchmarks.stage`.

Prints, of a server of its own on this machine: from an input event of the time line to everything drawn, for moments
that are here and for others; drawings a second while dragging and beside training; Train to the first picture; a first
visit against an empty page of Streamlit with one chart, both cold; memory of the server and of what trains.
"""

import random
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.__main__ import find_browser
from tests.browser.conftest import FLAGS, Server

WINDOW: ViewportSize = {"width": 1280, "height": 720}
PAGES = {"compare": "", "anatomy": "anatomy", "states": "states", "gates": "gates", "gradients": "gradients"}
DECODERS = "task=reverse&models=gru:hidden=32:attention=additive:bidirectional=true,gru:hidden=32"
QUICK = "batch=8&seed=771"  # trained so quickly that more than ten moments a second are measured
TWELVE = "models=lstm,lstm,lstm"  # twelve pictures of 50 time steps and 32 units on Gates
DRAWN = """() => {
    const hub = globalThis.rnnviz?.hub;
    return hub?.channel?.moments.has(hub.placeNow()) && !hub.due && hub.drawnPlace === hub.placeNow();
}"""
ALL = """() => {
    const near = [...document.querySelectorAll(".rv-stage .rv-chart, .rv-stage .rv-field canvas")];
    const drawn = one => one.tagName === "CANVAS" ? one.width > 1 : one.querySelector("svg.marks .mark-line path");
    return near.length > 4 && near.every(drawn);
}"""
EMPTY = """import altair as alt, pandas as pd, streamlit as st
table = pd.DataFrame({"x": range(20), "y": range(20)})
st.altair_chart(alt.Chart(table).mark_line().encode(x="x", y="y"))
"""
DREW_EMPTY = "document.querySelector('.vega-embed :is(canvas, svg)')"
VISITS = 8
JUMP = """async ([place, forget]) => {
    const { hub } = rnnviz;
    const { channel } = hub;
    if (forget) channel.moments.clear();
    const slider = document.querySelector(".rv-timeline input");
    const begin = performance.now();
    slider.value = channel.steps[place];
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    for (;;) {
        await new Promise(requestAnimationFrame);
        const last = hub.drawings.at(-1);
        if (last[0] === place && last[1] >= begin && !hub.due) return last[2] - begin;
        if (performance.now() - begin > 20000) throw new Error(`place ${place} was not drawn`);
    }
}"""
DRAG = """async seconds => {
    const { hub } = rnnviz;
    const slider = document.querySelector(".rv-timeline input");
    const begin = performance.now();
    const before = hub.drawings.length;
    for (let at = 0; performance.now() - begin < seconds * 1000; at++) {
        await new Promise(requestAnimationFrame);
        slider.value = hub.channel.steps[at % hub.channel.steps.length];
        slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return (hub.drawings.length - before) / seconds;
}"""
FIRST = """async () => {
    const { hub } = rnnviz;
    const before = hub.drawings.length;
    const begin = performance.now();
    hub.bar.main.click();
    for (;;) {
        await new Promise(requestAnimationFrame);
        const first = hub.drawings.slice(before).find(([place]) => place >= 0);
        if (first) return (first[2] - begin) / 1000;
    }
}"""
LIVE = """() => {
    const places = new Map();
    for (const [place, , end] of rnnviz.hub.drawings) if (place > 0 && !places.has(place)) places.set(place, end);
    const ends = [...places.values()].sort((a, b) => a - b);
    return [(ends.length - 1) / ((ends.at(-1) - ends[0]) / 1000), ends.length];
}"""


def open_page(browser: Browser, url: str) -> Page:
    """A visitor of their own, who is asked for no guess."""
    context = browser.new_context(viewport=WINDOW)
    context.add_init_script("localStorage.setItem('rnnviz-guess', 'never')")
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(url)
    return page


def share(values: list[float], part: float) -> float:
    """The value that a part of all does not exceed."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def scrubbing(browser: Browser, server: Server, name: str) -> None:
    """From the input event to everything drawn, of the run that comes with the app."""
    page = open_page(browser, f"{server.url}/{PAGES[name]}")
    page.wait_for_function(DRAWN)
    count = page.evaluate("rnnviz.hub.channel.steps.length")
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    away = [page.evaluate(JUMP, [place, True]) for place in _walk(count, 40)]
    for place in range(count):
        page.evaluate(JUMP, [place, False])
    here = [page.evaluate(JUMP, [place, False]) for place in _walk(count, 200)]
    dragged = page.evaluate(DRAG, 3)
    for kind, found in (("here", here), ("elsewhere", away)):
        half, most = statistics.median(found), share(found, 0.95)
        print(f"{name}: input to drawn, moments {kind}: median {half:.0f} ms, p95 {most:.0f} ms ({count} moments)")
    print(f"{name}: {dragged:.0f} drawings a second while dragging")
    page.context.close()


def _walk(count: int, length: int) -> list[int]:
    """Places at random, no two alike beside each other."""
    chance = random.Random(0)
    places = [0]
    for _ in range(length):
        places.append((places[-1] + chance.randrange(1, count)) % count)
    return places[1:]


def live(browser: Browser, server: Server, name: str, query: str) -> None:
    """Different moments drawn a second beside training."""
    page = open_page(browser, f"{server.url}/{PAGES[name]}?{query}")
    page.wait_for_function("globalThis.rnnviz?.hub.channel?.status.state === 'none'")
    page.evaluate(FIRST)
    page.wait_for_function("rnnviz.hub.channel.over")
    rate, count = page.evaluate(LIVE)
    print(f"{name} ({query}): {rate:.1f} moments drawn a second beside training, {count} in all")
    page.context.close()


def beginning(browser: Browser, server: Server) -> None:
    """From Train to the first picture."""
    wanted = [(path, f"seed=79{at}") for at, path in enumerate(PAGES.values())] + [
        ("attention", f"{DECODERS}&seed=799")
    ]
    for path, query in wanted:
        page = open_page(browser, f"{server.url}/{path}?{query}")
        page.wait_for_function("globalThis.rnnviz?.hub.channel?.status.state === 'none' && !rnnviz.hub.due")
        print(f"/{path}: {page.evaluate(FIRST):.2f} s from Train to the first picture")
        page.get_by_role("button", name="Stop", exact=True).click()
        page.wait_for_function("rnnviz.hub.channel.over")
        page.context.close()


def visit(browser: Browser, server: Server, finished: str) -> float:
    """Seconds from the address to everything drawn, with empty caches."""
    page = browser.new_context(viewport=WINDOW).new_page()
    page.set_default_timeout(120_000)
    began = time.monotonic()
    page.goto(server.url, wait_until="commit")
    page.wait_for_function(finished)
    spent = time.monotonic() - began
    page.context.close()
    return spent


def first_visits(browser: Browser) -> None:
    """Against the least that Streamlit can do, in turns: the first visitor of a new server, then others."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY)
        wanted = {Server(str(script)).wait(): DREW_EMPTY, Server().wait(): ALL}
        spent = [[visit(browser, server, finished) for server, finished in wanted.items()] for _ in range(VISITS)]
        for server in wanted:
            server.stop()
    for which, part in (("first of a new server", spent[:1]), ("with empty caches", spent[1:])):
        least, ours = (statistics.median(times) for times in zip(*part, strict=True))
        print(f"visit, {which}: {ours:.2f} s to all charts; empty page {least:.2f} s; {ours / least:.2f} times")


def memory(server: Server) -> None:
    """Resident memory of the server and of the processes it began."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    for name, pid in (("server", server.process.pid), *(("worker", int(child)) for child in children)):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        (kilobytes,) = (int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
        print(f"memory of the {name}: {kilobytes / 1024:.0f} MB")


def main() -> None:
    """All of it, one after the other."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        first_visits(browser)
        server = Server().wait()
        try:
            for name in ("compare", "gates"):
                scrubbing(browser, server, name)
            live(browser, server, "compare", QUICK)
            live(browser, server, "gates", f"{TWELVE}&seed=772")
            beginning(browser, server)
            memory(server)
        finally:
            server.stop()
            browser.close()


if __name__ == "__main__":
    main()
