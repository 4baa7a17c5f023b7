"""The search page's address says all that the page shows, and links change one thing at a time."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from index.port import FACETS
from index.query import parse
from index.web.histogram import DAYS, FEWEST_DAYS, bars
from index.web.search_state import SearchState, quoted, search_state
from tests.browser.house import Names
from tests.browser.newsroom import NOW

LETTERS = st.characters(exclude_categories=["Cs"])
STATES = st.builds(
    SearchState,
    text=st.text(LETTERS, max_size=20).map(str.strip),
    filters=st.lists(st.tuples(st.sampled_from(FACETS), st.text(LETTERS, min_size=1, max_size=9)), unique=True).map(
        tuple
    ),
    first=st.none() | st.dates(),
    last=st.none() | st.dates(),
    sort=st.sampled_from([None, "relevance", "date"]),
    after=st.none() | st.text("abc.123", min_size=1),
)


@given(STATES)
def test_an_address_read_back_is_the_same_search(state: SearchState) -> None:
    assert search_state(parse_qsl(urlsplit(state.url).query, keep_blank_values=True)) == state


@given(STATES, st.sampled_from(FACETS), st.text(LETTERS, min_size=1))
def test_a_filter_that_is_added_and_removed_leaves_the_search_as_it_was(
    state: SearchState, field: str, value: str
) -> None:
    if (field, value) not in state.filters:
        narrowed = state.with_filter(field, value)
        assert (field, value) in narrowed.filters
        assert narrowed.without_filter(field, value) == state.first_page()


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_facet_value_with_a_letter_makes_a_query_that_parses(value: str) -> None:
    if any(c.isalnum() for c in value):
        parse(f"person:{quoted(value)}", Names(), NOW)


def test_text_filters_and_days_make_one_query() -> None:
    state = SearchState(
        "ship OR boat", (("place", 'The "Gulf"'), ("language", "fr")), date(2026, 11, 1), date(2026, 11, 2)
    )
    assert state.query == (
        '(ship OR boat) AND place:"The \\"Gulf\\"" AND language:"fr" AND published:[2026-11-01 TO 2026-11-02]'
    )
    parse(state.query, Names(), NOW)


def test_an_open_end_of_days_is_a_star() -> None:
    assert SearchState(last=date(2026, 11, 2)).query == "published:[* TO 2026-11-02]"


def test_words_are_sorted_by_relevance_and_a_mere_list_by_date() -> None:
    assert SearchState("ship").order == "relevance"
    assert SearchState(filters=(("language", "fr"),)).order == "date"
    assert SearchState("ship", sort="date").order == "date"


def test_what_an_address_cannot_mean_is_left_out() -> None:
    params = [("q", " ship "), ("from", "yesterday"), ("colour", "red"), ("sort", "size"), ("place", "")]
    assert search_state(params) == SearchState("ship")


def test_the_bars_show_days_without_hits_too() -> None:
    shown = bars([(date(2026, 11, 1), 1), (date(2026, 11, 4), 200)])
    assert shown
    assert len(shown.days) == FEWEST_DAYS
    assert [(bar.day.day, bar.count, bar.height) for bar in shown.days[-4:]] == [
        (1, 1, 2),
        (2, 0, 0),
        (3, 0, 0),
        (4, 200, 100),
    ]
    assert shown.earlier == 0


def test_a_date_long_past_does_not_squeeze_the_bars_but_is_counted() -> None:
    shown = bars([(date(1970, 1, 1), 3), (date(2026, 11, 1), 1), (date(2026, 11, 4), 2)])
    assert shown
    assert len(shown.days) == DAYS
    assert shown.earlier == 3


def test_one_day_alone_has_no_bars() -> None:
    assert bars([(date(2026, 11, 4), 2)]) is None
    assert bars([]) is None
