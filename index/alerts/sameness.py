"""Whether two reports tell the same event, across sources and languages. Pure functions on small records.

Sources differ in how much they tell: one names two presidents, the next their countries, a third only one of them. So
persons count as their country, what is not told contradicts nothing, and yet something must be shared.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

from process.tagged import Entity, Event, Status

_APART = timedelta(days=2)


class Sighting(BaseModel):
    """One event as far as it is compared.

    `actors`   countries (ISO 3166-1 alpha-2) of those who take part, names where no country is known
    `place`    name of the place, `country` the country it is in
    `date`     ISO day, month or year
    """

    model_config = ConfigDict(frozen=True)

    type: str
    status: Status
    actors: frozenset[str] = frozenset()
    place: str | None = None
    country: str | None = None
    date: str | None = None


def sighting(event: Event, entities: Sequence[Entity]) -> Sighting:
    """The event with its actors and place brought to countries by the article's own entities."""
    countries = {entity.name: entity.country for entity in entities if entity.country}
    return Sighting(
        type=event.type,
        status=event.status,
        actors=frozenset(countries.get(name, name) for name in event.actors),
        place=event.place,
        country=countries.get(event.place) if event.place else None,
        date=event.date if _is_date(event.date) else None,
    )


def same(one: Sighting, other: Sighting) -> bool:
    """Whether both can be the same event: type, status, dates and those involved agree as far as they are told."""
    return (
        one.type == other.type
        and _status_agrees(one, other)
        and _dates_agree(one.date, other.date) is not False
        and involved_agree(one, other)
    )


def same_day(one: Sighting, other: Sighting) -> bool:
    """Whether both name their day, and name about the same one."""
    days = [text for text in (one.date, other.date) if text and len(text) == 10]
    return len(days) == 2 and _dates_agree(*days) is True


def involved_agree(one: Sighting, other: Sighting) -> bool:
    """Whether the same parties take part or, where one side names none, it happens in the same place or country.

    {US} and {US, RU} agree, {US, RU} and {US, IR} do not, unless the place is the same.
    """
    same_place = one.place is not None and one.place == other.place
    if not one.actors or not other.actors:
        # a country that suffers an event is told as its place by one source and as a party by another
        return same_place or bool(_countries(one) & _countries(other))
    shared = one.actors & other.actors
    if not shared:
        return False
    within = shared in (one.actors, other.actors)
    return within or same_place or 2 * len(shared) >= len(one.actors | other.actors)


def merged(one: Sighting, other: Sighting) -> Sighting:
    """What both tell together, so that a group learns from its sources. `one` was first and wins where both speak."""
    return one.model_copy(
        update={
            "actors": one.actors | other.actors,
            "place": one.place or other.place,
            "country": one.country or (other.country if one.place in (None, other.place) else None),
            "date": max((one.date, other.date), key=lambda text: len(text or "")),
            "status": other.status if one.status == "planned" else one.status,
        }
    )


def _countries(event: Sighting) -> frozenset[str]:
    return event.actors | ({event.country} if event.country else frozenset())


def _is_date(text: str | None) -> bool:
    try:
        return text is not None and bool(date.fromisoformat((text + "-01-01")[:10] if len(text) < 10 else text))
    except ValueError:
        return False


def _status_agrees(one: Sighting, other: Sighting) -> bool:
    if "cancelled" in (one.status, other.status):
        return one.status == other.status
    if (one.status == "planned") != (other.status == "planned"):
        return _dates_agree(one.date, other.date) is True
    return True


def _dates_agree(one: str | None, other: str | None) -> bool | None:
    """None when either is not told. Days may be two apart; a month or year holds every day in it."""
    if not one or not other:
        return None
    if len(one) == len(other) == 10:
        return abs(date.fromisoformat(one) - date.fromisoformat(other)) <= _APART
    precision = min(len(one), len(other))
    return one[:precision] == other[:precision]
