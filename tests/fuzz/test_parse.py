"""Whatever bytes a server sends, a feed is read or refused with a FeedError; nothing else ever comes out."""

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.feed import Feed
from ingest.parse import FeedError, parse_feed

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FEED = Feed(url="https://feeds.example/rss.xml")
OWN = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "data" / "feeds").glob("*.xml"))]

_PIECES = st.sampled_from(
    ["<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<link>", "</link>", "<guid>", "</guid>",
     "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "<!DOCTYPE", "<!ENTITY a 'b'>", "&a;", "&#xD800;", "&#0;",
     "&#99999999;", "&lt;", "&", "<", ">", "</", "/>", "<pubDate>", "</pubDate>", "2026-11-24", "</content>",
     "<content type='xhtml'>", "<div xmlns='http://www.w3.org/1999/xhtml'>", "<link href='", "'/>", "http://[::1",
     "https://a.example/", "\x00", "é", "<content mode='base64'>", "</rss>", "<image>", "<geo:lat>x</geo:lat>",
     "<media:content/>", "<itunes:image href='x'/>", "<georss:polygon>1 2 3</georss:polygon>", "<category term='x'/>",
     "<source>", "<dc:date>", "xml:base='http://['"]
)  # fmt: skip


def check(body: bytes, content_type: str | None = None) -> None:
    """Every article must be whole: an id of its own, a title, text that can be written down, a date not after now."""
    try:
        parsed = parse_feed(body, content_type, FEED, NOW)
    except FeedError:
        return
    assert len({article.id for article in parsed.entries}) == len(parsed.entries)
    for article in parsed.entries:
        assert article.title.strip()
        assert "\n" not in article.title
        assert article.model_dump_json().encode()
        assert article.published <= NOW


@given(st.binary(max_size=400), st.none() | st.text(max_size=30))
def test_any_bytes_are_read_or_refused(body: bytes, content_type: str | None) -> None:
    check(body, content_type)


@given(st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=30), st.sampled_from(["rss", "feed", "rdf:RDF"]))
@example(["<item>", "<guid>", "http://[::1", "</guid>", "<link href='", "http://[::1", "'/>"], "rss")
def test_any_jumble_of_feed_markup_is_read_or_refused(pieces: list[str], root: str) -> None:
    inside = "".join(pieces)
    check(f"<{root}>{inside}</{root}>".encode("utf-8", "replace"))
    check(f"<{root}><channel><item>{inside}</item></channel>".encode("utf-8", "replace"))


@settings(max_examples=60)
@given(st.sampled_from(OWN), st.integers(0, 3000), st.integers(0, 60), st.binary(max_size=20))
def test_a_damaged_feed_is_read_or_refused(feed: bytes, at: int, gone: int, instead: bytes) -> None:
    check(feed[:at] + instead + feed[at + gone :])
