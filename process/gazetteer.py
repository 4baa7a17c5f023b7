"""What has a name in world affairs, and how the four languages write it.

Countries take their names from CLDR (babel), cities from GeoNames; everything else is curated in `data/gazetteer`.
`python -m process.gazetteer` checks the tables and names every malformed line.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from ingest.errors import WirewatchError
from process.gazetteer_build import Named, read_all
from process.gazetteer_data import LANGUAGES
from process.gazetteer_entry import Entry, Form, fold, without_marks
from process.tagged import Label

__all__ = ["Entry", "Form", "Gazetteer", "fold"]

_NOT_CURATED = "geonames.tsv"
DATA = Path(__file__).parent / "data" / "gazetteer"


class Gazetteer:
    """All entries, and their forms per language."""

    def __init__(self, named: Sequence[Named]) -> None:
        self._named = named
        self._forms: dict[str, tuple[Form, ...]] = {}

    @classmethod
    def load(cls, folder: Path = DATA) -> "Gazetteer":
        """Reads the tables. Raises WirewatchError naming file and line where one is malformed."""
        named, problems = read_all(folder)
        if problems:
            more = (
                f" (and {len(problems) - 1} more: python -m process.gazetteer lists them)" if len(problems) > 1 else ""
            )
            raise WirewatchError(f"gazetteer: {problems[0]}{more}")
        return cls(named)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry once, curated ones before those of GeoNames."""
        return tuple(named.entry for named in self._named)

    def forms(self, language: str) -> Sequence[Form]:
        """All forms of a language ("en", "fr", "de", "es"). Namesakes: the likeliest first and strong, others weak."""
        if language not in self._forms:
            self._forms[language] = tuple(_rank(form for named in self._named for form in named.forms(language)))
        return self._forms[language]

    def resolve(self, name: str) -> tuple[str, ...]:
        """The canonical names that `name` may stand for, in any language, case and accents aside; likeliest first.

        Weak forms count only where there is no strong one: "Li" gives every Li, "Poutine" gives Vladimir Putin.
        """
        return self._folded.get(fold(name).strip(), ())

    def entry(self, name: str, label: Label) -> Entry | None:
        """The entry of that canonical name, of namesakes the likeliest."""
        return self._by_name.get((name, label))

    def country(self, code: str) -> Entry | None:
        """The country or territory of an ISO 3166-1 alpha-2 code."""
        return self._countries.get(code)

    def capital(self, code: str) -> Entry | None:
        """The capital of the country of an ISO 3166-1 alpha-2 code."""
        return self._capitals.get(code)

    @cached_property
    def _capitals(self) -> dict[str, Entry]:
        return {entry.country: entry for entry in self.entries if entry.country and entry.kind == "capital"}

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], Entry]:
        found: dict[tuple[str, str], Entry] = {}
        for entry in self.entries:
            known = found.setdefault((entry.name, entry.label), entry)
            if (entry.kind == "country", entry.prior) > (known.kind == "country", known.prior):
                found[entry.name, entry.label] = entry
        return found

    @cached_property
    def _countries(self) -> dict[str, Entry]:
        return {
            entry.country: entry
            for entry in reversed(self.entries)
            if entry.country and entry.kind in ("country", "territory", "former_country")
        }

    @cached_property
    def _folded(self) -> dict[str, tuple[str, ...]]:
        strong: dict[str, list[Form]] = defaultdict(list)
        weak: dict[str, list[Form]] = defaultdict(list)
        for named in self._named:
            strong[fold(named.entry.name)].append(Form(named.entry.name, named.entry, False, "name"))
        for language in LANGUAGES:
            for form in self.forms(language):
                (weak if form.weak else strong)[fold(form.text)].append(form)
        return {
            key: tuple(dict.fromkeys(form.entry.name for form in sorted(found, key=_likeliest_first)))
            for key, found in (weak | strong).items()
        }


def _rank(forms: Iterable[Form]) -> Iterator[Form]:
    """Each form once per entry, the likeliest namesake first; it stays strong, the others are weak."""
    first: dict[str, Form] = {}
    namesakes: dict[str, list[Form]] = {}
    for form in forms:
        text = without_marks(form.text)
        known = first.setdefault(text, form)
        if known is not form:
            namesakes.setdefault(text, [known]).append(form)
    for text, form in first.items():
        if text in namesakes:
            yield from _rank_namesakes(namesakes[text])
        else:
            yield form


def _rank_namesakes(forms: list[Form]) -> Iterator[Form]:
    by_entry: dict[int, Form] = {}  # by identity: to hash an entry is slow
    for form in forms:
        known = by_entry.setdefault(id(form.entry), form)
        if known.weak and not form.weak:
            by_entry[id(form.entry)] = form
    first, *others = sorted(by_entry.values(), key=_likeliest_first)
    # Beside a person, a ship or a curated place of its name, a town of GeoNames is not sure.
    doubtful = not _curated(first) and any(_curated(form) for form in others)
    yield _weak(first) if doubtful else first
    for form in others:
        yield _weak(form)


def _weak(form: Form) -> Form:
    return Form(form.text, form.entry, True, form.kind)


def _curated(form: Form) -> bool:
    return not form.entry.source.startswith(_NOT_CURATED)


def _likeliest_first(form: Form) -> tuple[bool, bool, bool, bool, int]:
    entry = form.entry
    return form.weak, entry.kind != "country", not _curated(form), entry.kind != "capital", -entry.prior


def problems(folder: Path = DATA) -> list[str]:
    """Everything that is wrong in the tables, as "file:line: what is wrong"."""
    named, found = read_all(folder)
    return found + _claimed_twice(named)


def _claimed_twice(named: Sequence[Named]) -> list[str]:
    found: list[str] = []
    claims: dict[tuple[str, str], Entry] = {}
    for item in named:
        if item.entry.source.startswith(_NOT_CURATED):
            continue
        for language in LANGUAGES:
            for form in item.written(language):
                other = form.entry if form.weak else claims.setdefault((language, form.text), form.entry)
                if other != form.entry and not _namesakes(other, form.entry):
                    found.append(
                        f"{form.entry.source}: {form.text!r} already stands for {other.name} in "
                        f"{other.source}: mark one of them ~"
                    )
    return list(dict.fromkeys(found))


def _namesakes(one: Entry, other: Entry) -> bool:
    """Two places of one name in different countries are nobody's mistake: the context decides."""
    return one.label == other.label == "GPE" and (one.country != other.country or one.kind != other.kind)


def main() -> int:
    """Checks the tables; prints what is wrong, one line each. 0 if nothing is, else 1."""
    found = problems()
    for problem in found:
        sys.stderr.write(problem + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
