import pytest

from deploy.sample.edition import RULES, Source, load_edition, sample_feeds
from deploy.sample.feeds import feed_xml
from deploy.starter.starter import starter_feeds
from ingest.clock import utc_now
from ingest.feed import Feed
from ingest.parse import parse_feed

BASE = "http://127.0.0.1:8080"
EDITION = load_edition()


def test_the_edition_has_forty_articles_in_four_languages() -> None:
    languages = {source.path: source.language for source in EDITION.source}
    assert len(EDITION.article) >= 40
    assert {languages[article.source] for article in EDITION.article} == {"en", "fr", "de", "es"}
    assert all(article.text.strip() for article in EDITION.article)


def test_each_address_is_used_once() -> None:
    places = [(article.source, article.slug) for article in EDITION.article]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("source", EDITION.source, ids=lambda source: source.path)
def test_each_feed_reads_back_whole_in_its_own_format_and_encoding(source: Source) -> None:
    listed = EDITION.articles_of(source)
    feed = Feed(url=f"{BASE}/sample/{source.path}.xml")
    parsed = parse_feed(feed_xml(source, listed, BASE), "application/xml", feed, utc_now())
    assert [entry.title for entry in parsed.entries] == [article.title for article in listed]
    assert [entry.published for entry in parsed.entries] == [article.published for article in listed]
    assert parsed.language == source.language
    if not source.pages:
        first = listed[0].text.strip().split("\n\n")[0]
        assert parsed.entries[0].text.startswith(first)


def test_there_are_several_encodings_and_all_three_formats() -> None:
    assert len({source.encoding for source in EDITION.source}) >= 4
    assert {source.format for source in EDITION.source} == {"rss", "rdf", "atom"}


def test_the_sample_comes_with_feeds_and_rules() -> None:
    assert len(sample_feeds(BASE)) == len(EDITION.source)
    assert any("naval_exercise" in rule.query for rule in RULES)


def test_the_starter_set_has_feeds_in_four_languages() -> None:
    feeds = starter_feeds()
    assert {feed.language for feed in feeds} == {"en", "fr", "de", "es"}
    assert len({feed.url for feed in feeds}) == len(feeds)
