"""The bars above the search results: hits per day, each a link that narrows the search to that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 60
"""How many days the bars show at most: those up to the last day with a hit."""
FEWEST_DAYS = 30
"""How many they show at least, so that bars stay slim and two searches can be compared by eye."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day. `height` is in percent of the tallest bar; a day with any hit has 2 at least, to be seen."""

    day: date
    count: int
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Days without hits are there, with count 0. `earlier` counts the hits before the first bar."""

    days: Sequence[Bar]
    earlier: int

    @property
    def first(self) -> date:
        """The day of the first bar."""
        return self.days[0].day

    @property
    def last(self) -> date:
        """The day of the last bar."""
        return self.days[-1].day


def bars(histogram: Sequence[tuple[date, int]]) -> Bars | None:
    """The bars of a search's histogram; None when there is nothing to compare, that is fewer than two days."""
    if len(histogram) < 2:
        return None
    counts = dict(histogram)
    last = max(counts)
    first = min(max(min(counts), last - timedelta(days=DAYS - 1)), last - timedelta(days=FEWEST_DAYS - 1))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    tallest = max(counts.get(day, 0) for day in days) or 1
    return Bars(
        days=[Bar(day, n, max(2.0, 100 * n / tallest) if n else 0.0) for day in days for n in (counts.get(day, 0),)],
        earlier=sum(count for day, count in counts.items() if day < first),
    )
