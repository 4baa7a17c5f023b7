"""Makes entries with their names from the gazetteer's tables."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path

from babel import Locale

from process.gazetteer_data import LANGUAGES, Alias, Row, Table, parse_aliases, read_table
from process.gazetteer_entry import Entry, Form, FormKind, fold
from process.inflection import german_cases, inflect
from process.tagged import Label, Location

_PLACE_COLUMNS = ("name", "country", "kind", "lat", "lon", "population", "aliases")
_COUNTRY_COLUMNS = ("name", "country", "kind", "capital", "lat", "lon", "population", "aliases")
_DEMONYM_COLUMNS = ("entity", *LANGUAGES)
# File, label, columns of the curated tables.
_TABLES: tuple[tuple[str, Label, tuple[str, ...]], ...] = (
    ("countries.tsv", "GPE", _COUNTRY_COLUMNS),
    ("cities.tsv", "GPE", _PLACE_COLUMNS),
    ("regions.tsv", "GPE", _PLACE_COLUMNS),
    ("places.tsv", "LOC", _PLACE_COLUMNS),
    ("persons.tsv", "PERSON", ("name", "country", "role", "aliases")),
    ("organisations.tsv", "ORG", ("name", "country", "kind", "aliases")),
    ("vessels.tsv", "VESSEL", ("name", "country", "kind", "aliases")),
)
_CIVIL_SHIPS = frozenset({"merchant", "tanker", "passenger", "fishing", "research", "rescue", "activist", "yacht"})
_FAMILY_NAME_FIRST = frozenset({"CN", "KP", "KR", "TW", "VN", "KH", "HK"})
_PARTICLES = frozenset("al ben bin da de del den der di do dos du el la le ten ter van von zu".split())  # noqa: SIM905


@dataclass(slots=True)
class Named:
    """An entry with the names that its line, CLDR and the demonyms give it."""

    entry: Entry
    aliases: list[Alias]
    inflected: list[tuple[str, str, bool, FormKind]] = field(default_factory=list)  # language, text, weak, kind
    _shared: tuple[Form, ...] | None = None  # the forms, where all languages but German have the same

    def written(self, language: str) -> Iterator[Form]:
        """The names as the tables write them."""
        if not self.aliases:
            yield Form(self.entry.name, self.entry, False, "name")
            return
        weak = {alias.text or self.entry.name for alias in self.aliases if alias.weak and language in alias.languages}
        yield Form(self.entry.name, self.entry, self.entry.name in weak, "name")
        for alias in self.aliases:
            if alias.text and language in alias.languages:
                yield Form(alias.text, self.entry, alias.text in weak, "name")

    def forms(self, language: str) -> Iterable[Form]:
        """Every form: names with their German cases, surnames, adjectives, demonyms."""
        if language == "de" or self.inflected or any(alias.languages != LANGUAGES for alias in self.aliases):
            return self._forms(language)
        if self._shared is None:
            self._shared = tuple(self._forms(language))
        return self._shared

    def _forms(self, language: str) -> Iterator[Form]:
        for form in self.written(language):
            for text in german_cases(form.text) if language == "de" else (form.text,):
                yield Form(text, self.entry, form.weak, "name")
        if self.entry.label == "PERSON":
            for text in _surnames(self.entry):
                yield Form(text, self.entry, True, "short")
        for own, text, weak, kind in self.inflected:
            if own == language:
                yield Form(text, self.entry, weak, kind)


def _surnames(entry: Entry) -> tuple[str, ...]:
    words = entry.name.split(" ")
    if len(words) < 2 or entry.kind in ("monarch", "religious", "royal"):
        return ()
    if entry.country in _FAMILY_NAME_FIRST and len(words) < 4:
        return (words[0],)
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return (" ".join(words[start:]),)


def read_all(folder: Path) -> tuple[list[Named], list[str]]:
    """The entries of all tables, and what is wrong with the lines that gave none."""
    named: list[Named] = []
    problems: list[str] = []
    names: dict[tuple[str, str, str], str] = {}
    capitals: set[tuple[str, str]] = set()
    for file, label, columns in _TABLES:
        table = read_table(folder / file, columns)
        problems += table.problems
        for row in table.rows:
            key = (label, row["name"], row["country"])
            if key in names:
                problems.append(f"{row.source}: {row['name']} is already in {names[key]}")
            names[key] = row.source
            if file == "countries.tsv":
                capitals.add((row["capital"], row["country"]))
            named.append(_named(row, label, capitals))
    problems += _add_cldr_names(named)
    problems += _add_ship_prefixes(named, read_table(folder / "ship_prefixes.tsv", ("country", "prefixes")))
    problems += _add_demonyms(named, read_table(folder / "demonyms.tsv", _DEMONYM_COLUMNS))
    known = {(fold(text), item.entry.country) for item in named if item.entry.label == "GPE" for text in _names(item)}
    table = read_table(folder / "geonames.tsv", _PLACE_COLUMNS)
    named += [_named(row, "GPE", capitals) for row in table.rows if (fold(row["name"]), row["country"]) not in known]
    return named, problems + table.problems


def _names(named: Named) -> Iterator[str]:
    yield named.entry.name
    for alias in named.aliases:
        yield alias.text


def _named(row: Row, label: Label, capitals: Set[tuple[str, str]]) -> Named:
    values = row.values
    capital = label == "GPE" and (row["name"], row["country"]) in capitals
    location = Location(lat=float(row["lat"]), lon=float(row["lon"])) if values.get("lat") else None
    entry = Entry(
        name=row["name"],
        label=label,
        country=row["country"] or None,
        location=location,
        kind="capital" if capital else values.get("kind") or values.get("role") or "",
        prior=int(values.get("population") or 0),
        source=row.source,
    )
    return Named(entry, list(parse_aliases(row["aliases"])))


def _add_cldr_names(named: list[Named]) -> list[str]:
    """Countries and territories are also called what CLDR calls them, unless another country has that name."""
    countries = {item.entry.country: item for item in named if item.entry.source.startswith("countries.tsv")}
    taken = {(text, item.entry.country) for item in countries.values() for text in _names(item)}
    by_text: dict[str, set[str | None]] = {}
    for text, code in taken:
        by_text.setdefault(text, set()).add(code)
    for language in LANGUAGES:
        territories = Locale(language).territories
        for code, item in countries.items():
            for text in _cldr_names(territories.get(code or "", "")):
                if by_text.get(text, {code}) == {code}:
                    item.aliases.append(Alias(text, False, (language,)))
    return [f"{item.entry.source}: a country needs a code" for code, item in countries.items() if not code]


def _cldr_names(name: str) -> Iterator[str]:
    """ "Myanmar (Birmanie)" is two names, "St. Kitts & Nevis" has no "&" in running text."""
    long, _, short = name.removesuffix(")").partition(" (")
    for part in (long, short):
        if part and "China" not in part:
            yield part.replace(" & ", " and ").replace(" - ", "-")


def _add_ship_prefixes(named: list[Named], table: Table) -> list[str]:
    """With its navy's prefix, or a merchantman's, a ship's name is strong, whatever else it may mean."""
    prefixes = {row["country"]: row["prefixes"].split("|") for row in table.rows}
    for item in named:
        if item.entry.label == "VESSEL":
            country = "" if item.entry.kind in _CIVIL_SHIPS else item.entry.country or ""
            for prefix in prefixes.get(country, ()):
                item.aliases.append(Alias(f"{prefix} {item.entry.name}", False, LANGUAGES))
    return table.problems


def _add_demonyms(named: list[Named], table: Table) -> list[str]:
    places = {item.entry.country: item for item in reversed(named) if item.entry.source.startswith("countries.tsv")}
    by_name = {item.entry.name: item for item in reversed(named) if item.entry.label in ("GPE", "LOC")}
    problems = list(table.problems)
    for row in table.rows:
        item = places.get(row["entity"]) or by_name.get(row["entity"])
        if item is None:
            problems.append(f"{row.source}: no country, region or place {row['entity']!r}")
            continue
        for language in LANGUAGES:
            for word in row[language].split("|") if row[language] else ():
                item.inflected += _inflected(language, word)
    return problems


def _inflected(language: str, word: str) -> Iterator[tuple[str, str, bool, FormKind]]:
    weak, word = word.startswith("~"), word.removeprefix("~")
    if word.endswith("-"):
        yield language, word[:-1], weak, "prefix"
        return
    adjective = language == "en" or word.removeprefix("=")[0].islower()
    for text in inflect(language, word):
        yield language, text, weak, "adjective" if adjective else "demonym"
