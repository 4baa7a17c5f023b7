"""Whatever an article says, its alert is one well-formed mail with the headers we meant and no others."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from index.alerts.mail import Composer
from index.alerts.outbox import Mail
from index.alerts.source import Source
from process.tagged import Event, Status
from tests.unit.index.alerts.newsdesk import body, parsed

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HEADERS = [
    "Subject", "From", "To", "Date", "Message-ID", "List-Id", "Auto-Submitted", "MIME-Version", "Content-Type",
]  # fmt: skip

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300) | st.sampled_from(
    [
        "\r\nBcc: a@example.org",
        "=?utf-8?q?=0D=0ABcc:_a?=",
        "<script>",
        "\n.\n",
        "{{ 1 }}",
        "é" * 300,
        "a" * 1200,
        "\u202e",
        "--==",
    ]
)
statuses: st.SearchStrategy[Status] = st.sampled_from(["happened", "ongoing", "planned", "cancelled"])
events = st.builds(
    Event, type=texts.filter(bool), plover=texts, status=statuses, actors=st.lists(texts, max_size=6).map(tuple),
    place=st.none() | texts, date=st.none() | texts, sentence=texts, part=st.just("text"), start=st.just(0),
    end=st.just(1), rule=st.just(""),
)  # fmt: skip
fragments = st.lists(st.lists(st.tuples(texts, st.booleans()), max_size=3).map(tuple), max_size=2).map(tuple)
sources = st.builds(
    Source, article=st.text("0123456789abcdef", min_size=32, max_size=32), revision=st.just("0"), title=texts,
    url=st.none() | texts | texts.map("https://example.org/".__add__), source=texts, language=texts,
    published=st.just(NOW),
    events=st.lists(events, max_size=2).map(tuple), why=fragments,
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.lists(sources, min_size=1, max_size=3), min_size=1, max_size=3), texts.filter(bool), texts)
def test_any_article_makes_a_parseable_mail_without_foreign_headers(
    groups: list[list[Source]], rule: str, query: str
) -> None:
    mail = Mail(1, "<1@example.org>", rule, query, NOW, 0, ["a@example.org"], ["a@example.org"], None, groups)
    subject, message = Composer('Müller, "W" <alerts@example.org>', "http://127.0.0.1:8080").compose(mail, NOW)
    read = parsed(message)
    assert read.keys() == HEADERS
    assert read["To"] == "a@example.org"
    assert read["Subject"].split() == subject.split()
    assert not read.defects
    assert max(map(len, message.split(b"\r\n"))) <= 998
    assert message.isascii()
    html = body(read, "html")
    assert "<script>" not in html
    assert html.count("<footer>") == 1
    assert body(read).count("Stop it: wirewatch rules remove") >= 1
    assert all(href.startswith("http") for href in html.split('href="')[1:])
