"""The socket of a run: given up by a tab that nobody sees, found again, replaced by Streamlit's own connection."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewServer, OpenTab, Server
from tests.browser.helpers import LONG, SHORT, TRAINING, chart, drawn, goes_on, part, press, status, trained

HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    const later = globalThis.setTimeout;
    globalThis.setTimeout = (act, ms, ...rest) => later(act, ms === 20000 ? 0 : ms, ...rest);
    document.dispatchEvent(new Event("visibilitychange"));
    globalThis.setTimeout = later;
}"""
SOCKET = "rnnviz.hub.channel.socket"


def test_a_tab_that_nobody_sees_gives_up_its_socket_and_comes_back(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{LONG}&seed=1401")
    press(page, "Train")
    status(page, TRAINING)
    page.evaluate(HIDE, True)
    page.wait_for_function(f"!{SOCKET}")
    newest = page.evaluate("rnnviz.hub.channel.newest")
    page.evaluate(HIDE, False)
    page.wait_for_function(f"newest => {SOCKET} && rnnviz.hub.channel.newest > newest", arg=newest)
    assert page.evaluate("rnnviz.hub.channel.steps.every((step, place, all) => !place || step > all[place - 1])")
    goes_on(page)
    press(page, "Stop")


def test_a_server_that_starts_again_is_found(new_server: NewServer, tab: OpenTab) -> None:
    server = new_server()
    page = tab(f"{server.url}/?{LONG}&seed=1402")
    press(page, "Train")
    status(page, TRAINING)
    server.stop()
    status(page, "connecting again")
    new_server(port=server.port)
    page.get_by_role("combobox", name="Sequence").select_option(index=1)  # this view has no socket yet
    status(page, "not trained yet")
    press(page, "Train")
    status(page, TRAINING)
    drawn(page)
    assert page.evaluate("[rnnviz.hub.channel.state, rnnviz.look.probe]") == ["open", 1]


def close_live(page: Page) -> None:
    page.context.route_web_socket("**/live/**", lambda socket: socket.close())
    page.context.route("**/frames/**", lambda route: route.abort())


def works_without_socket(page: Page) -> None:
    """Trains, draws, and goes back to a moment, all through Streamlit's own connection."""
    status(page, "not trained yet")
    press(page, "Train")
    status(page, "finished: training step 30 of 30")
    drawn(page)
    assert page.evaluate("rnnviz.hub.channel.state") == "blocked"
    expect(chart(page, "score")).to_be_visible()
    page.keyboard.press("Home")
    drawn(page)
    assert page.evaluate("rnnviz.hub.momentNow().place") == 0
    expect(page.locator(".rv-step")).to_have_text("training step 0")


def test_where_no_socket_can_be_had_the_page_itself_brings_everything(server: Server, tab: OpenTab) -> None:
    works_without_socket(tab(f"{server.url}/?{SHORT}&seed=1403", before=close_live))


def test_a_host_that_does_not_know_the_routes_shows_everything(new_server: NewServer, tab: OpenTab) -> None:
    works_without_socket(tab(f"{new_server('pages/navigation.py').url}/?{SHORT}&seed=1404"))


def test_behind_a_base_path(new_server: NewServer, tab: OpenTab) -> None:
    server = new_server(base="lab/rnn")
    page = trained(tab(f"{server.url}/?{SHORT}&seed=1405"))
    assert page.evaluate("rnnviz.hub.channel.worked")
    expect(chart(page, "score")).to_be_visible()
    page.keyboard.press("Home")
    drawn(page)
    part(page, "menu").get_by_role("link", name="Gates").click()
    expect(part(page, "gates-lstm")).to_be_visible()
    drawn(page)
    assert page.evaluate("rnnviz.hub.momentNow().place") == 0
    assert "/lab/rnn/gates?" in page.url
