import pytest

from deploy.opml import read_opml, write_opml
from ingest.errors import WirewatchError
from ingest.feed import Feed

FEEDS = (
    Feed(url="https://example.org/a.xml", title='Ärger & "Glück" <1>', language="de", tags=("asia", "navy")),
    Feed(url="https://example.org/b.xml"),
)


def test_what_is_exported_can_be_imported() -> None:
    feeds, faults = read_opml(write_opml(FEEDS).encode())
    assert not faults
    assert [feed.url for feed in feeds] == [feed.url for feed in FEEDS]
    assert feeds[0] == FEEDS[0]


def test_folders_are_opened_and_each_address_is_taken_once() -> None:
    xml = b"""<opml version="1.0"><body><outline text="World"><outline text="A" xmlUrl="https://example.org/a"/>
    <outline text="Deeper"><outline title="A again" xmlUrl="https://example.org/a"/></outline></outline></body></opml>"""
    feeds, faults = read_opml(xml)
    assert [(feed.title, feed.url) for feed in feeds] == [("A", "https://example.org/a")]
    assert not faults


def test_an_outline_that_is_no_web_address_is_passed_over_and_named() -> None:
    feeds, faults = read_opml(b'<opml><body><outline xmlUrl="file:///etc/passwd"/></body></opml>')
    assert not feeds
    assert "file:///etc/passwd" in faults[0]


@pytest.mark.parametrize("xml", [b"", b"not xml", b"<html/>", b'<!DOCTYPE o [<!ENTITY a "b">]><opml>&a;</opml>'])
def test_what_is_not_opml_is_refused_with_a_reason(xml: bytes) -> None:
    with pytest.raises(WirewatchError, match="OPML"):
        read_opml(xml)
