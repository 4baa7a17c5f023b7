"""Feeds that we wrote go through the installed command, so that a clone without the recorded ones is tested as well."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from tests.end_to_end.counting import identities
from tests.end_to_end.desk import Desk, item, loopback, rss, taken_in
from tests.feed_server import FeedServer

FEEDS = Path(__file__).resolve().parents[1] / "data" / "feeds"
TOLD = {
    "en": (
        "Putin and Xi speak by video link",
        (
            "Russian President Vladimir Putin held a video call with Chinese President Xi Jinping on Friday. "
            "Putin said that Xi would visit Moscow in the spring. "
            "Russia and China held a joint naval exercise in the East China Sea this week."
        ),
    ),
    "fr": (
        "Poutine et Xi se parlent par vidéo",
        (
            "Le président russe Vladimir Poutine a eu vendredi un entretien téléphonique avec le président chinois "
            "Xi Jinping. Poutine a annoncé que Xi se rendrait à Moscou au printemps. "
            "La Russie et la Chine ont mené cette semaine un exercice naval commun en mer de Chine orientale."
        ),
    ),
    "de": (
        "Putin und Xi sprechen per Video",
        (
            "Der russische Präsident Wladimir Putin hat am Freitag mit dem chinesischen Präsidenten Xi Jinping "
            "telefoniert. Putin kündigte an, dass Xi im Frühjahr nach Moskau reisen werde. "
            "Russland und China hielten diese Woche ein gemeinsames Marinemanöver im Ostchinesischen Meer ab."
        ),
    ),
    "es": (
        "Putin y Xi hablan por vídeo",
        (
            "El presidente ruso, Vladímir Putin, habló el viernes por videollamada con su homólogo chino, Xi Jinping. "
            "Putin anunció que Xi visitará Moscú en primavera. "
            "Rusia y China realizaron esta semana un ejercicio naval conjunto en el mar de China Oriental."
        ),
    ),
}


@pytest.fixture
def web() -> Iterator[FeedServer]:
    with FeedServer("0.0.0.0") as server:
        yield server


def serve_told(web: FeedServer) -> list[str]:
    """Serve one feed in each language. Returns their addresses."""
    addresses: list[str] = []
    for number, (language, (title, text)) in enumerate(TOLD.items()):
        date = f"Fri, 30 Dec 2022 1{number}:00:00 GMT"
        body = rss([item(f"call-{language}", title, escape(text), published=date)], f"Wire {language}", language)
        web.serve(f"/{language}.xml", body)
        addresses.append(f"http://{loopback(number)}:{web.port}/{language}.xml")
    return addresses


def test_feeds_of_every_kind_are_taken_in_once(tmp_path: Path, web: FeedServer) -> None:
    good: list[tuple[str, bytes]] = []
    for number, file in enumerate(sorted(FEEDS.iterdir())):
        web.serve(f"/{file.name}", file.read_bytes(), encoding=("gzip", "br", None)[number % 3])
        web.redirect(f"/old/{file.name}", f"/{file.name}", 301)
        path = f"/old/{file.name}" if number % 2 else f"/{file.name}"
        good.append((f"http://{loopback(number)}:{web.port}{path}", file.read_bytes()))
    desk = Desk(tmp_path, [url for url, _ in good])
    desk.once()
    assert "articles        0" in desk.once().out
    assert sorted(taken_in(desk)) == sorted(identities(good))
    assert desk.json("audit")["indexed"] == desk.total("published:[1900-01-01 TO now]") == len(identities(good))


def test_one_exercise_told_in_four_languages_is_one_mail(tmp_path: Path, web: FeedServer) -> None:
    desk = Desk(tmp_path, serve_told(web), {"Exercises": "event:naval_exercise"})
    desk.once()
    for query in (
        "event:phone_call actor:Putin actor:Xi",
        "event:visit status:planned place:Moscow",
        'event:naval_exercise actor:Russia actor:China place:"East China Sea"',
    ):
        languages = {hit["language"] for hit in desk.json("search", query)["hits"]}
        assert languages == set(TOLD), query
    [mail] = desk.mails()
    assert all(f"https://wire.example/call-{language}" in str(mail) for language in TOLD)
    [alert] = desk.json("alerts", "list")
    assert (alert["state"], len(alert["articles"])) == ("sent", len(TOLD))


def test_the_sample_edition_works_without_a_network(tmp_path: Path) -> None:
    desk = Desk(tmp_path, full_text=True)
    first = desk.run("run", "--once", "--sample")
    assert "failed 0" in first.out
    audit = desk.json("audit")
    assert audit["balanced"]
    assert audit["indexed"] >= 40
    assert {hit["language"] for hit in desk.json("search", "event:naval_exercise")["hits"]} == {"en", "fr", "de", "es"}
    mails = desk.mails()
    assert mails
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)
    assert "articles        0" in desk.run("run", "--once", "--sample").out
    assert len(desk.mails()) == len(mails)
