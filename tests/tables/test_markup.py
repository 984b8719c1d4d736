"""HTML in tables of pairs: taken out where cells are HTML, and left where signs mean themselves."""

import pytest

from pages._ui.session import texts
from rnnviz.core.errors import ExperimentError
from rnnviz.tables.markup import stripped
from rnnviz.tables.paired import Chosen
from rnnviz.tasks import corpora
from rnnviz.tasks.pairs import csv_table
from tests.support.tasks import task
from tests.tables.test_brought import PAIRS, learned

ANKI = "#separator:tab\n#html:true\n"
SAID = "HTML was taken out of the cells."
CELLS = {
    "I know the bread.&nbsp;": "I know the bread.",
    "<div>two</div><div>lines</div>": "two lines",
    "one<br>two<br/>three<BR />four": "one two three four",
    'a <b>bold</b> and <span style="color: red" class=x>red</span> word': "a bold and red word",
    "Tom &amp; Jerry &lt;b&gt;": "Tom & Jerry <b>",
    "dog[sound:hund-1.mp3]": "dog",
    "Hund<img src='dog.jpg'>": "Hund",
    "caf&eacute; &#252;ber &#x1F600;": "café über 😀",
    "soft&shy;ly": "softly",
    **{
        same: same
        for same in ("a < b", "a <b and c> d", "R&D", "&", "x<y>z", "AT&notit; &copy 1 & 2; 3", "[sound]", "&T;")
    },
}


@pytest.mark.parametrize("written", CELLS)
def test_a_cell_of_a_table_that_says_it_is_html(written: str) -> None:
    found, report = learned(f"{ANKI}Ich\t{written}\nHund\tdog\nBrot\tbread\n")
    assert found == [("Ich", CELLS[written]), ("Hund", "dog"), ("Brot", "bread")]
    assert report.html and SAID in report.said


@pytest.mark.parametrize("parts", "\t,;|")
def test_cells_of_which_most_show_html(parts: str) -> None:
    quote = '"' * (parts == ";")  # as programs quote what holds the sign that parts the cells
    rows = "".join(f"<div>{one}</div>{parts}{quote}{two}&nbsp;{quote}\n" for one, two in PAIRS)
    found, report = learned(f"x{parts}{quote}y&nbsp;{quote}\n{rows}")
    assert found == [("x", "y"), *PAIRS] and report.said == SAID
    assert SAID in task("pairs", text=f"x{parts}{quote}y&nbsp;{quote}\n{rows}").summary


def test_cards_whose_first_is_a_division_are_no_web_page() -> None:
    found, report = learned("".join(f"<div>{one}</div>\t{two}&nbsp;\n" for one, two in PAIRS))
    assert found == PAIRS and report.html
    with pytest.raises(ExperimentError, match="got a web page"):
        learned("<div>Hello, you</div>\n<div>a, b</div>\n")


def test_a_column_of_sounds_is_empty() -> None:
    found, report = learned(ANKI + "".join(f"{one}\t[sound:{n}.mp3]\t{two}\n" for n, (one, two) in enumerate(PAIRS)))
    assert found == PAIRS and report.left_out == {"column 2": "is empty"}


@pytest.mark.parametrize("head", ["", "#html:false\n", "#separator:tab\n"])
def test_signs_that_mean_themselves_stay(head: str) -> None:
    rows = [("a < b", "R&D"), ("&amp;", "and"), ("<b>", "bold"), ("x", "y"), ("&nbsp;", "a blank"), ("p", "q")]
    found, report = learned(head + "".join(f"{one}\t{two}\n" for one, two in rows))
    assert found == rows and not report.html
    every = "".join(f"<b>{one}</b>\t<i>{two}</i>\n" for one, two in PAIRS)
    assert learned(head + every)[1].html == (head != "#html:false\n")
    assert not learned(head + every, Chosen(html=False))[1].html


def test_a_table_in_its_canonical_form_stays_what_it_is_also_for_a_link_from_before() -> None:
    old = "".join(f"{one},<b>{two}</b>\n<i>{one} too</i>,&amp {two}\n" for one, two in PAIRS)
    assert csv_table.cleaned(old) == old
    upload = ANKI + old.replace(",", "\t")
    assert texts.wanted("pairs", upload, corpora.digest(old)) == old
    new = csv_table.brought(upload).text
    assert (
        "<" not in new and csv_table.cleaned(new) == new and texts.wanted("pairs", upload, corpora.digest(new)) == new
    )


def test_a_long_cell_of_beginnings_stays_what_it_is() -> None:
    for part in ("<b ", "<b a=", "&", "<", "[sound:", "<b a='"):
        assert stripped(part * 40_000).startswith(part.strip())
