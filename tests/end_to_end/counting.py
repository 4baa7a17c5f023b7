"""Counts the entries of feeds without the product's parser, so that the product's count can be held against it."""

from collections.abc import Iterator, Sequence

from lxml import etree  # type: ignore[import-untyped]

from ingest.url import canonical_url

_ORIGINAL_LINK = "{http://rssnamespace.org/feedburner/ext/1.0}origLink"


def identities(feeds: Sequence[tuple[str, bytes]]) -> set[str]:
    """What names each article in these feeds (address and body): its canonical link, else its guid, else its title.

    An entry with none of these counts by the words of its description.
    """
    return {name for url, body in feeds for name in _of_feed(url, body)}


def _of_feed(url: str, body: bytes) -> Iterator[str]:
    told: set[tuple[str, str]] = set()
    for element in etree.fromstring(body, etree.XMLParser(recover=True, huge_tree=True), base_url=url).iter():
        if isinstance(element.tag, str) and _local(element.tag) in ("item", "entry"):
            guid, title = _child(element, "guid", "id"), _child(element, "title")
            address = _link(element) or (guid if guid.startswith(("http", "/")) else "")
            link = canonical_url(address, element.base or url) if address else None
            if guid and (guid, title) in told:
                continue  # the same story under another address, as some publishers list it
            told.add((guid, title))
            if name := link or guid or title or _words(_child(element, "description")):
                yield name


def _link(entry: etree._Element) -> str:
    original = entry.findtext(_ORIGINAL_LINK)
    links = [child for child in entry if isinstance(child.tag, str) and _local(child.tag) == "link"]
    texts = [link.text or "" for link in links if (link.text or "").strip()]
    targets = [link.get("href", "") for link in links if link.get("rel", "alternate") == "alternate"]
    return next((found.strip() for found in (original or "", *texts, *targets) if found.strip()), "")


def _child(entry: etree._Element, *names: str) -> str:
    found = ("".join(child.itertext()) for child in entry if isinstance(child.tag, str) and _local(child.tag) in names)
    return " ".join(next(found, "").split())


def _words(markup: str) -> str:
    return " ".join("".join(etree.HTML(markup).itertext()).split()) if markup else ""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
