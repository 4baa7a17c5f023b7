"""One language's words, from `data/lexicon/<language>.toml`: triggers, cues of status, roles, names and dates.

Adding a language means adding such a file (and, for its verbs, a rule in `inflect.py` or full paradigms in [verbs]).
Every mistake in a file is a LexiconError that names the file and the line.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from ingest.errors import WirewatchError
from process.inflect import NO_TENSES, TENSES, Forms, Paradigm, forms, regular, shared
from process.patterns import Choice, Element, Pattern, PatternIndex
from process.tokens import Stops, split_words

STATUSES = ("happened", "ongoing", "planned", "cancelled")
CLASSES = frozenset({"PERSON", "ORG", "GPE", "LOC", "VESSEL", "STATE", "ANY", "NUM"})
_GAPS = {"..": 3, "...": 9}
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_NO_CLASSES: frozenset[str] = frozenset()
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
GRAMMAR_LISTS = ["relatives", "coordinators", "perfect", "progressive", "infinitive_marks", "determiners"]
GRAMMAR_LISTS += [
    "homographs",  # present tenses that are nouns (and such) too
    "between",
    "moved",  # stands before the day that something is postponed to
    "modals",  # leave the infinitive behind them one
    "sending",  # present tenses that tell a plan ("schickt ein Schiff")
]
GRAMMAR_LISTS += [
    "passive",
    "perfect_infinitives",
    "grounds",
    "capitals",
    "towns",
    "land",
    "suppositions",
    "causes",
    "complementizers",
    "possessives",
    "relations",
    "sites",
    "beside",
    "origins",
    "sources",
    "officials",
    "pronouns",
    "referring",
    "camps",
    "backed",
    "meanwhile",
    "absolutes",
    "subordinators",
    "agents",
    "unheld",
    "wholes",
    "judging",
    "presidents",
    "premiers",
    "rulers",
    "foreign_ministers",
]
"""Function words by which clauses and tenses are told; a language may lack one."""
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


@dataclass(slots=True)
class _Parts:
    """A choice in the making."""

    words: dict[str, frozenset[str]] = field(default_factory=dict)
    particles: dict[str, str] = field(default_factory=dict)
    affixes: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    classes: set[str] = field(default_factory=set)
    phrases: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def add_word(self, one: str) -> None:
        """A literal word, with its endings behind slashes; or a beginning* or an *ending."""
        if len(one) > 3 and "*" in (one[0], one[-1]):
            self.affixes[one[0] == "*"].append(one.strip("*").lower())
            return
        stem, *endings = one.lower().split("/") if len(one) > 1 else [one]
        for word in (stem, *(stem + ending for ending in endings)):
            first, *rest = [word] if word.endswith("'") else split_words(word.replace("_", " "))
            if rest:
                self.phrases[first] = (*self.phrases.get(first, ()), tuple(rest))
            else:
                self.words.setdefault(sys.intern(first), NO_TENSES)

    def choice(self) -> Choice:
        prefixes, suffixes = self.affixes
        phrases = {first: tuple(sorted(rests, key=len, reverse=True)) for first, rests in self.phrases.items()}
        return Choice(
            self.words,
            self.particles or _NOTHING,
            tuple(prefixes),
            tuple(suffixes),
            frozenset(self.classes) if self.classes else _NO_CLASSES,
            phrases or _NOTHING,
        )


class _Compiler:
    def __init__(self, text: str, name: str, types: Mapping[str, EventType]) -> None:
        self._text, self._name, self._types = text, name, types
        try:
            self._raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise LexiconError(f"{name}: {error}") from None
        self._language = str(self._raw.get("language", ""))
        self._verbs: dict[str, Forms] = {}
        self._lists: dict[str, frozenset[str]] = {}
        self._choices: dict[str, Choice] = {}

    def lexicon(self) -> Lexicon:
        raw = self._raw
        for section in raw.keys() - _SECTIONS:
            raise self._error(section, f"unknown section {section!r}; there are {', '.join(sorted(_SECTIONS))}")
        self._lists = {name: self._words(listed) for name, listed in raw.get("lists", {}).items()}
        cues = PatternIndex(one for cue in _CUES for one in self._patterns(cue, raw.get("cues", {}).get(cue, [])))
        for cue in raw.get("cues", {}).keys() - set(_CUES):
            raise self._error(cue, f"unknown cue {cue!r}; there are {', '.join(_CUES)}")
        for listed in set(NAME_LISTS) - raw.get("names", {}).keys():
            raise self._error("[names]", f"the list {listed!r} is missing in [names]")
        for listed in raw.get("names", {}).keys() - {*NAME_LISTS, *GRAMMAR_LISTS}:
            raise self._error(listed, f"unknown list {listed!r} in [names]; there are {', '.join(NAME_LISTS)}")
        triggers = PatternIndex(self._triggers())
        self._check_verbs()
        return Lexicon(
            language=self._language,
            stops=Stops(frozenset(raw.get("abbreviations", "").split()), bool(raw.get("ordinals", False))),
            events=frozenset(raw.get("events", {})),
            lists=self._lists,
            triggers=triggers,
            cues=cues,
            names={name: self._words(raw["names"].get(name, "")) for name in (*NAME_LISTS, *GRAMMAR_LISTS)},
            dates=raw.get("dates", {}),
            verbs=self._known_forms(),
            plain_presents=self._plain_presents(),
            verb_final=bool(raw.get("verb_final", False)),
        )

    def _known_forms(self) -> dict[str, frozenset[str]]:
        """The forms of all verbs that the file lists or its patterns use."""
        for verb in self._raw.get("verbs", {}):
            self._forms(verb)
        found: dict[str, frozenset[str]] = {}
        names = self._raw["names"]
        function = self._words(f"{names['function']} {names['locative']} {names['fillers']}")  # "entre" is no verb
        homographs = self._words(names.get("homographs", ""))
        for known in self._verbs.values():
            for form, tenses in known.items():
                if form not in function and (tenses != {"pres"} or form not in homographs):  # "strikes" is a noun
                    found[form] = shared(found.get(form, NO_TENSES) | tenses)
        return found

    def _check_verbs(self) -> None:
        """No `~called`: a verb that is not listed must not be a form of another, for no other form of it exists."""
        finite = {
            form: verb for verb in self._verbs for form, tenses in self._verbs[verb].items() if "inf" not in tenses
        }
        for verb in self._verbs:
            if verb in finite and verb not in self._raw.get("verbs", {}):
                raise self._error(
                    f"~{verb}", f"`~{verb}` is a form of {finite[verb]!r}; write `~{finite[verb]}` or the bare word"
                )

    def _plain_presents(self) -> frozenset[str]:
        homographs = self._words(self._raw["names"].get("homographs", ""))
        forms = (form for known in self._verbs.values() for form, tenses in known.items() if tenses == {"pres"})
        return homographs.intersection(forms)

    def _triggers(self) -> Iterator[Pattern]:
        for event, rows in self._raw.get("events", {}).items():
            if event not in self._types:
                raise self._error(event, f"unknown event type {event!r}; the types stand in event_types.toml")
            yield from self._patterns(event, rows)

    def _patterns(self, event: str, rows: object) -> Iterator[Pattern]:
        if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
            raise self._error(event, f"{event!r} must be a list of patterns")
        for row in rows:
            try:
                yield self._pattern(event, row)
            except ValueError as error:
                raise self._error(row, f"{row!r}: {error}") from None

    def _pattern(self, event: str, row: str) -> Pattern:
        head, *tails = re.split(r" (?=[+=-] )", row)
        behind: dict[str, str] = {}
        for tail in tails:
            sign, _, value = tail.partition(" ")
            if sign in behind or len(value.split()) != 1:
                raise ValueError(f"`{sign}` must stand once, with one choice of words behind it")
            behind[sign] = value
        status = behind.get("=")
        if status is not None and status not in STATUSES:
            raise ValueError(f"{status!r} is no status; there are {', '.join(STATUSES)}")
        need, block = (self._choice(behind[sign]) if sign in behind else None for sign in "+-")
        return Pattern(event, tuple(self._elements(head)), row, need, block, status)

    def _elements(self, row: str) -> Iterator[Element]:
        gap, any_yet = 0, False
        for piece in row.split():
            if piece in _GAPS:
                gap = _GAPS[piece]
                continue
            optional = piece.endswith("?") and len(piece) > 1
            choice = self._choice(piece.removesuffix("?") if optional else piece)
            if not any_yet and (
                gap
                or optional
                or not (choice.beginnings or choice.prefixes or choice.suffixes or choice.classes - {"NUM"})
            ):
                raise ValueError("a pattern begins with a word, a verb, a list or a part of a word")
            yield Element(choice, optional, gap)
            gap, any_yet = 0, True
        if gap or not any_yet:
            raise ValueError("a pattern ends with a word or a name")

    def _choice(self, piece: str) -> Choice:
        """What a piece of a pattern accepts. Many patterns share their pieces, and so the memory for them."""
        if piece not in self._choices:
            self._choices[piece] = self._read_choice(piece)
        return self._choices[piece]

    def _read_choice(self, piece: str) -> Choice:
        parts = _Parts()
        for one in piece.split("|"):
            if one.startswith("~"):
                self._add_verb(one[1:], parts)
            elif one.startswith("@"):
                if one[1:] not in self._lists:
                    raise ValueError(f"there is no list {one[1:]!r} in [lists]")
                for word in self._lists[one[1:]]:
                    parts.add_word(word)
            elif one.startswith("<") and one.endswith(">"):
                if one[1:-1] not in CLASSES:
                    raise ValueError(f"{one} is no class of names; there are {', '.join(sorted(CLASSES))}")
                parts.classes.add(one[1:-1])
            else:
                parts.add_word(one)
        return parts.choice()

    def _add_verb(self, verb: str, parts: "_Parts") -> None:
        if verb.startswith("s'"):  # French reflexive verbs: "s'est" and the participle are two further patterns
            reflexive = ((form,) for form, tenses in self._forms(verb[2:]).items() if tenses != {"part"})
            parts.phrases["s'"] = (*parts.phrases.get("s'", ()), *reflexive)
            return
        prefix, _, base = verb.rpartition(".")
        for form, tenses in self._forms(base).items():
            parts.words[prefix + form] = tenses
            if prefix and tenses & {"pres", "past"}:
                parts.particles[form] = prefix
            if prefix and "inf" in tenses:
                parts.words[f"{prefix}zu{form}"] = shared(frozenset({"inf"}))

    def _forms(self, verb: str) -> Forms:
        if verb not in self._verbs:
            listed = self._raw.get("verbs", {}).get(verb)
            paradigm: Paradigm = {} if listed and listed.startswith("only ") else self._regular(verb)
            if listed:
                paradigm |= self._listed(verb, listed.removeprefix("only "))
            self._verbs[verb] = forms(paradigm)
        return self._verbs[verb]

    def _regular(self, verb: str) -> Paradigm:
        return regular(self._language, verb)

    def _listed(self, verb: str, listed: str) -> Paradigm:
        found: Paradigm = {}
        for group in listed.split(";"):
            tense, colon, words = group.strip().partition(":")
            if not colon or tense not in TENSES:
                raise ValueError(f'write the forms of {verb!r} as "past: sent; part: sent" with {", ".join(TENSES)}')
            found[tense] = words.strip()
        return found

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
