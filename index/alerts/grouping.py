"""Which matches are one piece of news: thirty sources in three languages on one event make one mail.

State lives in alerts.sqlite and is read and written inside the caller's transaction, so replay finds what was decided.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from index.alerts.asked import Asked
from index.alerts.database import stamp
from index.alerts.rule import Rule
from index.alerts.sameness import Sighting, involved_agree, merged, same, same_day, sighting
from index.alerts.source import Source
from index.document import Document
from process.tagged import Event

WINDOW = timedelta(days=3)
"""How long after a group was opened its news counts as the same news, by the time the articles were fetched."""

DATED_WINDOW = timedelta(days=30)
"""The same for reports that name the same day: a planned visit is announced, and told again, for weeks."""

_SIGHTINGS = TypeAdapter(list[Sighting])


@dataclass(frozen=True, slots=True)
class Group:
    """What was mailed once, or will be: the events of the article that opened it, and what others added to them."""

    id: int
    sightings: Sequence[Sighting]
    recent: bool
    holds_article: bool
    holds_story: bool


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a match belongs: into groups there are, and, if `fresh` is not None, into a new one about those events.

    A new group without events is about the article itself.
    """

    joins: Sequence[Group]
    fresh: Sequence[Event] | None


def about(rule: Rule, asked: Asked, document: Document) -> Sequence[Event]:
    """The events of the document that the rule asks for; none for rules that do not group by event."""
    return asked.choose(document.events) if rule.group == "event" else ()


def groups(connection: sqlite3.Connection, rule: Rule, document: Document) -> Sequence[Group]:
    """The groups of the rule that the document could join, oldest first."""
    rows = connection.execute(
        "SELECT id, events, opened >= ?,"
        " EXISTS (SELECT 1 FROM sources WHERE grouped = id AND article = ?),"
        " EXISTS (SELECT 1 FROM sources WHERE grouped = id AND story = ?)"
        " FROM groups WHERE rule = ? AND opened BETWEEN ? AND ? ORDER BY id",
        (
            stamp(document.fetched - WINDOW),
            document.id,
            document.story,
            rule.name,
            stamp(document.fetched - DATED_WINDOW),
            stamp(document.fetched + DATED_WINDOW),
        ),
    )
    return [
        Group(row, _SIGHTINGS.validate_json(events), bool(recent), bool(article), bool(story))
        for row, events, recent, article, story in rows
    ]


def place(rule: Rule, document: Document, events: Sequence[Event], among: Sequence[Group], named: bool) -> Placement:
    """Decide where a match belongs. `events` are those of `about`; `named` tells whether the rule names event types.

    - An article that a group holds already, or a near-duplicate of one, joins it.
    - A rule that names event types is told every one of them that no group knows, also of a new revision; for any other
      rule the article's first event decides whether it is news, and the rest is background.
    - Without events, the story decides.
    """
    held = [group for group in among if group.holds_article]
    if rule.group == "article":
        return Placement(held, None if held else ())
    told = held or [group for group in among if group.recent and group.holds_story][:1]
    if not events or rule.group == "story" or (told and not (held and named)):
        return Placement(told, None if told else ())
    sightings = [sighting(event, document.entities) for event in events]
    homes = [_home(seen, among) for seen in sightings]
    known = [seen for seen, home in zip(sightings, homes, strict=True) if home]
    fresh = [event for event, home in zip(events, homes, strict=True) if not home]
    if named:
        fresh = [event for event in fresh if not any(_retold(sighting(event, document.entities), old) for old in known)]
    elif homes[0]:
        fresh = []
    joins = {group.id: group for group in (*held, *homes) if group}
    return Placement(list(joins.values()), fresh or None)


def sightings_of(document: Document, events: Sequence[Event]) -> str:
    """JSON of the events as a new group keeps them; those of one article that are the same are one."""
    kept: list[Sighting] = []
    for event in events:
        _absorb(kept, sighting(event, document.entities))
    return _SIGHTINGS.dump_json(kept).decode()


def learn(connection: sqlite3.Connection, group: Group, document: Document, events: Sequence[Event]) -> None:
    """Let a group keep what a joining article tells more precisely about its events."""
    kept = list(group.sightings)
    for event in events:
        seen = sighting(event, document.entities)
        if any(same(old, seen) for old in kept):
            _absorb(kept, seen)
    if kept != group.sightings:
        text = _SIGHTINGS.dump_json(kept).decode()
        connection.execute("UPDATE groups SET events = ? WHERE id = ?", (text, group.id))


def open_group(
    connection: sqlite3.Connection, rule: Rule, document: Document, events: Sequence[Event], mail: int
) -> int:
    """Make the group whose news goes into that mail. Returns its id."""
    row = connection.execute(
        "INSERT INTO groups (rule, opened, events, mail) VALUES (?, ?, ?, ?) RETURNING id",
        (rule.name, stamp(document.fetched), sightings_of(document, events), mail),
    ).fetchone()
    return int(row[0])


def add_source(connection: sqlite3.Connection, group: int, found: Source, story: str, joined: datetime) -> None:
    """Put an article into a group; one that is in it already is brought up to date, as long as it was not mailed."""
    connection.execute(
        "INSERT INTO sources (grouped, article, story, source, joined) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (grouped, article) DO UPDATE SET source = excluded.source WHERE mailed = 0",
        (group, found.article, story, found.model_dump_json(), stamp(joined)),
    )


def group_key(rule: Rule, document: Document) -> str:
    """A name for the group that this match opens, the same on every machine and at every replay: 32 hex digits."""
    return hashlib.sha256(f"{rule.name}\n{document.id}\n{document.revision}".encode()).hexdigest()[:32]


def _home(seen: Sighting, among: Sequence[Group]) -> Group | None:
    for group in among:
        for old in group.sightings:
            if same(old, seen) and (group.recent or same_day(old, seen)):
                return group
    return None


def _retold(seen: Sighting, other: Sighting) -> bool:
    """Whether two events of one article are one in two lights: the exercise that was announced, and has begun."""
    lights = {seen.status, other.status}
    if seen.type != other.type or ("cancelled" in lights and len(lights) > 1):
        return False
    both_dated = seen.date is not None and other.date is not None
    return involved_agree(seen, other) and not (both_dated and not same_day(seen, other))


def _absorb(kept: list[Sighting], seen: Sighting) -> None:
    for index, old in enumerate(kept):
        if same(old, seen):
            kept[index] = merged(old, seen)
            return
    kept.append(seen)
