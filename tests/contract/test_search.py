"""What every search index must do, whichever backend it is."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from index.document import Document
from index.local import LocalIndex
from index.port import FACETS, FacetCount, Hit, SearchIndex, SearchRequest, Sort
from index.query import Everything
from ingest.errors import WirewatchError
from tests.elastic import an_index
from tests.search_documents import NOW, a_document, entity, event, read

BACKENDS = ["tantivy", "elasticsearch"]


@contextmanager
def opened(backend: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[SearchIndex]:
    if backend == "tantivy":
        with closing(LocalIndex(folder / "index")) as index:
            yield index
    else:
        with an_index(request.getfixturevalue("elastic_url")) as index:
            yield index


@pytest.fixture(params=BACKENDS)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    """An empty index."""
    with opened(request.param, request, tmp_path) as made:
        yield made


def found(index: SearchIndex, query: str, sort: Sort = "relevance") -> list[str]:
    """Ids of the hits, best first."""
    return [hit.document.id for hit in index.search(SearchRequest(read(query), sort=sort)).hits]


def marked(hit: Hit) -> list[str]:
    return [text for fragment in hit.highlights for text, is_match in fragment if is_match]


FRENCH = a_document(
    "fr",
    "Manœuvres navales en mer de Chine",
    "L’armée d'État mène l'exercice. Les navires étaient à Pékin jeudi.",
    "fr",
    source="Le Quotidien",
    tags=("Asie",),
    entities=(entity("Beijing", "GPE", "Pékin", 54), entity("South China Sea", "LOC", "mer de Chine")),
    events=(event("naval_exercise", "ongoing", ("China",), "South China Sea", "L’armée d'État mène l'exercice."),),
)
ENGLISH = a_document(
    "en",
    "Putin calls Xi",
    "Vladimir Putin and Xi Jinping spoke by phone. The presidents discussed exercises.",
    entities=(entity("Vladimir Putin", "PERSON"), entity("Xi Jinping", "PERSON", start=19)),
    events=(event("phone_call", "happened", ("Vladimir Putin", "Xi Jinping")),),
    days_ago=1,
)
GERMAN = a_document(
    "de",
    "Große Übungen der Marine",
    "Die Häfen sind für das Manöver gesperrt, sagt Jürgen Groß von der NATO.",
    "de",
    source="Küstenbote",
    entities=(entity("Jürgen Groß", "PERSON"), entity("NATO", "ORG")),
    events=(event("visit", "planned"),),
    days_ago=2,
)
SPANISH = a_document("es", "Maniobras navales", "Las naciones enviaron buques de la Armada.", "es", days_ago=10)
RUSSIAN = a_document("ru", "Военные учения", "Корабли вышли в море.", "ru", days_ago=40)


CHINESE = a_document("zh", "军演", "中国军舰在东海。", "zh", days_ago=50)


@pytest.fixture
def filled(index: SearchIndex) -> SearchIndex:
    """The articles above, without the Chinese one, in an index of the test's own."""
    assert index.write([FRENCH, ENGLISH, GERMAN, SPANISH, RUSSIAN]) == []
    return index


@pytest.fixture(scope="module", params=BACKENDS)
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    """The articles above in an index that tests only read."""
    with opened(request.param, request, tmp_path_factory.mktemp("library")) as made:
        assert made.write([FRENCH, ENGLISH, GERMAN, SPANISH, RUSSIAN, CHINESE]) == []
        yield made


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("manoeuvre navale", ["fr"]),
        ("MANŒUVRE", ["fr"]),
        ("exercice", ["fr"]),
        ("l’exercice", ["fr"]),
        ("armee", ["fr"]),
        ("ubung", ["de"]),
        ("Übung", ["de"]),
        ("grosse", ["de"]),
        ("Hafen", ["de"]),
        ("exercise", ["en"]),
        ("president", ["en"]),
        ("maniobra naval", ["es"]),
        ("nación", ["es"]),
        ("корабли", ["ru"]),
        ("корабль", []),
        ("军舰", ["zh"]),
        ("海军", []),
        ("中国*", ["zh"]),
        ("manoeuvre OR phone", ["en", "fr"]),
        ("zebra", []),
    ],
)
def test_a_word_is_found_in_its_inflections_with_or_without_accents(
    library: SearchIndex, query: str, ids: list[str]
) -> None:
    assert sorted(found(library, query)) == ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("putin phone", ["en"]),
        ("putin AND phone", ["en"]),
        ("+putin +phone", ["en"]),
        ("putin OR maniobras", ["en", "es"]),
        ("navales NOT source:Quotidien", ["es"]),
        ("navales -source:Quotidien", ["es"]),
        ("NOT (putin OR navales OR übungen)", ["ru", "zh"]),
        ("putin AND (maniobras OR phone)", ["en"]),
        ("putin OR (navales AND -maniobras)", ["en", "fr"]),
        ("*", ["de", "en", "es", "fr", "ru", "zh"]),
        ("*:* -navales", ["de", "en", "ru", "zh"]),
        ('"spoke by phone"', ["en"]),
        ('"phone spoke"', []),
        ('"spoke phone"', []),
        ('"spoke phone"~1', ["en"]),
        ('"phone phones"~3', []),
        ('"mène exercice"', ["fr"]),
        ('"Putin calls Xi Vladimir"', []),
        ("navi*", ["fr"]),
        ("NAVI*", ["fr"]),
        ("manœuvres*", ["fr"]),
        ("exerci*", ["en", "fr"]),
        ("вое*", ["ru"]),
        ("putin^3 OR navales", ["en", "es", "fr"]),
        ("title:putin", ["en"]),
        ("title:phone", []),
        ("text:phone", ["en"]),
        ("text:calls", []),
        ("title:(putin xi)", ["en"]),
        ("title:navi* OR title:nava*", ["es", "fr"]),
        ("source:quotidien", ["fr"]),
        ('source:"Le Quotidien"', ["fr"]),
        ("source:kustenbote", ["de"]),
        ("source:harb*", ["en", "es", "ru", "zh"]),
        ("language:fr", ["fr"]),
        ("language:FR", ["fr"]),
        ("place:Pékin", ["fr"]),
        ("place:Peking", ["fr"]),
        ("place:beijing", ["fr"]),
        ("place:china", []),
        ('place:"south china sea"', ["fr"]),
        ("place:south*", ["fr"]),
        ("entity:Poutine", ["en"]),
        ("entity:Pékin", ["fr"]),
        ("person:Poutine", ["en"]),
        ("person:jinping", ["en"]),
        ('person:"Jurgen Gross"', ["de"]),
        ('person:"Putin Xi"', []),
        ("person:Pékin", []),
        ("org:OTAN", ["de"]),
        ("actor:Poutine", ["en"]),
        ("actor:jinp*", ["en"]),
        ("actor:Pékin", []),
        ("event:naval_exercise", ["fr"]),
        ('event:"Naval Exercise"', ["fr"]),
        ("event:(phone_call OR visit)", ["de", "en"]),
        ("event:nav*", ["fr"]),
        ("status:planned", ["de"]),
        ("tag:asie", ["fr"]),
        ('feed:"https://news.example/feed.xml" language:es', ["es"]),
        ("id:ru", ["ru"]),
        ("story:ru", ["ru"]),
        ("published:[2026-11-22 TO now]", ["de", "en", "fr"]),
        ("published:[now-1d TO now]", ["en", "fr"]),
        ("published:{now-1d TO now]", ["fr"]),
        ("published:[now-1d TO now}", ["en"]),
        ("published:2026-11-23", ["en"]),
        ("published:[* TO 2026-10]", ["ru", "zh"]),
        ("published:>2026-11-22", ["en", "fr"]),
        ("fetched:<=now-10d", ["es", "ru", "zh"]),
        ("published:[* TO *]", ["de", "en", "es", "fr", "ru", "zh"]),
    ],
)
def test_every_form_and_field_of_the_query_language_finds_what_it_says(
    library: SearchIndex, query: str, ids: list[str]
) -> None:
    assert sorted(found(library, query)) == ids


def test_an_empty_index_finds_nothing(index: SearchIndex) -> None:
    results = index.search(SearchRequest(Everything(), facets=True, histogram=True))
    assert (results.total, list(results.hits), results.next) == (0, [], None)
    assert (index.count(), index.get("x"), index.known(["x"])) == (0, None, set())
    assert index.check()


def test_a_document_comes_back_as_it_was_written(library: SearchIndex) -> None:
    assert library.get("fr") == FRENCH
    assert library.get("absent") is None
    assert next(iter(library.search(SearchRequest(read("id:de"))).hits)).document == GERMAN


def test_known_and_count_tell_what_is_there(library: SearchIndex) -> None:
    assert library.known(["fr", "absent", "en"]) == {"fr", "en"}
    assert library.count() == 6
    assert "6" in library.check()


def test_a_new_revision_takes_the_place_of_the_old_one(filled: SearchIndex) -> None:
    filled.write([a_document("en", "Corrected", "Nothing happened.")])
    assert (filled.count(), found(filled, "putin"), found(filled, "corrected")) == (5, [], ["en"])


def test_of_one_id_in_a_batch_the_last_counts(index: SearchIndex) -> None:
    index.write([a_document("a", "first"), a_document("b", "other"), a_document("a", "second")])
    assert (index.count(), found(index, "first"), found(index, "second")) == (2, [], ["a"])


def test_writing_the_same_again_changes_nothing(filled: SearchIndex) -> None:
    filled.write([FRENCH, ENGLISH])
    assert (filled.count(), found(filled, "putin")) == (5, ["en"])


def test_an_article_fetched_again_months_later_is_there_once(index: SearchIndex) -> None:
    for days_ago in (70, 35, 0, 0, 70):
        index.write(
            [a_document("a", f"Frigate {days_ago}", days_ago=days_ago), a_document(f"b{days_ago}", days_ago=35)]
        )
        assert found(index, "frigate") == ["a"]
        assert found(index, f"title:{days_ago}") == ["a"]
    assert index.count() == 4


def test_a_document_that_cannot_be_stored_is_refused_and_the_others_are_written(index: SearchIndex) -> None:
    refusals = index.write([a_document("x" * 5000, "too long"), a_document("good", "fine")])
    assert [(refusal.id[:3], "1000 characters" in refusal.reason) for refusal in refusals] == [("xxx", True)]
    assert (index.count(), found(index, "fine")) == (1, ["good"])


def test_a_text_of_five_megabytes_is_searchable(index: SearchIndex) -> None:
    index.write([a_document("big", "Long read", "lorem ipsum dolor " * 280_000 + "needle")])
    assert found(index, "needle") == ["big"]


def test_the_title_counts_more_than_the_text(index: SearchIndex) -> None:
    index.write([a_document("text", "Harbour", "A frigate sails."), a_document("title", "Frigate sails", "A harbour.")])
    assert found(index, "frigate") == ["title", "text"]


def test_by_date_the_newest_comes_first(library: SearchIndex) -> None:
    assert found(library, "*", "date") == ["fr", "en", "de", "es", "ru", "zh"]


def test_without_words_to_weigh_the_newest_comes_first(library: SearchIndex) -> None:
    assert found(library, "NOT language:fr") == ["en", "de", "es", "ru", "zh"]


def pages(index: SearchIndex, query: str, sort: Sort, between: Sequence[Document] = ()) -> list[str]:
    """All ids, two at a time; `between` is written after the first page."""
    ids: list[str] = []
    after: str | None = None
    waiting = between
    while True:
        results = index.search(SearchRequest(read(query), sort=sort, limit=2, after=after))
        ids += [hit.document.id for hit in results.hits]
        after = results.next
        if after is None:
            return ids
        index.write(waiting)
        waiting = []


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_the_pages_together_are_all_hits_once(index: SearchIndex, sort: Sort) -> None:
    index.write([a_document(f"a{n}", "Frigate " * (n % 3 + 1), "of the fleet " * n) for n in range(9)])
    ids = pages(index, "frigate", sort)
    assert sorted(ids) == [f"a{n}" for n in range(9)]
    assert ids == found(index, "frigate", sort)


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_what_comes_in_between_two_pages_neither_repeats_nor_hides_a_hit(index: SearchIndex, sort: Sort) -> None:
    index.write([a_document(f"a{n}", "Frigate", "of the fleet " * n, days_ago=n + 1) for n in range(6)])
    newcomer = a_document("new", "Frigate frigate frigate", days_ago=0)
    assert sorted(pages(index, "frigate", sort, [newcomer])) == [f"a{n}" for n in range(6)]


def test_the_total_counts_all_hits_on_every_page(index: SearchIndex) -> None:
    index.write([a_document(f"a{n}", "Frigate") for n in range(5)])
    first = index.search(SearchRequest(read("frigate"), sort="date", limit=2))
    second = index.search(SearchRequest(read("frigate"), sort="date", limit=2, after=first.next))
    assert (first.total, second.total) == (5, 5)


@pytest.mark.parametrize("cursor", ["nonsense", "d.x.y", "s.1", "d.1", "s.99999999999.1", "d.99999999999999999999.a"])
def test_a_cursor_nobody_gave_out_is_refused_in_plain_words(library: SearchIndex, cursor: str) -> None:
    with pytest.raises(WirewatchError, match="first page"):
        library.search(SearchRequest(Everything(), after=cursor))


def test_facets_count_all_hits_by_value(library: SearchIndex) -> None:
    facets = library.search(SearchRequest(Everything(), limit=1, facets=True)).facets
    assert set(facets) == set(FACETS)
    assert facets["source"][0] == FacetCount("Harbour Post", 4)
    assert {each.value for each in facets["language"]} == {"fr", "en", "de", "es", "ru", "zh"}
    assert list(facets["place"]) == [FacetCount("Beijing", 1), FacetCount("South China Sea", 1)]
    assert [each.value for each in facets["person"]] == ["Jürgen Groß", "Vladimir Putin", "Xi Jinping"]
    assert list(facets["status"]) == [FacetCount("happened", 1), FacetCount("ongoing", 1), FacetCount("planned", 1)]


def test_the_histogram_counts_hits_per_day_of_publication(filled: SearchIndex) -> None:
    filled.write([a_document("early", published=NOW.replace(hour=0)), a_document("late", days_ago=-0.4)])
    histogram = filled.search(SearchRequest(read("published:>=2026-11-22"), limit=1, histogram=True)).histogram
    assert list(histogram) == [(date(2026, 11, 22), 1), (date(2026, 11, 23), 1), (date(2026, 11, 24), 3)]


def test_facets_and_histogram_come_only_when_asked_for(library: SearchIndex) -> None:
    results = library.search(SearchRequest(Everything()))
    assert (results.facets, list(results.histogram)) == ({}, [])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("manoeuvre navale", ["Manœuvres", "navales"]),
        ("exercice", ["exercice"]),
        ("place:Peking", ["Pékin"]),
        ("navi*", ["navires"]),
        ('"armée état"~2', ["armée", "État"]),
        ("language:fr NOT putin", []),
    ],
)
def test_highlights_mark_the_words_as_the_article_writes_them(
    library: SearchIndex, query: str, words: list[str]
) -> None:
    [hit] = library.search(SearchRequest(read(query))).hits
    assert marked(hit) == words
    assert "".join(text for text, _ in hit.highlights[0]) == FRENCH.title


def test_a_rebuilt_index_takes_the_place_of_the_old_one_at_once(filled: SearchIndex) -> None:
    with filled.rebuild() as fresh:
        fresh.write([a_document("new", "Afresh")])
        assert filled.count() == 5
    assert (filled.count(), found(filled, "afresh"), found(filled, "putin")) == (1, ["new"], [])
    filled.write([ENGLISH])
    assert sorted(found(filled, "*")) == ["en", "new"]


def test_a_rebuild_that_fails_leaves_the_old_index(filled: SearchIndex) -> None:
    def rebuild_and_fail() -> None:
        with filled.rebuild() as fresh:
            fresh.write([a_document("new", "Afresh")])
            raise KeyError

    with pytest.raises(KeyError):
        rebuild_and_fail()
    assert (filled.count(), found(filled, "putin")) == (5, ["en"])
    filled.write([a_document("more")])
    assert filled.count() == 6
