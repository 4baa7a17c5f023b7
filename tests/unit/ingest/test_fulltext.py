"""Where the feed has only a summary, the page's text takes its place, if the page is what it should be."""

from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from ingest.article import Article, article_id, revision
from ingest.fetch import Fetcher, Timeouts
from ingest.fulltext import full_text, with_full_text
from ingest.parse import headline
from ingest.robots import Robots
from tests.feed_server import FeedServer

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SUMMARY = "Both sides were hopeful after a week of ferry talks."
BODY = [
    "Talks on the ferry resumed on Tuesday in the old customs house, after a week in which both sides had not met.",
    "The harbour master said he was hopeful that a timetable could be agreed before the first ice of the winter.",
    "The operator, which lost two ships to repairs last year, wants fewer crossings and a longer contract in return.",
    "A date for the next round is open. The town council will hear both sides in the first week of December.",
]


def page(head: str = "", title: str = "Ferry talks resume", paragraphs: list[str] = BODY) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head><title>{title}</title>{head}</head><body>"
        "<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>"
        f"<article><h1>{title}</h1>{text}<script>track('x')</script></article>"
        "<footer>Imprint and privacy</footer></body></html>"
    )


def article(url: str, title: str = "Ferry talks resume", text: str = SUMMARY) -> Article:
    return Article(
        id=article_id(url, None, "Courier", title),
        revision=revision(title, text),
        url=url,
        guid=None,
        source="Courier",
        feed="http://127.0.0.1/feed",
        title=title,
        text=text,
        language="en",
        published=NOW,
        published_by="feed",
        fetched=NOW,
    )


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


def filled(given: Article) -> Article:
    fetcher = Fetcher([ip_network("127.0.0.0/8")], gap=0, timeouts=Timeouts(total=5))
    return with_full_text(given, fetcher, Robots(fetcher))


def test_a_summary_is_replaced_by_the_text_of_the_page(server: FeedServer) -> None:
    server.serve("/ferry", page(), content_type="text/html")
    before = article(server.url("/ferry"))
    after = filled(before)
    assert after.full_text
    assert all(paragraph in after.text for paragraph in BODY)
    assert "\n\nThe harbour master" in after.text
    assert not any(noise in after.text for noise in ("Imprint", "Sport", "track"))
    assert (after.id, after.title, after.url) == (before.id, before.title, before.url)
    assert after.revision != before.revision


def test_a_long_text_from_the_feed_is_kept_and_the_page_not_even_asked(server: FeedServer) -> None:
    before = article(server.url("/ferry"), text=SUMMARY * 40)
    assert filled(before) is before
    assert server.hits("/ferry") == server.hits("/robots.txt") == 0


def test_a_page_that_robots_txt_forbids_is_not_fetched(server: FeedServer) -> None:
    server.serve("/robots.txt", "User-agent: *\nDisallow: /", content_type="text/plain")
    server.serve("/ferry", page(), content_type="text/html")
    before = article(server.url("/ferry"))
    assert filled(before) is before
    assert server.hits("/ferry") == 0


@pytest.mark.parametrize(
    "trouble", ["missing", "error", "shorter", "not html", "empty", "redirect inside", "too large"]
)
def test_the_feeds_text_stays_when_the_page_cannot_be_had(server: FeedServer, trouble: str) -> None:
    if trouble == "error":
        server.serve("/ferry", "", status=500)
    elif trouble == "shorter":
        server.serve("/ferry", page(paragraphs=["Ferry talks."]), content_type="text/html")
    elif trouble == "not html":
        server.serve("/ferry", page(), content_type="application/pdf")
    elif trouble == "empty":
        server.serve("/ferry", "", content_type="text/html")
    elif trouble == "redirect inside":
        server.redirect("/ferry", "http://169.254.169.254/latest/meta-data")
    elif trouble == "too large":
        server.serve("/ferry", page() + " " * 4_000_000, content_type="text/html", encoding="gzip")
    before = article(server.url("/ferry"))
    assert filled(before) is before


def test_a_page_that_asks_for_consent_is_not_taken_for_the_article(server: FeedServer) -> None:
    consent = [
        "We and our 812 partners store cookies on your device to measure advertising. Please accept them now."
    ] * 4
    server.redirect("/ferry", "/consent?back=/ferry")
    server.serve("/consent?back=/ferry", page(title="Your privacy", paragraphs=consent), content_type="text/html")
    before = article(server.url("/ferry"))
    assert filled(before) is before


def test_the_canonical_address_of_the_page_becomes_the_articles(server: FeedServer) -> None:
    server.serve("/amp/ferry", page('<link rel="canonical" href="/ferry?utm_source=amp">'), content_type="text/html")
    after = filled(article(server.url("/amp/ferry")))
    assert after.url == server.url("/ferry")
    assert after.id == article_id(server.url("/ferry"), None, "Courier", after.title)


@pytest.mark.parametrize("canonical", ["https://other.example/ferry", "/", "javascript:alert(1)", ""])
def test_a_canonical_address_elsewhere_or_of_the_front_page_is_not_believed(server: FeedServer, canonical: str) -> None:
    server.serve("/ferry", page(f'<link rel="canonical" href="{canonical}">'), content_type="text/html")
    assert filled(article(server.url("/ferry"))).url == server.url("/ferry")


def test_where_a_redirect_ends_is_not_the_articles_address(server: FeedServer) -> None:
    server.redirect("/~r/1", "/ferry")
    server.serve("/ferry", page(), content_type="text/html")
    after = filled(article(server.url("/~r/1")))
    assert after.full_text
    assert after.url == server.url("/~r/1")


def test_a_title_made_from_the_text_gives_way_to_the_pages_own(server: FeedServer) -> None:
    server.serve("/ferry", page(), content_type="text/html")
    assert filled(article(server.url("/ferry"), title=headline(SUMMARY))).title == "Ferry talks resume"


def test_mobile_editions_belong_to_the_same_site() -> None:
    html = page('<link rel="canonical" href="https://www.courier.example/ferry">').encode()
    found = full_text(html, "https://m.courier.example/ferry")
    assert found is not None
    assert (found.url, found.title) == ("https://www.courier.example/ferry", "Ferry talks resume")


def test_the_charset_of_a_page_is_found_in_the_page() -> None:
    body = ["Die Gespräche über die Fähre begannen am Dienstag im alten Zollhaus, nachdem sie geruht hatten."]
    html = page('<meta charset="iso-8859-1">', "Gespräche über die Fähre", body + BODY).encode("latin-1")
    found = full_text(html, "https://kurier.example/1")
    assert found is not None
    assert "Gespräche über die Fähre" in found.text


@pytest.mark.parametrize(
    "html",
    [b"", b"\0\0\0", b"<html></html>", b"<p>" * 5000, b"{}", "<b>x".encode("utf-16"), b"<a>x</a>" * 40_000],
    ids=["nothing", "zeros", "no body", "nested", "JSON", "a letter", "too many elements"],
)
def test_a_page_without_text_gives_none(html: bytes) -> None:
    assert full_text(html, "https://a.example/") is None
