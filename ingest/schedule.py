"""When to poll a feed next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=1)

_MOST_DOUBLINGS = 12


@dataclass(frozen=True, slots=True)
class Wishes:
    """How long a feed and its server ask to be left alone; None where they do not say.

    `ttl` comes from the feed, the others from the answer: `max_age` and `retry_after` in seconds, `expires` a time.
    """

    ttl: timedelta | None = None
    max_age: float | None = None
    expires: datetime | None = None
    retry_after: float | None = None


def next_poll(now: datetime, interval: timedelta, wishes: Wishes, failures: int = 0, jitter: float = 0.0) -> datetime:
    """The time of the next poll: the longest of the interval and the wishes, between one minute and one day.

    From the second failure in a row on it doubles with each. `jitter`, from 0 to 1, spreads the polls over a tenth of
    the wait, after failures over half of it, so that feeds that failed together do not come back together.
    """
    wait = min(LONGEST, max(SHORTEST, interval, *_lengths(now, wishes)))
    if failures:
        wait = min(LONGEST, wait * 2 ** min(failures - 1, _MOST_DOUBLINGS))
    return now + min(LONGEST, wait + wait * jitter * (0.5 if failures else 0.1))


def _lengths(now: datetime, wishes: Wishes) -> list[timedelta]:
    longest = LONGEST.total_seconds()  # before it becomes a timedelta: servers send any number
    seconds = [min(longest, wish) for wish in (wishes.max_age, wishes.retry_after) if wish is not None]
    lengths = [timedelta(seconds=wish) for wish in seconds]
    if wishes.ttl is not None:
        lengths.append(wishes.ttl)
    if wishes.expires is not None:
        lengths.append(wishes.expires - now)
    return lengths
