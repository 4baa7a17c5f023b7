"""The query language by example, for the help page. Each example is a query that parses."""

from collections.abc import Sequence

FORMS: Sequence[tuple[str, str]] = (
    ("naval exercise", "both words, in title or text, in any order"),
    ('"East China Sea"', "the words one after the other"),
    ('"Putin Xi"~5', "the words at most five apart"),
    ("navi*", "words that begin so"),
    ("ceasefire OR truce", "one or the other"),
    ("exercise NOT school", "the one without the other"),
    ("(visit OR summit) AND Moscow", "brackets"),
    ("published:[2026-11-01 TO now]", "from a day to now; an open end is *"),
    ("fetched:[now-24h TO now]", "the last 24 hours"),
)

FIELDS: Sequence[tuple[str, str]] = (
    ("title:summit", "the title only"),
    ("text:summit", "the text only"),
    ('source:"Le Monde"', "who published it"),
    ("language:fr", "language, by its two letters"),
    ("place:Pékin", "a place, under any of its names in any language"),
    ('person:"Xi Jinping"', "a person"),
    ("org:NATO", "an organisation"),
    ("entity:Taiwan", "anything named: person, organisation, place, ship"),
    ("event:naval_exercise", "what happened; the types are below"),
    ("status:planned", "whether it happened, goes on, is planned or was cancelled"),
    ("actor:China", "who takes part in an event"),
    ("published:2026-11", "when it was published: a year, a month, a day or a range"),
    ("fetched:[now-1h TO now]", "when Wirewatch fetched it"),
)
