"""The full text of an article, from its page, where the feed has only a summary."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from lxml import etree  # type: ignore[import-untyped]
from trafilatura import extract

from ingest.article import Article, article_id, revision
from ingest.charset import decode
from ingest.crowded import without_crowded_tags
from ingest.fetch import Fetcher, FetchError
from ingest.parse import MAX_TEXT, headline
from ingest.plaintext import clean, one_line, shorten
from ingest.robots import Robots
from ingest.url import canonical_url, host_of

SUMMARY = 1500  # characters; a feed's text below that is taken for a summary
MAX_PAGE = 3_000_000  # bytes
MAX_ELEMENTS = 30_000  # extraction takes some 3 s for so many; an article page has a tenth of it
_WORD = re.compile(r"\w{4,}")
_EDITIONS = ("www.", "m.", "mobile.", "amp.")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FullText:
    """What a page holds. `url` is its rel=canonical address where that is on the same site, else the page's own."""

    text: str
    url: str
    title: str | None
    truncated: bool = False


def with_full_text(article: Article, fetcher: Fetcher, robots: Robots) -> Article:
    """The article with its page's text, or the very same article: when the feed has the text already, when robots.txt
    forbids the page, when it cannot be had, when it holds less than the feed or speaks of something else.

    A page that names another canonical address gives the article that `url`, and so another `id`; whoever remembers
    which articles were seen must remember the first one. Never raises for what a page does.
    """
    if article.url is None or len(article.text) >= SUMMARY:
        return article
    try:
        if not robots.allowed(article.url):
            log.info("page not fetched, robots.txt forbids it", article=article.id, url=article.url)
            return article
        answer = fetcher.get(article.url, max_bytes=MAX_PAGE)
    except FetchError as error:
        log.info("page not fetched, the feed's text stays", article=article.id, error=str(error))
        return article
    kind = (answer.content_type or "text/html").lower()
    page = full_text(answer.body, answer.url, answer.content_type) if "html" in kind else None
    if page is None or len(page.text) <= len(article.text):
        return article
    if not _tells(page, article):
        log.info("page speaks of something else, the feed's text stays", article=article.id, url=answer.url)
        return article
    # Only a page that stood at the article's own address may say what the article's address is: a redirect may lead
    # to one page for all, such as a request for consent.
    stayed = urlsplit(answer.url).path == urlsplit(article.url).path and _same_site(answer.url, article.url)
    return _replaced(article, page, page.url if stayed else article.url)


def full_text(html: bytes, url: str, content_type: str | None = None) -> FullText | None:
    """The text of an article page, or None when there is none to be found. Paragraphs are parted by an empty line."""
    document = without_crowded_tags(decode(html[:MAX_PAGE], content_type))
    try:
        head = etree.fromstring(clean(document).encode(), etree.HTMLParser(encoding="utf-8", no_network=True))
        if sum(1 for _ in head.iter()) > MAX_ELEMENTS:
            log.info("page too large to extract", url=url)
            return None
        extracted = extract(document, url=url, include_comments=False, include_tables=False, favor_precision=True)
    except Exception as error:  # a page may be anything, and the extractor is not ours
        log.warning("page not understood", url=url, error=f"{type(error).__name__}: {error}")
        return None
    paragraphs = [" ".join(line.split()) for line in clean(extracted or "").split("\n")]
    title = _title(head)
    if title and paragraphs[0] == title:  # the headline that stands above the text is no part of it
        paragraphs = paragraphs[1:]
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return FullText(shorten(text, MAX_TEXT), _canonical(head, url), title, len(text) > MAX_TEXT) if text else None


def _replaced(article: Article, page: FullText, url: str) -> Article:
    made_up = article.title in (headline(article.text), article.url, article.guid)
    title = page.title if made_up and page.title else article.title
    return article.model_copy(
        update={
            "id": article_id(url, article.guid, article.source, title),
            "revision": revision(title, page.text),
            "url": url,
            "title": title,
            "text": page.text,
            "full_text": True,
            "truncated": page.truncated,
        }
    )


def _tells(page: FullText, article: Article) -> bool:
    """Whether the page is about the article: half of the words that the feed has are there. A login page fails."""
    wanted = set(_WORD.findall(f"{article.title} {article.text}".lower()))
    found = wanted & set(_WORD.findall(f"{page.title or ''} {page.text}".lower()))
    return 2 * len(found) >= len(wanted)


def _canonical(head: "etree._Element", url: str) -> str:
    for link in head.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            named = canonical_url(link.get("href") or "", url)
            if named and _same_site(named, url) and _same_article(url, named):
                return named
    return canonical_url(url) or url


def _title(head: "etree._Element") -> str | None:
    for meta in head.iter("meta"):
        if meta.get("property") == "og:title" and meta.get("content"):
            return one_line(meta.get("content"))
    found = head.find(".//title")
    return one_line(found.text) or None if found is not None and found.text else None


def _same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one site: the same host, but for "www.", "m." and the like."""
    hosts = [host_of(address) for address in (one, other)]
    for prefix in _EDITIONS:
        hosts = [host.removeprefix(prefix) for host in hosts]
    return hosts[0] == hosts[1]


def _same_article(url: str, named: str) -> bool:
    """A front page is not an article, though some templates name it as canonical for all of them."""
    return urlsplit(named).path.strip("/") != "" or urlsplit(url).path.strip("/") == ""
