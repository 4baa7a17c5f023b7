"""Feeds of every kind become articles: each entry exactly one, with a clean title, text, address and date."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser  # type: ignore[import-untyped]
import pytest

from ingest.article import Article
from ingest.feed import Feed
from ingest.parse import MAX_TEXT, FeedError, ParsedFeed, parse_feed
from ingest.url import canonical_url

FEEDS = Path(__file__).parents[2] / "data" / "feeds"
RECORDED = sorted(path.name for path in (Path(__file__).parents[4] / "shared" / "feeds").glob("*"))
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FEED = Feed(url="https://feeds.example/world/rss.xml")
TAG = re.compile(r"</?(?:p|div|br|a|b|i|em|strong|img|span|script|style|ul|li|h\d|table)\b[^<>]*>", re.IGNORECASE)


def parse(body: bytes | str, feed: Feed = FEED, content_type: str | None = None) -> ParsedFeed:
    return parse_feed(body.encode() if isinstance(body, str) else body, content_type, feed, NOW)


def own(name: str) -> ParsedFeed:
    return parse((FEEDS / name).read_bytes())


def rss(items: str) -> str:
    return f'<rss version="2.0"><channel><title>Test</title>{items}</channel></rss>'


def only(items: str) -> Article:
    (article,) = parse(rss(items)).entries
    return article


def test_an_rss_feed_gives_its_articles() -> None:
    parsed = own("rss.xml")
    ferry, storm, guid, title = parsed.entries
    assert (parsed.title, parsed.language, parsed.ttl) == ("Harbour Courier & Post", "en", timedelta(minutes=15))
    assert ferry.title == "Ferry talks resume at A&B pier"
    assert ferry.url == "https://courier.example/ferry?id=7"
    assert ferry.text == (
        "Talks on the ferry resumed on Tuesday.\n\nBoth sides – after a week – were hopeful.\nA date is open."
    )
    assert ferry.published == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert (ferry.guid, ferry.source, ferry.language) == ("courier-7", "Harbour Courier & Post", "en")
    assert (storm.title, storm.text) == ("Storm closes the lock", "The lock is closed.")
    assert storm.url == "https://courier.example/storm"
    assert guid.url == "https://courier.example/guid-only"
    assert guid.published == datetime(2026, 11, 24, 3, 15, tzinfo=UTC)
    assert (title.url, title.guid, title.text) == (None, None, "Seen from the air.")
    assert (title.published, title.published_by) == (NOW, "fetched")


def test_a_repeated_entry_is_taken_once_and_an_empty_one_is_not_and_both_are_noted() -> None:
    assert own("rss.xml").notes == (
        "1 entry without link, guid, title and text, skipped",
        "1 entry that repeat another one, taken once",
    )


def test_an_rdf_feed_gives_its_articles() -> None:
    parsed = own("rdf.xml")
    assert parsed.ttl == timedelta(minutes=30)
    assert [article.title for article in parsed.entries] == [
        "Außenminister sprechen über Häfen",
        "Größere Schleuse geplant",
    ]
    assert {article.language for article in parsed.entries} == {"de"}
    assert parsed.entries[0].published == datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def test_an_atom_feed_gives_its_articles_with_links_resolved_against_xml_base() -> None:
    naval, regatta, untitled = own("atom.xml").entries
    assert naval.title == "Maniobras navales en la bahía"
    assert naval.text == "Las maniobras empezaron el martes.\n\nParticipan dos flotas."
    assert naval.url == "https://diario.example/mundo/maniobras.html"
    assert naval.published == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert regatta.url == "https://diario.example/deportes/regata.html"
    assert (naval.language, untitled.language) == ("es", "fr")
    assert untitled.title == "Le ministre a quitté la réunion sans un mot."


def test_windows_characters_in_a_latin_1_feed_come_out_right() -> None:
    first, second = own("latin-1.xml").entries
    assert first.title == "L’été à l’île : « manœuvres » reportées"
    assert first.text == "Les manœuvres coûtent 3 € de plus."
    assert first.published == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert second.published == datetime(2026, 8, 24, 10, 0, tzinfo=UTC)
    assert second.url == "http://courrier.example/musee"


def test_a_utf_16_feed_is_read() -> None:
    parsed = own("utf-16.xml")
    assert (parsed.title, parsed.entries[0].title) == ("Широкий экран", "Переговоры продолжаются")


def test_an_entry_without_title_is_called_by_its_first_words_or_its_address() -> None:
    text, link, guid = own("no-title.xml").entries
    assert (
        text.title == "The harbour master has left the office for good, and nobody at the port authority could say on…"
    )
    assert link.title == "https://notes.example/2"
    assert guid.title == "n-3"
    assert text.source == "feeds.example"


def test_relative_links_lead_to_the_feeds_own_site_and_a_number_is_no_link() -> None:
    assert [article.url for article in own("relative-links.xml").entries] == [
        "https://feeds.example/news/one",
        "https://feeds.example/world/two.html",
        None,
        "https://feeds.example/news/four",
    ]


def test_a_video_feed_gives_the_description_as_text() -> None:
    (video,) = own("video.xml").entries
    assert video.url == "https://video.example/watch?v=abc"
    assert video.text == "First: the ferry.\n\nSecond: the weather & the tides."


def test_what_the_settings_say_about_a_feed_comes_first() -> None:
    feed = Feed(url=FEED.url, title="Courier", language="fr", tags=("coast",))
    article = parse((FEEDS / "rss.xml").read_bytes(), feed).entries[0]
    assert (article.source, article.language, article.tags, article.feed) == ("Courier", "fr", ("coast",), FEED.url)


def test_a_date_in_the_future_is_clamped_and_marked() -> None:
    article = only("<item><title>x</title><pubDate>Fri, 24 Nov 2028 12:00:00 GMT</pubDate></item>")
    assert (article.published, article.published_by) == (NOW, "clamped")


@pytest.mark.parametrize("date", ["", "yesterday", "0001-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "99/99/99"])
def test_a_date_that_says_nothing_is_replaced_by_the_time_of_fetching(date: str) -> None:
    article = only(f"<item><title>x</title><pubDate>{date}</pubDate></item>")
    assert (article.published, article.published_by) == (NOW, "fetched")


def test_script_and_line_breaks_in_a_title_do_no_harm() -> None:
    article = only(
        "<item><title>&lt;script&gt;alert(1)&lt;/script&gt;Ferry&#13;&#10;Bcc: x@y.z&#9;late&#x202e;</title></item>"
    )
    assert article.title == "Ferry Bcc: x@y.z late"


def test_comparison_signs_and_hearts_are_no_tags() -> None:
    article = only(
        "<item><title>Rates &lt; 3 and a &lt; b &gt; c</title><description>I &lt;3 ferries</description></item>"
    )
    assert (article.title, article.text) == ("Rates < 3 and a < b > c", "I <3 ferries")


def test_the_longest_of_content_and_summary_is_the_text() -> None:
    content = '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">Short.</content:encoded>'
    article = only(f"<item><title>x</title>{content}<description>A longer summary.</description></item>")
    assert article.text == "A longer summary."


def test_a_guid_that_two_stories_share_is_one_article_if_the_title_is_the_same() -> None:
    guid = '<guid isPermaLink="false">1</guid>'
    item = "<item><title>{}</title><link>https://a.example/{}</link>" + guid + "</item>"
    assert len(parse(rss(item.format("Same", 1) + item.format("Same", 2))).entries) == 1
    assert len(parse(rss(item.format("One", 1) + item.format("Two", 2))).entries) == 2


def test_the_same_article_keeps_its_id_and_a_changed_one_gets_a_new_revision() -> None:
    item = "<item><title>T</title><link>https://a.example/1{}</link><description>{}</description></item>"
    before = only(item.format("?utm_source=x", "old"))
    after = only(item.format("#top", "new"))
    assert before.id == after.id
    assert before.revision != after.revision


def test_a_text_of_5_mb_passes_cut_to_what_the_log_takes() -> None:
    parsed = parse(rss(f"<item><title>Long</title><description>{'word ' * 1_000_000}</description></item>"))
    assert MAX_TEXT - 100 < len(parsed.entries[0].text) <= MAX_TEXT
    assert parsed.entries[0].truncated
    assert parsed.notes == ("1 entry longer than 1,000,000 characters, cut",)


def test_a_wrong_charset_is_found_out() -> None:
    text = rss("<item><title>Häfen für Köln: Außenminister</title></item>")
    as_utf8 = parse('<?xml version="1.0" encoding="ISO-8859-1"?>' + text)
    as_latin = parse(('<?xml version="1.0" encoding="UTF-8"?>' + text).encode("latin-1"))
    by_header = parse(text, content_type="text/xml; charset=iso-8859-1")
    with_mark = parse(b"\xef\xbb\xbf" + text.encode(), content_type="text/xml; charset=us-ascii")
    for parsed in (as_utf8, as_latin, by_header, with_mark):
        assert parsed.entries[0].title == "Häfen für Köln: Außenminister"


def test_a_feed_that_is_cut_off_gives_the_entries_before_the_cut() -> None:
    whole = rss("<item><title>One</title></item><item><title>Two</title></item><item><title>Thr")
    parsed = parse(whole[: whole.index("Thr") + 3])
    assert [article.title for article in parsed.entries] == ["One", "Two"]
    assert "cut off" in parsed.notes[0]
    with pytest.raises(FeedError, match="cut off before the end of its first entry"):
        parse(whole[: whole.index("One")])


def test_junk_around_a_feed_is_overlooked() -> None:
    warning = "<br />\n<b>Warning</b>: Undefined index in <b>/srv/feed.php</b><br />\n"
    assert parse(warning + rss("<item><title>One</title></item>") + "\n<!-- 0.2 s -->").entries[0].title == "One"


def test_broken_xml_is_read_as_far_as_it_makes_sense() -> None:
    parsed = parse(
        rss("<item><title>Fish & chips &nbsp; &bogus; \x0b</title><link>https://a.example/?a=1&b=2</link></item>")
    )
    assert parsed.entries[0].url == "https://a.example/?a=1&b=2"
    assert parsed.entries[0].title.startswith("Fish & chips")
    assert parsed.notes == ("not well-formed XML; read as far as it makes sense",)


def test_a_web_page_is_told_from_a_feed_and_its_feed_is_named() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/rss/all.xml">'
    with pytest.raises(FeedError, match=r"web page.* https://feeds\.example/rss/all\.xml, use that"):
        parse(f"<!DOCTYPE html><html><head>{link}</head><body>News</body></html>")
    with pytest.raises(FeedError, match="offers no feed"):
        parse("<html><body><rss></rss></body></html>")


@pytest.mark.parametrize(
    ("body", "says"),
    [(b"", "empty"), (b" \n\t", "empty"), (b"\xef\xbb\xbf", "empty"), (b'{"version": "1"}', "JSON"),
     (b"hello", "not RSS"), (b"<opml><body/></opml>", "feeds import"), (bytes(range(256)) * 50, "not RSS")],
    ids=["nothing", "blanks", "mark", "JSON", "word", "OPML", "binary"],
)  # fmt: skip
def test_what_is_no_feed_is_named_and_the_remedy_with_it(body: bytes, says: str) -> None:
    with pytest.raises(FeedError, match=says) as caught:
        parse(body)
    assert str(caught.value).startswith(FEED.url)


def test_a_billion_laughs_are_not_laughed() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    parsed = parse(f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>' + rss("<item><title>Ha &l9;</title></item>"))
    assert len(parsed.entries[0].title) < 50


def test_a_file_named_by_an_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    doctype = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    assert "hunter2" not in parse(doctype + rss("<item><title>A &s;</title></item>")).entries[0].title


@pytest.mark.parametrize("name", RECORDED or ["(none)"])
def test_every_entry_of_a_recorded_feed_becomes_exactly_one_article(shared: Path, name: str) -> None:
    body = (shared / "feeds" / name).read_bytes()
    counted = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries
    expected = {
        canonical_url(entry.get("link") or "nothing:", FEED.url) or entry.get("id") or entry.get("title")
        for entry in counted
    }
    parsed = parse(body)
    assert len(parsed.entries) == len(expected - {None})
    assert len({article.id for article in parsed.entries}) == len(parsed.entries)
    for article in parsed.entries:
        assert article.title.strip()
        assert not TAG.search(article.title)
        assert name == "big-entries.xml" or not TAG.search(article.text)  # a blog that writes about HTML
        assert "\ufffd" not in article.title
        assert datetime(1995, 1, 1, tzinfo=UTC) < article.published <= NOW
        assert article.published_by == "feed"


def test_a_feed_of_a_million_tags_is_refused_before_it_costs_minutes() -> None:
    body = b"<rss><channel><title>Deep</title><item><title>x</title>" + b"<b>" * 600_000 + b"</item></channel></rss>"
    with pytest.raises(FeedError, match=r"600,0\d\d tags"):
        parse_feed(body, None, FEED, NOW)
