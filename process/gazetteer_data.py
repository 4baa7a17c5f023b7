"""Reads the gazetteer's tables: TSV, `#` comments, one header line, one entry a line, UTF-8 in NFC.

An alias is `[~][lang[,lang]:]text`: `~` marks it weak (accepted only with support in the text), the languages say
where it is used (default: all four). With an empty text it speaks of the name itself: `~` or `~en:` mean that the bare
name is weak. A line `# kinds: a b c` lists what the column `kind` (or `role`) may say.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel import Locale

LANGUAGES = ("en", "fr", "de", "es")
# States that are gone and Kosovo have no ISO 3166-1 code of today, but stand in the news.
_OTHER_CODES = frozenset({"SU", "YU", "CS", "DD", "XK"})

# Two spaces, a space at a cell's or alias's edge, an alias of nothing.
_STRAY = re.compile(r"  |[\r\xa0]| [\t|\n]|[\t|\n] |\|[|\t\n]|\t\|")
_ALIAS = re.compile(r"(?P<weak>~?)(?:(?P<languages>(?:en|fr|de|es)(?:,(?:en|fr|de|es))*):)?(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Alias:
    """A further name. An empty `text` speaks of the entry's own name."""

    text: str
    weak: bool
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `source` is "file:line"."""

    source: str
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


@dataclass(slots=True)
class Table:
    """The good rows of a file and what is wrong with the others, each as "file:line: what is wrong"."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    kinds: frozenset[str] = frozenset()


def read_table(path: Path, columns: tuple[str, ...]) -> Table:
    """The rows of a file that must have exactly these columns. Never raises for what the file says."""
    table = Table()
    seen_header = False
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        table.problems.append(f"{path.name}:1: cannot be read as UTF-8: {error}")
        return table
    clean = not _STRAY.search(text) and unicodedata.is_normalized("NFC", text)  # so that lines need no look each
    for number, line in enumerate(text.split("\n"), 1):
        source = f"{path.name}:{number}"
        if line.startswith("#"):
            if line.startswith(("# kinds:", "# roles:")):
                table.kinds |= frozenset(line.split(":", 1)[1].replace(",", " ").split())
        elif not seen_header and line:
            seen_header = True
            if tuple(line.split("\t")) != columns:
                table.problems.append(f"{source}: the header must be {' '.join(columns)}, separated by tabs")
                return table
        elif line:
            _read_line(table, source, line, columns, clean)
    return table


def _read_line(table: Table, source: str, line: str, columns: tuple[str, ...], clean: bool) -> None:
    cells = line.split("\t")
    if len(cells) != len(columns):
        table.problems.append(f"{source}: {len(cells)} columns instead of {len(columns)}")
        return
    row = Row(source, dict(zip(columns, cells, strict=True)))
    wrong = (None if clean else _wrong_spelling(line)) or _wrong_value(row, table.kinds)
    if wrong:
        table.problems.append(f"{source}: {wrong}")
    else:
        table.rows.append(row)


def _wrong_spelling(line: str) -> str | None:
    if not unicodedata.is_normalized("NFC", line):
        return "is not in Unicode form NFC"
    if _STRAY.search(line + "\n") or line.startswith(" "):
        return "has stray spaces or an empty alias"
    return None


def _wrong_value(row: Row, kinds: frozenset[str]) -> str | None:
    values = row.values
    name, country, kind = values.get("name"), values.get("country"), values.get("kind", values.get("role"))
    if name == "":
        return "has no name"
    if country and country not in country_codes():
        return f"unknown country code {country}"
    if kind is not None and kinds and kind not in kinds:
        return f"unknown kind {kind!r}, the file allows {' '.join(sorted(kinds))}"
    if not (values.get("population") or "0").isdecimal():
        return f"bad population {values['population']!r}"
    if values.get("lat", "") or values.get("lon", ""):
        return _wrong_coordinates(values["lat"], values["lon"])
    return None


def _wrong_coordinates(lat: str, lon: str) -> str | None:
    try:
        good = -90 <= float(lat) <= 90 and -180 <= float(lon) <= 180
    except ValueError:
        good = False
    return None if good else f"bad coordinates {lat!r}, {lon!r}"


@cache
def country_codes() -> frozenset[str]:
    """The codes that the column `country` may have: ISO 3166-1 alpha-2, and a few of former states."""
    return _OTHER_CODES | {code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code)}


def parse_aliases(cell: str) -> tuple[Alias, ...]:
    """The aliases of a cell, separated by `|`."""
    return tuple(_parse_alias(part) for part in cell.split("|")) if cell else ()


def _parse_alias(part: str) -> Alias:
    match = _ALIAS.fullmatch(part)
    assert match is not None  # every text matches
    languages = tuple(match["languages"].split(",")) if match["languages"] else LANGUAGES
    return Alias(match["text"], bool(match["weak"]), languages)
