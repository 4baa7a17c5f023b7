"""What holds for the history of alerts wherever it is read."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest

from index.alerts.history import AlertHistory, Recipient
from index.alerts.local_history import LocalHistory
from index.alerts.publisher import Publisher
from index.alerts.rule import Rule
from index.elastic.client import ElasticServer
from index.elastic.history import ElasticHistory
from index.elastic.rules import ElasticRules
from tests.elastic import a_name
from tests.unit.index.alerts.newsdesk import NOW, Desk, event, tagged

VISIT = Rule(name="Visits", query="event:visit")
TALKS = Rule.model_validate({"name": "Talks", "query": "event:negotiation", "to": ["a@example.org", "b@example.org"]})
DIGEST = Rule.model_validate({"name": "Digest", "query": "Moscow", "every": "1h"})


class House:
    """A desk, and the history as another process or machine reads it."""

    def __init__(self, desk: Desk, reader: AlertHistory, publisher: Publisher | None) -> None:
        self.desk = desk
        self._reader = reader
        self._publisher = publisher

    @property
    def history(self) -> AlertHistory:
        """The history, which was told all there is."""
        if self._publisher:
            self._publisher.publish()
        return self._reader


@pytest.fixture(params=["sqlite", "elasticsearch"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with ExitStack() as opened:
        desk = opened.enter_context(closing(Desk(tmp_path, VISIT, TALKS, DIGEST)))
        if request.param == "sqlite":
            yield House(desk, LocalHistory(desk.database), None)
            return
        url = request.getfixturevalue("elastic_url")
        server, name = ElasticServer(url), opened.enter_context(a_name(url))
        writer = opened.enter_context(closing(ElasticHistory(server, name)))
        rules = opened.enter_context(closing(ElasticRules(server, name)))
        reader = opened.enter_context(closing(ElasticHistory(server, name)))
        yield House(desk, reader, Publisher(desk.database, writer, rules))


def test_nothing_was_alerted_at_first(house: House) -> None:
    assert (list(house.history.list()), house.history.sent()) == ([], 0)


def test_a_mail_is_told_of_from_its_recording_to_its_delivery(house: House) -> None:
    article = tagged("Putin in Peking", event("visit", "Vladimir Putin"), language="de", source="Küstenbote")
    house.desk.read(article)
    [row] = house.history.list()
    assert (row.rule, row.state, row.subject, row.time, row.finished) == ("Visits", "queued", "", NOW, None)
    house.desk.wait(seconds=1, microseconds=7)
    house.desk.deliver()
    [row] = house.history.list()
    assert (row.state, row.error, row.finished) == ("sent", None, NOW + timedelta(seconds=1, microseconds=7))
    assert list(row.to) == [Recipient("desk@example.org", "sent", None)]
    assert row.subject == "Visit: Vladimir Putin"
    [told] = row.articles
    assert (told.id, told.title, told.source) == (article.article.id, "Putin in Peking", "Küstenbote")
    assert (told.url, told.language, told.mailed) == (article.article.url, "de", True)
    assert house.history.sent() == 1


def test_an_article_that_joins_after_the_mail_is_told_of_as_such(house: House) -> None:
    house.desk.read(tagged("Xi in Moscow", event("visit", "Xi Jinping", place="Moscow")))
    house.desk.deliver()
    assert [article.mailed for article in house.history.list(rule="Visits")[0].articles] == [True]
    house.desk.read(tagged("Xi besucht Moskau", event("visit", "Xi Jinping", place="Moscow"), source="Küstenbote"))
    assert [article.mailed for article in house.history.list(rule="Visits")[0].articles] == [True, False]


def test_the_newest_mails_come_first_of_all_rules_or_of_one(house: House) -> None:
    for number, place in enumerate(("Moscow", "Japan", "Iran")):
        house.desk.read(
            tagged(f"Visit {number}", event("visit", "Xi Jinping", place=place), fetched=house.desk.now),
            tagged(f"Talks {number}", event("negotiation", "China", "Iran", place=place), fetched=house.desk.now),
        )
        house.desk.wait(days=40)
    house.desk.deliver()
    rules = [row.rule for row in house.history.list() if row.rule != "Digest"]
    assert rules == ["Talks", "Visits"] * 3
    visits = house.history.list(rule="Visits")
    assert [article.title for row in visits for article in row.articles] == ["Visit 2", "Visit 1", "Visit 0"]
    assert house.history.list(2, "Visits") == visits[:2]
    assert list(house.history.list(rule="Nobody")) == []


def test_each_recipient_has_a_state_and_an_error_of_its_own(house: House) -> None:
    house.desk.read(tagged("Talks", event("negotiation", "China", "Iran")))
    [mail] = house.desk.outbox.due(NOW)
    house.desk.outbox.settle(
        mail, {"a@example.org": ("sent", None), "b@example.org": ("failed", "no such desk")}, "b", NOW
    )
    [row] = house.history.list()
    assert list(row.to) == [
        Recipient("a@example.org", "sent", None),
        Recipient("b@example.org", "failed", "no such desk"),
    ]
    assert (row.state, row.error) == ("sent", "b")


def test_a_mail_that_is_put_off_tells_why_and_how_often_it_was_tried(house: House) -> None:
    house.desk.read(tagged("Visit", event("visit", "Xi Jinping")))
    [mail] = house.desk.outbox.due(NOW)
    for _ in range(2):
        house.desk.outbox.postpone(mail, "greylisted", NOW + timedelta(hours=1))
    [row] = house.history.list()
    assert (row.state, row.attempts, row.error) == ("queued", 2, "greylisted")
    assert house.history.sent() == 0


def test_a_digest_is_one_mail_that_grows_until_it_is_due(house: House) -> None:
    house.desk.read(tagged("One", text="Moscow one"))
    house.desk.read(tagged("Two", text="Moscow two, at some length, about another thing"))
    [row] = house.history.list()
    assert [article.title for article in row.articles] == ["One", "Two"]
    assert row.due == NOW + timedelta(hours=1)
