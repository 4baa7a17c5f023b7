"""What a server sent, made a document that is safe to parse: the right root, no DTD, closed where it was cut off."""

import html.entities
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]

from ingest.crowded import has_crowded_tag, without_crowded_tags
from ingest.errors import WirewatchError

_ROOT = re.compile(r"<((?:[\w.-]{1,40}:)?(rss|rdf|feed|channel))(?=[\s/>])", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_ENTRY_END = re.compile(r"</((?:[\w.-]{1,40}:)?(?:item|entry))\s*>", re.IGNORECASE)
_HEAD = 50_000  # characters in which the root must begin; before it stand declarations, stylesheets, warnings of PHP
_MOST_TAGS = 500_000  # parsing takes seconds for so many; the largest real feeds have some ten thousand
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_XML_NAMES = frozenset(["amp", "lt", "gt", "quot", "apos"])
_FEED_TYPES = frozenset(["application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml"])


class FeedError(WirewatchError):
    """What came from the feed's address is no feed that can be read."""

    def __init__(self, url: str, message: str) -> None:
        super().__init__(f"{url}: {message}")
        self.url = url


@dataclass(frozen=True, slots=True)
class Document:
    """UTF-8 XML from its root on. `cut_off` when its end was missing; entries that were not whole are gone then."""

    xml: bytes
    cut_off: bool


def feed_document(text: str, url: str) -> Document:
    """The feed in `text`. A DTD is dropped with all its entities; HTML's named characters are known without one.

    Raises FeedError for a web page, for anything else that is no RSS, RDF or Atom, and for a feed cut off too early.
    """
    if not text.strip():
        raise FeedError(url, "the answer is empty; it is tried again, check the address if it stays so")
    root = _ROOT.search(text, 0, _HEAD)
    page = _PAGE.search(text, 0, root.start() if root else _HEAD)
    if root is None or page:
        raise FeedError(url, _what_it_is(text, url, is_page=page is not None))
    if (tags := text.count("<")) > _MOST_TAGS:
        raise FeedError(
            url, f"it has {tags:,} tags, more than {_MOST_TAGS:,}; no feed has so many, so it is not parsed"
        )
    if has_crowded_tag(text):
        raise FeedError(url, "it has a tag with thousands of attributes; no feed has so many, so it is not parsed")
    body = _NAMED.sub(_character, _NOT_XML.sub("", text[root.start() :]))
    whole = body.rfind(f"</{root[1]}") > 0 or re.match(r"<[^<>]*/>", body) is not None
    if not whole:
        body = _closed(body, root[1], url)
    return Document(f'<?xml version="1.0" encoding="utf-8"?>\n{body}'.encode(), cut_off=not whole)


def _closed(body: str, root: str, url: str) -> str:
    """The entries that are whole, and the end tags that are missing."""
    end = 0
    for match in _ENTRY_END.finditer(body):
        end = match.end()
    if not end:
        raise FeedError(url, "the feed is cut off before the end of its first entry; it is tried again")
    kept = body[:end]
    channel = "</channel>" if "<channel" in kept and "</channel" not in kept else ""
    return f"{kept}{channel}</{root}>"


def _character(match: re.Match[str]) -> str:
    name = match[1]
    return match[0] if name in _XML_NAMES else html.entities.html5.get(f"{name};", match[0])


def _what_it_is(text: str, url: str, *, is_page: bool) -> str:
    if "<opml" in text[:_HEAD].lower():
        return "this is OPML, a list of feeds; take it in with `wirewatch feeds import`"
    if is_page:
        offered = _alternates(text, url)
        advice = (
            f"it offers the feed {offered[0]}, use that" if offered else "it offers no feed; look for RSS on the site"
        )
        return f"this is a web page, not a feed; {advice}"
    if text.lstrip()[:1] in ("{", "["):
        return "this is JSON, not RSS or Atom; look for an RSS or Atom feed on the site"
    return "this is not RSS, RDF or Atom; check the address"


def _alternates(page: str, url: str) -> list[str]:
    """The feeds that a page names by <link rel="alternate">."""
    tree = etree.fromstring(
        without_crowded_tags(_NOT_XML.sub("", page[:500_000])).encode(),
        etree.HTMLParser(encoding="utf-8", no_network=True),
    )
    links = [] if tree is None else tree.iter("link")
    return [
        urljoin(url, link.get("href"))
        for link in links
        if "alternate" in (link.get("rel") or "").lower()
        and (link.get("type") or "").lower() in _FEED_TYPES
        and link.get("href")
    ]
