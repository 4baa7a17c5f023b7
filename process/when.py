"""Which of a sentence's dates is an event's, and what it says of the event's status."""

from collections.abc import Sequence
from datetime import date

from process.clauses import Clause
from process.dates import DateMention
from process.lexicon import EventType
from process.patterns import Match
from process.status import Standing
from process.tagged import Status

_SOON = 300
"""Days within which a date without a year lies ahead where the verb stands in the present tense."""
_NEXT = 100
"""Days within which it does where no verb tells: nobody calls a day of last year by day and month alone."""
_WEEK = 7
_YEAR = 4
"""Characters of a date that tells but the year."""


def nearest(
    dates: Sequence[DateMention], match: Match, around: Clause, status: Status, lower: Sequence[str]
) -> DateMention | None:
    """The date of the clause that stands nearest to the trigger, no comma between, else of the sentence; what is
    planned, or was, has the one set for it.
    """

    def rank(one: DateMention) -> tuple[bool, bool, bool, int]:
        aimed = one.aimed and status in ("planned", "cancelled")
        parted = "," in lower[match.last : one.first] or "," in lower[one.last : match.first]
        return one.first not in around, not aimed, parted, max(one.first - match.last, match.first - one.last, 0)

    return min(dates, key=rank, default=None)


def dated(standing: Standing, when: DateMention, published: date, event: EventType) -> Status:
    """The status that a date beside it leaves: what goes on until a day is not over, what has a day to come not begun,
    and what takes days is not over on its first.
    """
    happened = standing.status == "happened"
    if when.bound and happened and event.lasts and _is_open(when, standing, published):
        return "ongoing"
    if event.long and happened and not standing.over and when.past == when.future == published.isoformat():
        return "ongoing"
    if event.scheduled and standing.status in ("happened", "ongoing") and _lies_ahead(when, standing, published, event):
        return "planned"
    return standing.status


def day_of(when: DateMention, status: Status, published: date) -> str:
    """The date as an event of a status has it. What is called off was set for a day that may be to come."""
    if status == "planned" or (status == "cancelled" and when.aimed):
        return when.future
    if status == "cancelled" and when.unit in ("day", "month"):
        return min((when.past, when.future), key=lambda iso: abs((_first_day(iso) - published).days))
    return when.past


def _first_day(iso: str) -> date:
    return date.fromisoformat(f"{iso}-01-01"[:10] if len(iso) == _YEAR else f"{iso}-01"[:10])


def is_to_come(when: DateMention, published: date) -> bool:
    """Whether a date lies ahead, however it is read."""
    return when.past > published.isoformat()[: len(when.past)]


def is_likely_ahead(when: DateMention, published: date) -> bool:
    """Whether a day of a month, told without its year, is rather one to come than one of last year."""
    if when.unit != "day" or when.past == when.future:
        return False
    return (_first_day(when.future) - published).days < (published - _first_day(when.past)).days - _NEXT


def _lies_ahead(when: DateMention, standing: Standing, published: date, event: EventType) -> bool:
    """Whether a date can only be one to come: "talks resume on October 15", "Macron trifft am Montag …"."""
    if when.bound == "until":
        return False
    day = published.isoformat()
    if when.past == day and standing.present and not standing.nominal and not when.bound:
        # "the council meets on Monday", written that day, but not "he continues his visit today"
        return event.deferred and not event.activity and standing.status != "ongoing"
    if when.fixed:
        return is_to_come(when, published)
    if standing.nominal and is_likely_ahead(when, published):  # "gave notice of a strike from January 26"
        return True
    if when.bound or standing.past or when.past == day:
        return False
    if when.unit == "number":
        return standing.present
    ahead = (_first_day(when.future) - published).days
    if standing.present:
        return ahead < _SOON
    if when.unit == "weekday":
        return _WEEK < ahead < _NEXT
    return len(when.past) == len(day) and 0 < ahead < _NEXT


def _is_open(when: DateMention, standing: Standing, published: date) -> bool:
    """Whether it has gone on since a day, or will until one, and is not over."""
    if when.bound == "until":
        return not standing.past and when.future[:10] >= published.isoformat()[: len(when.future)]
    return not standing.past
