"""Tags with a hundred thousand attributes, which would keep a parser busy for minutes."""

from datetime import UTC, datetime

import pytest

from ingest.crowded import has_crowded_tag, without_crowded_tags
from ingest.feed import Feed
from ingest.fulltext import full_text
from ingest.parse import FeedError, parse_feed
from ingest.plaintext import plain_text

ATTRIBUTES = {
    "quoted": 'a{}="x" ',
    "with a sign in the value": "a{}='>' ",
    "bare": "a{} ",
    "without quotes": "a{}=x ",
    "parted by strokes": "a{}/",
}
PICTURE = f'<img alt="map of 2 > 1" src="data:image/png;base64,{"iVBORw0KGgo/=" * 5000}">'


def crowded(attribute: str, name: str = "p") -> str:
    return f"<{name} {''.join(attribute.format(number) for number in range(100_000))}>"


@pytest.mark.parametrize("attribute", ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_a_text_is_read_without_its_crowded_tags(attribute: str) -> None:
    assert plain_text(f"<p>Talks opened.</p>{crowded(attribute)}<p>They go on.</p>") == "Talks opened.\n\nThey go on."


@pytest.mark.parametrize("attribute", ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_a_page_is_read_without_its_crowded_tags(attribute: str) -> None:
    text = (
        "<p>The ministers met on Tuesday in the old customs house, where talks on the ferry had been suspended.</p>" * 5
    )
    found = full_text(
        f"<html><body>{crowded(attribute)}<article>{text}</article></body>".encode(), "https://a.example/"
    )
    assert found is not None
    assert "old customs house" in found.text


@pytest.mark.parametrize("attribute", ['a{}="x" ', "a{}='>' "])
def test_a_feed_with_a_crowded_tag_is_refused(attribute: str) -> None:
    item = f"<item><title>Talks</title>{crowded(attribute, 'description')}x</description></item>"
    with pytest.raises(FeedError, match="attributes"):
        parse_feed(
            f"<rss version='2.0'><channel>{item}</channel></rss>".encode(),
            None,
            Feed(url="https://a.example/feed"),
            datetime.now(UTC),
        )


def test_a_picture_written_into_its_tag_and_long_texts_stay() -> None:
    prose = "if a <b then " + "the long text goes on " * 300
    for text in (PICTURE, prose, "<p>" + "x = 'y' " * 3000, "<td>" * 3000):
        assert without_crowded_tags(text) == text
        assert not has_crowded_tag(text)
