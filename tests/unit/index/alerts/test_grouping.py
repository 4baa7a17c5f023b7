"""One event is one mail, however many sources tell it, in whatever language; another event is another mail."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from index.alerts.rule import Grouping, Rule
from process.tagged import Status, TaggedArticle
from tests.unit.index.alerts.newsdesk import NOW, Desk, body, event, tagged

DRILL = Rule(name="Drills", query="event:naval_exercise")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ExitStack() as stack:
        made = Desk(tmp_path, DRILL)
        stack.callback(made.close)
        yield made


def drill(
    title: str,
    *actors: str,
    status: Status = "happened",
    place: str | None = None,
    date: str | None = None,
    language: str = "en",
    days: int = 0,
) -> TaggedArticle:
    """An article on one naval exercise, from a source of its own, fetched so many days from now."""
    told = event("naval_exercise", *actors, status=status, place=place, date=date)
    return tagged(title, told, source=f"Source of {title}", language=language, fetched=NOW + timedelta(days=days))


def mails_of(desk: Desk, *articles: TaggedArticle) -> int:
    """How many mails the articles make, one batch each."""
    for article in articles:
        desk.read(article)
        desk.deliver()
    return len(desk.mails())


def test_thirty_sources_in_three_languages_make_one_mail_with_thirty_sources(desk: Desk) -> None:
    tellings = [
        ("en", ("Russia", "China"), "2026-11-24"),
        ("fr", ("Vladimir Putin", "Xi Jinping"), None),
        ("de", ("China",), "2026-11-25"),
    ]
    articles = []
    for number in range(30):
        language, actors, date = tellings[number % 3]
        articles.append(drill(f"Telling {number}", *actors, language=language, place="East China Sea", date=date))
    desk.read(*articles)
    desk.deliver()
    [mail] = desk.mails()
    assert mail["Subject"] == "Naval exercise: Russia, China – East China Sea"
    assert all(f"- Telling {number}\n" in body(mail) for number in range(30))
    assert all(language in body(mail) for language in ("English", "French", "German"))


def test_sources_that_come_after_the_mail_are_recorded_and_not_mailed(desk: Desk) -> None:
    assert mails_of(desk, drill("First", "Russia", "China"), drill("Second", "Xi Jinping", "Vladimir Putin")) == 1
    [row] = desk.history()
    assert [(each.title, each.mailed) for each in row.articles] == [("First", True), ("Second", False)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (drill("Actors a", "Russia", "China"), drill("Actors b", "Iran", "United States")),
        (drill("One party is shared a", "Russia", "China"), drill("One party is shared b", "Russia", "Iran")),
        (drill("Dates a", "China", date="2026-11-20"), drill("Dates b", "China", date="2026-11-24")),
        (drill("Plan a", "China", status="planned"), drill("Plan b", "China")),
        (drill("Called off a", "China", status="planned"), drill("Called off b", "China", status="cancelled")),
        (drill("Told by nobody a"), drill("Told by nobody b")),
        (drill("Windows a", "China"), drill("Windows b", "China", days=4)),
    ],
    ids=lambda article: article.article.title[:-2],
)
def test_different_events_make_two_mails(desk: Desk, one: TaggedArticle, other: TaggedArticle) -> None:
    desk.now = max(one.article.fetched, other.article.fetched)
    assert mails_of(desk, one, other) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (drill("Under way a", "Russia", "China"), drill("Under way b", "Russia", "China", status="ongoing")),
        (
            drill("Planned day a", "China", status="planned", date="2026-11-24"),
            drill("Planned day b", "China", date="2026-11-25"),
        ),
        (drill("Fewer actors a", "Russia", "China", "Iran"), drill("Fewer actors b", "China")),
        (
            drill("Place for actors a", "China", place="East China Sea"),
            drill("Place for actors b", place="East China Sea"),
        ),
        (drill("Country a", "Japan"), drill("Country b", place="Japan")),
        (drill("Month a", "China", date="2026-11"), drill("Month b", "China", date="2026-11-30")),
        (
            drill("Dated plan a", "China", status="planned", date="2026-12-20"),
            drill("Dated plan b", "China", status="planned", date="2026-12-20", days=10),
        ),
    ],
    ids=lambda article: article.article.title[:-2],
)
def test_tellings_of_one_event_make_one_mail(desk: Desk, one: TaggedArticle, other: TaggedArticle) -> None:
    desk.now = max(one.article.fetched, other.article.fetched)
    assert mails_of(desk, one, other) == 1


def test_a_group_learns_from_its_sources_and_keeps_others_out(desk: Desk) -> None:
    short, full, other = drill("Short", "China"), drill("Full", "China", "Russia"), drill("Other", "China", "Iran")
    assert mails_of(desk, short, full) == 1
    assert mails_of(desk, other) == 2


def test_a_second_exercise_in_a_known_article_is_told(desk: Desk) -> None:
    known = event("naval_exercise", "Russia", "China")
    news = event("naval_exercise", "Iran", "United States")
    assert mails_of(desk, tagged("Known", known), tagged("Both", known, news, source="Other")) == 2
    assert {mail["Subject"] for mail in desk.mails()} == {
        "Naval exercise: Russia, China",
        "Naval exercise: Iran, United States",
    }


def test_background_of_a_known_event_makes_no_mail_for_a_rule_without_event_types(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Rule(name="Putin", query="actor:Putin"))
    call = event("phone_call", "Vladimir Putin", "Xi Jinping")
    visit = event("visit", "Vladimir Putin", place="Japan")
    assert mails_of(desk, tagged("A call", call), tagged("Call again", call, visit, source="Other")) == 1
    assert mails_of(desk, tagged("A visit", visit, source="Third")) == 2
    desk.close()


def test_a_replayed_article_changes_nothing(desk: Desk) -> None:
    article = drill("Once", "Russia")
    assert mails_of(desk, article, article, article) == 1
    assert len(desk.history()[0].articles) == 1


def test_a_corrected_article_is_not_mailed_again_but_its_new_event_is(desk: Desk) -> None:
    url = "https://paper.example/1"
    first = tagged("Drill", event("naval_exercise", "Russia"), url=url, text="A drill.")
    corrected = tagged("Drill", event("naval_exercise", "Russia"), url=url, text="A drill, corrected.")
    called_off = tagged("Off", event("naval_exercise", "Russia", status="cancelled"), url=url, text="It is off.")
    assert mails_of(desk, first, corrected) == 1
    assert mails_of(desk, called_off) == 2


@pytest.mark.parametrize(("group", "mails"), [("event", 1), ("story", 1), ("article", 2)])
def test_a_rule_chooses_what_is_mailed_once(tmp_path: Path, group: Grouping, mails: int) -> None:
    desk = Desk(tmp_path, Rule(name="Words", query="lighthouse", group=group))
    text = "The old lighthouse on the northern cape was lit again on Monday after eleven years of darkness. " * 3
    one = tagged("Lighthouse lit", text=text, source="One")
    other = tagged("Light is back at the lighthouse", text=text, source="Other")
    assert mails_of(desk, one, other) == mails
    desk.close()


def test_articles_fetched_a_week_ago_alert_nobody(desk: Desk) -> None:
    assert mails_of(desk, drill("Old", "China", days=-8)) == 0
