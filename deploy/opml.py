"""Lists of feeds as OPML 2.0 (http://opml.org/spec2.opml), which every feed reader reads and writes."""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from pydantic import ValidationError

from ingest.errors import WirewatchError
from ingest.feed import Feed


def write_opml(feeds: Sequence[Feed]) -> str:
    """The feeds as one OPML document. Tags go into `category`."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = "Wirewatch feeds"
    body = ET.SubElement(root, "body")
    for feed in feeds:
        told = {"type": "rss", "text": feed.title or feed.url, "xmlUrl": feed.url}
        told |= {"language": feed.language} if feed.language else {}
        told |= {"category": ",".join(feed.tags)} if feed.tags else {}
        ET.SubElement(body, "outline", told)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def read_opml(xml: bytes) -> tuple[list[Feed], list[str]]:
    """The feeds of an OPML document, however its outlines nest, and a line for each outline that we cannot watch.

    Raises WirewatchError for what is not OPML. Documents that declare entities are refused.
    """
    if b"<!ENTITY" in xml:
        raise WirewatchError("this OPML declares XML entities, which may be a trap; export it anew without")
    try:
        root = ET.fromstring(xml)  # noqa: S314 - entities are refused above
    except ET.ParseError as error:
        raise WirewatchError(f"this is not OPML: {error}. Export the list from your feed reader as OPML.") from None
    if root.tag != "opml":
        raise WirewatchError(f"this is XML but not OPML: its root is <{root.tag}>")
    feeds: dict[str, Feed] = {}
    faults: list[str] = []
    for outline in root.iter("outline"):
        for feed, fault in _feed(outline):
            if feed:
                feeds.setdefault(feed.url, feed)
            else:
                faults.append(fault)
    return list(feeds.values()), faults


def _feed(outline: ET.Element) -> Iterator[tuple[Feed | None, str]]:
    url = outline.get("xmlUrl", "").strip()
    if not url:
        return  # a folder
    tags = tuple(tag.strip() for tag in outline.get("category", "").split(",") if tag.strip())
    language = (outline.get("language") or "").split("-")[0].lower()
    told = {"url": url, "title": outline.get("text") or outline.get("title") or None, "tags": tags}
    try:
        yield Feed.model_validate({**told, **({"language": language} if language.isalpha() else {})}), ""
    except ValidationError as error:
        yield None, f"{url}: {error.errors()[0]['msg'].removeprefix('Value error, ')}"
