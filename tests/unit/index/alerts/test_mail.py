"""The mail as its reader gets it, also when the article means harm."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.alerts.mail import plain
from index.alerts.rule import Rule
from process.tagged import TaggedArticle
from tests.unit.index.alerts.newsdesk import Desk, body, event, parsed, tagged

QUERY = 'event:naval_exercise AND ("mer de Chine" OR drill)'
HOSTILE = "Drill\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script> \u202egnp.exe\x00"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, Rule(name='L\'exercice "naval"', query=QUERY))
    yield made
    made.close()


def french() -> TaggedArticle:
    sentence = "Russes et Chinois s'exercent en mer de Chine orientale depuis mardi."
    told = event(
        "naval_exercise",
        "Russia",
        "China",
        status="ongoing",
        place="East China Sea",
        date="2026-11-24",
        sentence=sentence,
    )
    return tagged(
        "Manœuvres en mer de Chine",
        told,
        text=sentence,
        language="fr",
        source="Le Quotidien",
        url="https://quotidien.example/a?b=1&c=2",
    )


def test_the_mail_tells_what_where_when_who_and_shows_the_proof(desk: Desk) -> None:
    desk.read(french())
    desk.deliver()
    [mail] = desk.mails()
    text = body(mail)
    assert mail["Subject"] == "Naval exercise under way: Russia, China – East China Sea"
    for line in (
        "What:    Naval exercise (ongoing)\n",
        "Where:   East China Sea\n",
        "When:    2026-11-24\n",
        "Who:     Russia, China\n",
        "“Russes et Chinois s'exercent en mer de Chine orientale depuis mardi.”\n    Le Quotidien, French\n",
        "- Manœuvres en mer de Chine\n  Le Quotidien, French, 2026-11-24 12:00 UTC\n  https://quotidien.example/a?b=1&c=2\n",
        f"  wirewatch article {french().article.id}\n",
        "Matched\n  Manœuvres en *mer* *de* *Chine*\n  Russes et Chinois s'exercent en *mer* *de* *Chine* orientale",
        f"  {QUERY}\n",
        "Change it or see what it sent: http://127.0.0.1:8080/rules\n",
        """Stop it: wirewatch rules remove 'L'"'"'exercice "naval"'\n""",
    ):
        assert line in text


def test_the_html_says_the_same_and_links_the_sources(desk: Desk) -> None:
    desk.read(french())
    desk.deliver()
    html = body(desk.mails()[0], "html")
    assert (
        '<a href="https://quotidien.example/a?b=1&amp;c=2" lang="fr" dir="auto">Manœuvres en mer de Chine</a>' in html
    )
    assert "<b>Chine</b>" in html
    assert "color-scheme" in html
    assert "East China Sea" in html


def test_the_headers_are_those_of_a_proper_automatic_mail(desk: Desk) -> None:
    desk.read(french())
    desk.deliver()
    [path] = (desk.folder / "mail" / "new").iterdir()
    raw = path.read_bytes()
    mail = parsed(raw)
    assert mail["From"] == "Wirewatch <alerts@example.org>"
    assert mail["To"] == "desk@example.org"
    assert mail["Date"] == "Tue, 24 Nov 2026 12:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@example.org>")
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 78


@pytest.mark.parametrize(
    "tell", [(), (event("naval_exercise", "Russia", sentence=HOSTILE),)], ids=["title", "sentence"]
)
def test_a_hostile_article_stays_text(tmp_path: Path, tell: tuple[()]) -> None:
    desk = Desk(tmp_path, Rule(name="Drills", query="drill"))
    hostile = tagged(HOSTILE, *tell, source=HOSTILE, url="javascript:alert(1)//")
    desk.read(hostile)
    desk.deliver()
    [mail] = desk.mails()
    assert mail["Bcc"] is None
    assert mail.get_all("To") == ["desk@example.org"]
    html, text = body(mail, "html"), body(mail)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "javascript:" not in html + text
    assert "\u202e" not in html + text + mail["Subject"]
    assert "\x00" not in html + text
    desk.close()


def test_long_lines_are_cut_at_a_word() -> None:
    assert plain("word " * 100, 20) == "word word word word…"
    assert plain("x" * 100, 20) == "x" * 19 + "…"
    assert plain(" two\r\n\tlines\u2028here ") == "two lines here"


def test_an_article_without_title_or_events_still_makes_a_mail(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Rule(name="All", query="source:paper", group="article"))
    desk.read(tagged("", text="Something.", source="Paper"))
    desk.deliver()
    assert desk.mails()[0]["Subject"] == "An article without a title"
    desk.close()
