"""The sample edition as RSS 2.0, RSS 1.0 (RDF) and Atom, in the encoding that each source prefers."""

from collections.abc import Callable, Sequence
from email.utils import format_datetime
from xml.etree import ElementTree as ET  # only writes XML here; nothing foreign is parsed

from deploy.sample.edition import SampleArticle, Source

ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS1 = "http://purl.org/rss/1.0/"
DC = "http://purl.org/dc/elements/1.1/"
for prefix, namespace in (("rdf", RDF), ("dc", DC)):
    ET.register_namespace(prefix, namespace)


def feed_xml(source: Source, articles: Sequence[SampleArticle], base_url: str) -> bytes:
    """The source's feed. Characters that its encoding lacks become character references."""
    build: dict[str, Callable[[Source, Sequence[SampleArticle], str], ET.Element]] = {
        "rss": _rss,
        "rdf": _rdf,
        "atom": _atom,
    }
    root = build[source.format](source, articles, base_url)
    xml: bytes = ET.tostring(root, encoding=source.encoding, xml_declaration=True)
    return xml


def article_url(article: SampleArticle, base_url: str) -> str:
    """Where the article's page is."""
    return f"{base_url}/sample/{article.source}/{article.slug}"


def _body(source: Source, article: SampleArticle) -> str:
    if source.pages:
        return article.summary
    return "".join(f"<p>{paragraph}</p>" for paragraph in article.text.strip().split("\n\n"))


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text


def _rss(source: Source, articles: Sequence[SampleArticle], base_url: str) -> ET.Element:
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", source.title)
    _add(channel, "link", f"{base_url}/sample/{source.path}.xml")
    _add(channel, "language", source.language)
    for article in articles:
        item = ET.SubElement(channel, "item")
        _add(item, "title", article.title)
        if article.link:
            _add(item, "link", f"{article_url(article, base_url)}?utm_source=rss&utm_medium=feed")
        _add(item, "guid", f"sample:{article.source}:{article.slug}", isPermaLink="false")
        _add(item, "pubDate", format_datetime(article.published))
        _add(item, "description", _body(source, article))
    return root


def _rdf(source: Source, articles: Sequence[SampleArticle], base_url: str) -> ET.Element:
    root = ET.Element(f"{{{RDF}}}RDF")
    channel = ET.SubElement(root, f"{{{RSS1}}}channel")
    _add(channel, f"{{{RSS1}}}title", source.title)
    _add(channel, f"{{{DC}}}language", source.language)
    for article in articles:
        url = article_url(article, base_url)
        item = ET.SubElement(root, f"{{{RSS1}}}item", {f"{{{RDF}}}about": url})
        _add(item, f"{{{RSS1}}}title", article.title)
        _add(item, f"{{{RSS1}}}link", url)
        _add(item, f"{{{RSS1}}}description", _body(source, article))
        _add(item, f"{{{DC}}}date", article.published.isoformat())
    return root


def _atom(source: Source, articles: Sequence[SampleArticle], base_url: str) -> ET.Element:
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": source.language})
    _add(root, f"{{{ATOM}}}title", source.title)
    _add(root, f"{{{ATOM}}}id", f"sample:{source.path}")
    for article in articles:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _add(entry, f"{{{ATOM}}}title", article.title)
        _add(entry, f"{{{ATOM}}}id", f"sample:{article.source}:{article.slug}")
        ET.SubElement(entry, f"{{{ATOM}}}link", {"rel": "alternate", "href": article_url(article, base_url)})
        _add(entry, f"{{{ATOM}}}published", article.published.isoformat())
        _add(entry, f"{{{ATOM}}}updated", article.published.isoformat())
        _add(entry, f"{{{ATOM}}}summary", article.summary)
        _add(entry, f"{{{ATOM}}}content", _body(source, article), type="html")
    return root
