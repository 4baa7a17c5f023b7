"""One language's words, from `data/lexicon/<language>.toml`: triggers, cues of status, roles, names and dates.

Adding a language means adding such a file (and, for its verbs, a rule in `inflect.py` or full paradigms in [verbs]).
Every mistake in a file is a LexiconError that names the file and the line.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from ingest.errors import WirewatchError
from process.inflect import NO_TENSES, Forms, shared
from process.pattern_reader import PatternReader
from process.patterns import Pattern, PatternIndex
from process.tokens import Stops

_CUES = (
    "negation",
    "cancelled",
    "denied",  # verbs whose clause tells what did not come to pass ("denied that …")
    "planned",
    "announced",  # puts ahead what can be announced or agreed on: a visit, not sanctions
    "attempted",  # a coup that was tried was one
    "done",  # before a noun: what comes after it is over ("after the talks")
    "ongoing",
    "hypothetical",
    "condition",  # opens a clause that is only supposed ("if")
    "attribution",
    "history",
    "idioms",  # a trigger in one of them tells nothing ("strike a balance")
    "unmeant",  # a cue in one of them tells nothing ("sin embargo")
)
NAME_LISTS = [
    "titles",
    "roles",
    "organisations",
    "waters",
    "settlements",
    "ships",
    "ship_prefixes",
    "speech",
    "locative",
    "fillers",
    "places_only",
    "org_articles",
    "possessive",
    "particles",
    "months",
    "openers",
    "function",
    "breakers",
    "not_acting",
    "sport",
    "culture",
    "markets",
]
GRAMMAR_LISTS = [
    "accords",  # are called by the town where they were made ("the Paris Agreement")
    "absolutes",  # open a clause with a verb in -ing ("with ICE making arrests")
    "appointing",  # tell who puts another in office or out of it ("Trump fires Bolton")
    "agents",  # stand before who did it ("by")
    "backed",  # close a compound with who helps ("US-mediated")
    "beside",
    "between",
    "camps",  # open a compound ("pro-Trump")
    "capitals",
    "causes",
    "clitics",  # pronouns that may part an infinitive from its mark ("avant de s'envoler")
    "complementizers",
    "civilians",  # behind an adjective: who acts for no country ("German tourists")
    "coordinators",
    "determiners",
    "foreign_ministers",
    "grounds",
    "having",  # make an active perfect of a participle
    "homographs",  # present tenses that are nouns (and such) too
    "infinitive_marks",
    "judging",  # what who only prosecutes it does
    "land",
    "meanwhile",  # open a clause of what others do ("as Trump pressed")
    "modals",  # leave the infinitive behind them one
    "monarchs",
    "negators",  # German: negate the verb that they stand behind
    "moved",  # stand before the day that something is postponed to
    "objects",  # pronouns of whom something is done to, behind its verb
    "officials",
    "origins",
    "passive",
    "perfect",
    "perfect_infinitives",
    "possessives",
    "premiers",
    "presidents",
    "progressive",
    "pronouns",
    "referring",
    "reflexives",  # before a verb: its subject is not who acts ("la visita se canceló", "la canceló")
    "relations",
    "relatives",
    "rulers",
    "sending",  # present tenses that tell a plan ("schickt ein Schiff")
    "sites",
    "sources",
    "subjectless",  # before a verb whose subject is the speaker ("dijo que había detenido")
    "subordinators",
    "suppositions",
    "times",  # lead from one event to another ("met X before talks with Y")
    "towns",
    "unheld",  # before an office that nobody holds yet, or any more ("former")
    "where",  # open a clause about a place, where who went there may meet somebody
    "wholes",  # what others are part of ("as part of NATO forces")
]
"""Function words by which clauses and tenses are told; a language may lack one."""
_COMMON = (
    "function",
    "locative",
    "determiners",
    "coordinators",
    "infinitive_marks",
    "perfect",
    "progressive",
    "pronouns",
)
"""Lists of words that stand in most sentences."""
_SECTIONS = frozenset({"lists", "verbs", "cues", "names", "dates", "events"})
_SECTIONS |= {"language", "ordinals", "verb_final", "abbreviations"}


class LexiconError(WirewatchError):
    """A lexicon file that cannot be used. The message names file and line."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One of the 35 types. `actors`: which names take part, in order of preference, and how many at `least`; `place`:
    how a place is chosen. The words for both are explained in event_types.toml.
    """

    name: str
    plover: str
    actors: tuple[str, ...]
    place: str
    least: int
    lasts: bool
    activity: bool
    deferred: bool
    scheduled: bool
    receives: bool
    yields_to: tuple[str, ...] = ()
    pledged: bool = False
    goes: bool = False
    abroad: bool = False
    gathers: bool = False
    alone: bool = False
    undergone: bool = False
    won: bool = False
    long: bool = False
    provided: bool = False
    mutual: bool = False
    civil: bool = False
    official: bool = False
    at_work: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the rules ask of a language.

    `cues`        those of all kinds; a pattern's `event` is its kind
    `verbs`       every verb form it knows, with the tenses that it shows; nouns that look alike are left out
    `plain_presents`  those present tenses that are left out there
    `verb_final`  whether the finite verb closes a subordinate clause, as in German
    """

    language: str
    stops: Stops
    events: frozenset[str]
    lists: Mapping[str, frozenset[str]]
    triggers: PatternIndex
    cues: PatternIndex
    names: Mapping[str, frozenset[str]]
    dates: Mapping[str, Any] = field(default_factory=dict)
    verbs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    plain_presents: frozenset[str] = frozenset()
    verb_final: bool = False


def load_event_types() -> dict[str, EventType]:
    """The ontology, from `data/event_types.toml`."""
    raw = tomllib.loads(files("process").joinpath("data", "event_types.toml").read_text(encoding="utf-8"))
    types = {}
    for name, row in raw.items():
        fields: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in row.items()}
        types[name] = EventType(name=name, **fields)
    return types


def languages() -> tuple[str, ...]:
    """The languages that a lexicon is shipped for."""
    folder = files("process").joinpath("data", "lexicon")
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


def load_lexicon(language: str, types: Mapping[str, EventType]) -> Lexicon:
    """The lexicon shipped for a language. Takes half a second."""
    return compile_lexicon(_shipped(language), f"{language}.toml", types)


def function_words(language: str) -> frozenset[str]:
    """The commonest small words of a language, read without all the rest of its lexicon."""
    return frozenset(tomllib.loads(_shipped(language))["names"]["function"].split())


def _shipped(language: str) -> str:
    return files("process").joinpath("data", "lexicon", f"{language}.toml").read_text(encoding="utf-8")


def compile_lexicon(text: str, name: str, types: Mapping[str, EventType]) -> Lexicon:
    """Read and check a lexicon's text. Raises LexiconError naming `name` and the line."""
    return _Compiler(text, name, types).lexicon()


class _Compiler:
    def __init__(self, text: str, name: str, types: Mapping[str, EventType]) -> None:
        self._text, self._name, self._types = text, name, types
        try:
            self._raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise LexiconError(f"{name}: {error}") from None
        self._lists = {name: self._words(listed) for name, listed in self._raw.get("lists", {}).items()}
        self._patterns = PatternReader(str(self._raw.get("language", "")), self._lists, self._raw.get("verbs", {}))

    def lexicon(self) -> Lexicon:
        raw = self._raw
        for section in raw.keys() - _SECTIONS:
            raise self._error(section, f"unknown section {section!r}; there are {', '.join(sorted(_SECTIONS))}")
        for cue in raw.get("cues", {}).keys() - set(_CUES):
            raise self._error(cue, f"unknown cue {cue!r}; there are {', '.join(_CUES)}")
        for listed in set(NAME_LISTS) - raw.get("names", {}).keys():
            raise self._error("[names]", f"the list {listed!r} is missing in [names]")
        for listed in raw.get("names", {}).keys() - {*NAME_LISTS, *GRAMMAR_LISTS}:
            raise self._error(listed, f"unknown list {listed!r} in [names]; there are {', '.join(NAME_LISTS)}")
        names = {name: self._words(raw["names"].get(name, "")) for name in (*NAME_LISTS, *GRAMMAR_LISTS)}
        common = frozenset((",", *(word for listed in _COMMON for word in names[listed])))
        read = (one for cue in _CUES for one in self._read(cue, raw.get("cues", {}).get(cue, [])))
        cues, triggers = PatternIndex(read, common), PatternIndex(self._triggers(), common)
        verbs = self._verbs()  # of all patterns, so these come first
        return Lexicon(
            language=str(raw.get("language", "")),
            stops=Stops(frozenset(raw.get("abbreviations", "").split()), bool(raw.get("ordinals", False))),
            events=frozenset(raw.get("events", {})),
            lists=self._lists,
            triggers=triggers,
            cues=cues,
            names=names,
            dates=raw.get("dates", {}),
            verbs=_clear_forms(verbs, names),
            plain_presents=_plain_presents(verbs, names),
            verb_final=bool(raw.get("verb_final", False)),
        )

    def _triggers(self) -> Iterator[Pattern]:
        for event, rows in self._raw.get("events", {}).items():
            if event not in self._types:
                raise self._error(event, f"unknown event type {event!r}; the types stand in event_types.toml")
            yield from self._read(event, rows)

    def _read(self, event: str, rows: object) -> Iterator[Pattern]:
        if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
            raise self._error(event, f"{event!r} must be a list of patterns")
        for row in rows:
            try:
                yield self._patterns.pattern(event, row)
            except ValueError as error:
                raise self._error(row, f"{row!r}: {error}") from None

    def _verbs(self) -> dict[str, Forms]:
        """The forms of all verbs that the file lists or its patterns use."""
        listed = self._raw.get("verbs", {})
        for verb in listed:
            try:
                self._patterns.forms(verb)
            except ValueError as error:
                raise self._error(f"{verb} =", str(error)) from None
        verbs = self._patterns.verbs
        finite = {form: verb for verb, forms in verbs.items() for form in forms if "inf" not in forms[form]}
        for verb in verbs:  # no `~called`: no other form of it exists
            if verb in finite and verb not in listed:
                raise self._error(
                    f"~{verb}", f"`~{verb}` is a form of {finite[verb]!r}; write `~{finite[verb]}` or the bare word"
                )
        return verbs

    def _words(self, listed: object) -> frozenset[str]:
        if not isinstance(listed, str):
            raise self._error("[lists]", "a list is one string of words parted by blanks")
        found: set[str] = set()
        for one in listed.split():
            if "*" in one or "/" not in one:
                found.add(one.lower())
            else:
                stem, *endings = one.lower().split("/")
                found.update((stem, *(stem + ending for ending in endings)))
        return frozenset(found)

    def _error(self, where: str, message: str) -> LexiconError:
        lines = self._text.split("\n")
        number = next((number for number, line in enumerate(lines, 1) if where in line), 1)
        return LexiconError(f"{self._name}:{number}: {message}")


def _clear_forms(verbs: Mapping[str, Forms], names: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The verb forms that are not a small word ("entre"), nor in the present tense a noun as well ("strikes")."""
    small = names["function"] | names["locative"] | names["fillers"]
    found: dict[str, frozenset[str]] = {}
    for forms in verbs.values():
        for form, tenses in forms.items():
            if form not in small and (tenses != {"pres"} or form not in names["homographs"]):
                found[form] = shared(found.get(form, NO_TENSES) | tenses)
    return found


def _plain_presents(verbs: Mapping[str, Forms], names: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The present tenses that are a noun as well."""
    forms = (form for known in verbs.values() for form, tenses in known.items() if tenses == {"pres"})
    return names["homographs"].intersection(forms)
