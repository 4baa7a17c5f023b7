"""When a feed is polled next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.schedule import Wishes, next_poll

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TEN = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("wishes", "minutes"),
    [
        (Wishes(), 10),
        (Wishes(ttl=timedelta(minutes=5)), 10),
        (Wishes(ttl=timedelta(minutes=60)), 60),
        (Wishes(max_age=1800), 30),
        (Wishes(max_age=0), 10),
        (Wishes(expires=NOW + timedelta(minutes=45)), 45),
        (Wishes(expires=NOW - timedelta(days=9000)), 10),
        (Wishes(retry_after=7200), 120),
        (Wishes(ttl=timedelta(minutes=20), max_age=3000, retry_after=60), 50),
        (Wishes(ttl=timedelta(days=30)), 24 * 60),
        (Wishes(max_age=1e300), 24 * 60),
    ],
)
def test_the_longest_of_interval_and_wishes_holds_up_to_a_day(wishes: Wishes, minutes: int) -> None:
    assert next_poll(NOW, TEN, wishes) == NOW + timedelta(minutes=minutes)


def test_no_feed_is_polled_more_than_once_a_minute() -> None:
    assert next_poll(NOW, timedelta(seconds=1), Wishes()) == NOW + timedelta(minutes=1)


def test_the_wait_doubles_with_each_failure_up_to_a_day() -> None:
    waits = [(next_poll(NOW, TEN, Wishes(), failures) - NOW).total_seconds() / 60 for failures in (1, 2, 3, 4, 8, 99)]
    assert waits == [10, 20, 40, 80, 1280, 1440]


def test_jitter_spreads_polls_over_a_tenth_and_retries_over_half() -> None:
    assert next_poll(NOW, TEN, Wishes(), jitter=1.0) == NOW + timedelta(minutes=11)
    assert next_poll(NOW, TEN, Wishes(), failures=1, jitter=1.0) == NOW + timedelta(minutes=15)


@given(
    interval=st.timedeltas(timedelta(0), timedelta(days=400)),
    ttl=st.none() | st.timedeltas(timedelta(0), timedelta(days=4000)),
    seconds=st.none() | st.floats(0, 1e12),
    failures=st.integers(0, 10_000),
    jitter=st.floats(0, 1),
)
def test_the_next_poll_is_always_between_a_minute_and_a_day_away(
    interval: timedelta, ttl: timedelta | None, seconds: float | None, failures: int, jitter: float
) -> None:
    due = next_poll(NOW, interval, Wishes(ttl, seconds, None, seconds), failures, jitter)
    assert timedelta(minutes=1) <= due - NOW <= timedelta(days=1)
