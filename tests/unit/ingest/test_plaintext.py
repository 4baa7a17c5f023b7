"""Markup becomes text that people read: paragraphs stay, tags and scripts go, and nothing else is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.plaintext import clean, one_line, plain_text, shorten


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One &amp; two</p><p>Three<br>four</p>", "One & two\n\nThree\nfour"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("a line\nbroken in <b>HTML</b><p>", "a line broken in HTML"),
        ("plain\n\nparagraphs", "plain\n\nparagraphs"),
        ("text\n\nwith <a href='x'>a link</a>", "text\n\nwith a link"),
        ("&lt;p&gt;escaped twice&lt;/p&gt;", "escaped twice"),
        ("AT&amp;amp;T", "AT&T"),
        ("x < y and <b>y</b> > z", "x < y and y > z"),
        ("before<script>alert(1)</script><style>p{}</style> after", "before after"),
        ("<b>The tag</b> &lt;script&gt; is dangerous", "The tag <script> is dangerous"),
        ("<![CDATA[<p>kept</p>]]>", "kept"),
        ("a<!-- hidden -->b", "ab"),
        ("text<img src='x.png' alt='", "text"),
        ("<html><head><title>no</title></head><body>yes</body></html>", "yes"),
        ("", ""),
    ],
)
def test_markup_becomes_the_text_it_shows(markup: str, text: str) -> None:
    assert plain_text(markup) == text


def test_invisible_and_control_characters_go_and_accents_are_composed() -> None:
    assert clean("Ma\u00adno\u0308ver\x00\u202e\ufeff\ud800") == "Manöver"
    assert clean("it\x92s\r\nhere") == "it’s\nhere"


def test_a_title_is_one_line() -> None:
    assert one_line("One\r\n<br>two\tthree") == "One two three"


def test_shortening_cuts_between_words() -> None:
    assert shorten("one two three", 9) == "one two…"
    assert shorten("one two", 9) == "one two"
    assert len(shorten("x" * 50, 10)) == 10


@given(st.text(alphabet=st.sampled_from("<>&;/!-p b\n\x00]['\"scriptamdivlgq#1é"), max_size=80))
def test_any_text_comes_out_clean_and_comes_out_the_same_again(markup: str) -> None:
    text = plain_text(markup)
    assert text == clean(text).strip()
    assert "\n\n\n" not in text
