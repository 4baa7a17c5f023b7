"""A feed's bytes to articles: every entry that has a link, a guid or a title becomes exactly one."""

import io
import re
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser  # type: ignore[import-untyped]

from ingest.article import Article, PublishedBy, article_id, revision
from ingest.charset import decode
from ingest.document import FeedError, feed_document
from ingest.feed import Feed
from ingest.plaintext import clean, one_line, plain_text, shorten
from ingest.published import EARLIEST, parse_date
from ingest.url import canonical_url, host_of

__all__ = ["MAX_TEXT", "FeedError", "ParsedFeed", "headline", "parse_feed"]

MAX_TEXT = 1_000_000  # characters of an article's text; the log has a limit for records
_MAX_TITLE = 500
_MAX_GUID = 2000
_HEADLINE = 100  # characters of the text that stand in for a missing title
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}  # minutes
_DATES = ("published", "created", "updated", "date")

_ADDRESS = re.compile(r"https?://|[.]{0,2}/|\?")

_Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed said. `ttl` is how long it asks to be left alone; `notes` say in plain words what was wrong."""

    title: str | None
    language: str | None
    ttl: timedelta | None
    entries: tuple[Article, ...]
    notes: tuple[str, ...]


def parse_feed(body: bytes, content_type: str | None, feed: Feed, fetched: datetime) -> ParsedFeed:
    """The articles of a feed as fetched at `fetched`, newest news first or however the feed has them.

    An article that stands in the feed twice is taken once. Raises FeedError when there is no feed in `body`.
    """
    document = feed_document(decode(body, content_type), feed.url)
    parsed = _parsed(document.xml, feed.url)
    about: _Entry = parsed["feed"]
    title = shorten(one_line(_string(about, "title")), _MAX_TITLE) or None
    language = _language(dict.get(about, "language"))
    reader = _Reader(feed, feed.title or title or host_of(feed.url), language, fetched)
    entries = reader.read(parsed["entries"])
    notes = ["the document is cut off; the entries before the cut were taken"] if document.cut_off else []
    if parsed["bozo"]:
        notes.append("not well-formed XML; read as far as it makes sense")
    return ParsedFeed(title, language, _ttl(about), entries, (*notes, *reader.notes()))


def headline(text: str) -> str:
    """The title of an article that has none: the first words of its text."""
    return shorten(" ".join(text[: 10 * _HEADLINE].split()), _HEADLINE)


class _Reader:
    """Turns the entries of one feed into articles, and remembers what was odd about them."""

    def __init__(self, feed: Feed, source: str, language: str | None, fetched: datetime) -> None:
        self._feed = feed
        self._source = source
        self._language = language
        self._fetched = fetched
        self._bare = self._repeated = self._cut = 0

    def read(self, entries: list[_Entry]) -> tuple[Article, ...]:
        taken: dict[str, Article] = {}
        told: set[tuple[str, str]] = set()  # guid and title: the same story again under another address
        for entry in entries:
            article = self._article(entry)
            if article is None:
                self._bare += 1
            elif article.id in taken or (article.guid and (article.guid, article.title) in told):
                self._repeated += 1
            else:
                taken[article.id] = article
                told.add((article.guid or "", article.title))
        return tuple(taken.values())

    def notes(self) -> Iterator[str]:
        counts = (
            (self._bare, "without link, guid, title and text, skipped"),
            (self._repeated, "that repeat another one, taken once"),
            (self._cut, f"longer than {MAX_TEXT:,} characters, cut"),
        )
        return (f"{count} {'entry' if count == 1 else 'entries'} {what}" for count, what in counts if count)

    def _article(self, entry: _Entry) -> Article | None:
        guid = " ".join(clean(_string(entry, "id")).split())[:_MAX_GUID] or None
        url = self._url(entry, guid)
        text = max((plain_text(value) for value in _texts(entry)), key=len, default="")
        title = shorten(one_line(_string(entry, "title")), _MAX_TITLE) or headline(text) or url or guid
        if title is None:
            return None
        truncated = len(text) > MAX_TEXT
        text = shorten(text, MAX_TEXT)
        self._cut += truncated
        published, published_by = self._published(entry)
        return Article(
            id=article_id(url, guid, self._source, title),
            revision=revision(title, text),
            url=url,
            guid=guid,
            source=self._source,
            feed=self._feed.url,
            tags=self._feed.tags,
            title=title,
            text=text,
            language=self._feed.language or _entry_language(entry) or self._language,
            published=published,
            published_by=published_by,
            fetched=self._fetched,
            truncated=truncated,
        )

    def _url(self, entry: _Entry, guid: str | None) -> str | None:
        """The entry's own address; a guid that is an address will do. FeedBurner hides the real one."""
        stated = [_string(entry, "feedburner_origlink"), _string(entry, "link")]
        listed = [
            _string(link, "href") for link in dict.get(entry, "links", ()) if dict.get(link, "rel") == "alternate"
        ]
        permanent = [guid] if guid and guid.startswith(("http://", "https://")) else []
        # feedparser makes any guid the link where there is none, but only an address can be one, not "17".
        borrowed = bool(dict.get(entry, "guidislink")) and not _ADDRESS.match(guid or "")
        links = [link for link in (*stated, *listed) if link and not (borrowed and link == guid)]
        return next((url for link in (*links, *permanent) if (url := canonical_url(link, self._feed.url))), None)

    def _published(self, entry: _Entry) -> tuple[datetime, PublishedBy]:
        moment = _date(entry)
        if moment is None:
            return self._fetched, "fetched"
        return (self._fetched, "clamped") if moment > self._fetched else (moment, "feed")


def _parsed(xml: bytes, url: str) -> _Entry:
    try:
        # A stream, because feedparser takes bytes for a file name first. Without the feed's address, because relative
        # links are resolved by us, and a guid such as "17" is not to become a link.
        result: _Entry = feedparser.parse(
            io.BytesIO(xml),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # whatever a hostile document makes the parser trip over
        raise FeedError(
            url, f"the feed cannot be read ({type(error).__name__}: {error}); tell the publisher"
        ) from error
    if not result["entries"] and not result.get("version"):
        raise FeedError(url, "this is not RSS, RDF or Atom; check the address")
    return result


def _texts(entry: _Entry) -> Iterator[str]:
    """Everything that may be the entry's text, each once."""
    values = [_string(part, "value") for part in dict.get(entry, "content", ())]
    values += [_string(entry, "summary"), _string(entry, "description"), _string(entry, "media_description")]
    return (value for value in dict.fromkeys(values) if value)


def _date(entry: _Entry) -> datetime | None:
    for name in _DATES:
        if moment := parse_date(_string(entry, name)):
            return moment
    for name in _DATES:
        if (parts := dict.get(entry, f"{name}_parsed")) and not _string(entry, name).isdecimal():
            try:
                moment = datetime.fromtimestamp(timegm(parts), UTC)
            except (ValueError, OverflowError, OSError):
                continue
            if moment >= EARLIEST:
                return moment
    return None


def _entry_language(entry: _Entry) -> str | None:
    details = [*dict.get(entry, "content", ()), dict.get(entry, "summary_detail"), dict.get(entry, "title_detail")]
    return next((code for detail in details if detail and (code := _language(dict.get(detail, "language")))), None)


def _language(tag: object) -> str | None:
    """The ISO 639 code of a language tag such as "en-GB" (BCP 47)."""
    match = re.fullmatch(r"([a-z]{2,3})(?:[-_].*)?", tag.strip().lower()) if isinstance(tag, str) else None
    return match[1] if match and match[1] not in ("und", "mul", "zxx") else None


def _ttl(about: _Entry) -> timedelta | None:
    """RSS `ttl` in minutes, or the period and frequency of RSS 1.0's syndication module."""
    stated = _string(about, "ttl").strip()
    if re.fullmatch(r"\d{1,7}", stated) and int(stated):
        return timedelta(minutes=int(stated))
    period = _PERIODS.get(_string(about, "sy_updateperiod").strip().lower())
    times = _string(about, "sy_updatefrequency").strip()
    if period is None:
        return None
    return timedelta(minutes=period / max(1, int(times) if re.fullmatch(r"\d{1,4}", times) else 1))


def _string(part: _Entry, name: str) -> str:
    value = dict.get(part, name)  # not part.get: feedparser's own makes up values, with warnings
    return value if isinstance(value, str) else ""
