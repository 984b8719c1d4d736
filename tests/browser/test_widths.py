"""No chart grows narrower while it is updated: what sticks out of a plot would cost it width at every refresh."""

from tests.browser.helpers import LONG, chart, part, press, status

PLOTS = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].map(place => {
    const plot = place.querySelector('svg.marks .root path.background');
    return [plot ? plot.getBBox().width : 0, place.getBoundingClientRect().width];
})"""


def test_plots_keep_their_width_while_it_trains(server, tab):
    page = tab(f"{server.url}/?{LONG}&seed=601", width=1280, height=800)
    press(page, "Train")
    status(page, r"step [\d,]+ of 20,000")
    chart(page, "gradients").wait_for()
    page.wait_for_timeout(1500)
    before = page.evaluate(PLOTS)
    said = part(page, "status").inner_text()
    page.wait_for_timeout(5000)
    assert part(page, "status").inner_text() != said, "nothing moved"
    assert page.evaluate(PLOTS) == before
    assert all(plot > 0.75 * place for plot, place in before)
    press(page, "Stop")
