"""The gazetteer: names of one thing in four languages, namesakes, malformed tables."""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import copytree

import pytest

from ingest.errors import WirewatchError
from process.gazetteer import DATA, Gazetteer, problems
from process.gazetteer_data import LANGUAGES, country_codes
from process.gazetteer_entry import Form, fold
from process.geonames import table


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tables, of the longest only the head."""
    copy = Path(copytree(DATA, tmp_path / "gazetteer"))
    for name in ("persons.tsv", "organisations.tsv", "vessels.tsv", "geonames.tsv"):
        lines = (copy / name).read_text(encoding="utf-8").splitlines(keepends=True)
        header = next(number for number, line in enumerate(lines) if not line.startswith("#"))
        (copy / name).write_text("".join(lines[: header + 1]), encoding="utf-8")
    return copy


@cache
def by_text(gazetteer: Gazetteer, language: str) -> dict[str, list[Form]]:
    found: dict[str, list[Form]] = defaultdict(list)
    for form in gazetteer.forms(language):
        found[fold(form.text)].append(form)
    return found


def forms(gazetteer: Gazetteer, language: str, text: str) -> list[Form]:
    return by_text(gazetteer, language).get(fold(text), [])


def strong(gazetteer: Gazetteer, language: str, text: str) -> Iterator[str]:
    return (form.entry.name for form in forms(gazetteer, language, text) if not form.weak)


def append(folder: Path, file: str, line: str) -> int:
    """The number of the line that was added."""
    path = folder / file
    text = path.read_text(encoding="utf-8") + line + "\n"
    path.write_text(text, encoding="utf-8")
    return text.count("\n")


def test_the_tables_have_no_malformed_line() -> None:
    assert problems() == []


def test_the_validator_is_a_command() -> None:
    ran = subprocess.run([sys.executable, "-m", "process.gazetteer"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("names", "canonical"),
    [
        ("Pékin Peking Pekín Beijing PEKIN", "Beijing"),
        ("Moscou Moskau Moscú Moscow", "Moscow"),
        ("Kiev Kiew Kyiv", "Kyiv"),
        ("Charkiw Járkov Kharkov", "Kharkiv"),
        ("Varsovie Warschau Varsovia", "Warsaw"),
        ("Birmanie Birma Burma Birmania", "Myanmar"),
        ("Elfenbeinküste", "Ivory Coast"),
        ("EEUU USA U.S. EE.UU.", "United States"),
        ("Poutine Putin", "Vladimir Putin"),
        ("Taiwanstraße", "Taiwan Strait"),
        ("RDC", "Democratic Republic of the Congo"),
    ],
)
def test_one_thing_has_one_name_in_every_language(gazetteer: Gazetteer, names: str, canonical: str) -> None:
    for name in names.split():
        assert gazetteer.resolve(name)[0] == canonical


def test_names_of_several_words_resolve_whatever_their_quotes_and_accents(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve("cote d’ivoire") == ("Ivory Coast",)
    assert gazetteer.resolve("détroit d'Ormuz") == gazetteer.resolve("estrecho de Ormuz") == ("Strait of Hormuz",)
    assert gazetteer.resolve("MER DE CHINE ORIENTALE") == ("East China Sea",)


def test_an_unknown_name_resolves_to_nothing(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve("Xyzzyburg") == ()


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("fr", "chinoises", "China"),
        ("fr", "turques", "Turkey"),
        ("fr", "coréenne", "South Korea"),
        ("fr", "saoudien", "Saudi Arabia"),
        ("de", "chinesischen", "China"),
        ("de", "Französinnen", "France"),
        ("de", "Briten", "United Kingdom"),
        ("de", "Russlands", "Russia"),
        ("es", "estadounidenses", "United States"),
        ("es", "alemanas", "Germany"),
        ("es", "iraníes", "Iran"),
        ("es", "francesa", "France"),
        ("en", "Ukrainians", "Ukraine"),
        ("en", "Dutch", "Netherlands"),
    ],
)
def test_adjectives_and_demonyms_stand_for_their_country(
    gazetteer: Gazetteer, language: str, text: str, country: str
) -> None:
    assert forms(gazetteer, language, text)[0].entry.name == country


def test_the_first_part_of_a_hyphenated_adjective_is_a_prefix(gazetteer: Gazetteer) -> None:
    assert [(form.entry.name, form.kind) for form in forms(gazetteer, "fr", "sino")] == [("China", "prefix")]


def test_german_names_that_begin_with_an_adjective_have_its_endings(gazetteer: Gazetteer) -> None:
    for text in ("Südchinesischen Meer", "Südchinesische Meer", "Schwarzen Meeres", "Vereinigten Staaten"):
        assert list(strong(gazetteer, "de", text)), text


def test_every_country_has_a_name_a_place_and_an_adjective_in_each_language(gazetteer: Gazetteer) -> None:
    countries = [entry for entry in gazetteer.entries if entry.kind == "country"]
    assert len(countries) == 197
    for entry in countries:
        assert entry.location, entry.name
        for language in LANGUAGES:
            assert list(strong(gazetteer, language, entry.name)) or forms(gazetteer, language, entry.name), entry.name


def test_the_capital_of_every_country_is_known_with_its_place(gazetteer: Gazetteer) -> None:
    capitals = {entry.country: entry for entry in gazetteer.entries if entry.kind == "capital"}
    assert capitals["CN"].name == "Beijing"
    assert all(entry.location for entry in capitals.values())
    city_states = {"VA", "MC", "SM", "SG", "LU", "DJ"}
    countries = {entry.country for entry in gazetteer.entries if entry.kind == "country"}
    assert countries - city_states - set(capitals) == set()


def test_namesakes_are_all_there_and_the_likeliest_comes_first(gazetteer: Gazetteer) -> None:
    found = [form for form in forms(gazetteer, "en", "Georgia") if form.entry.label == "GPE"]
    assert [form.entry.country for form in found] == ["GE", "US"]
    assert [form.weak for form in found] == [False, True]
    tripolis = {form.entry.country for form in forms(gazetteer, "en", "Tripoli") if form.entry.label == "GPE"}
    assert {"LY", "LB"} <= tripolis


@pytest.mark.parametrize("text", ["Nancy", "Tours", "Reading", "Victoria", "Orange", "Batman", "Mobile", "Essen"])
def test_towns_named_like_words_or_persons_are_weak(gazetteer: Gazetteer, text: str) -> None:
    assert all(form.weak for form in forms(gazetteer, "en", text))


def test_mexico_is_the_city_in_french_and_the_country_in_english(gazetteer: Gazetteer) -> None:
    assert next(strong(gazetteer, "fr", "Mexico")) == "Mexico City"
    assert next(strong(gazetteer, "en", "Mexico")) == "Mexico"


def test_a_ship_is_sure_with_its_prefix_and_weak_without(gazetteer: Gazetteer) -> None:
    assert list(strong(gazetteer, "en", "USS Abraham Lincoln")) == ["Abraham Lincoln"]
    assert list(strong(gazetteer, "fr", "FS Charles de Gaulle")) == ["Charles de Gaulle"]
    ships = [form for form in forms(gazetteer, "fr", "Charles de Gaulle") if form.entry.label == "VESSEL"]
    assert [form.weak for form in ships] == [True]


def test_a_surname_is_a_weak_short_form(gazetteer: Gazetteer) -> None:
    found = [form for form in forms(gazetteer, "en", "von der Leyen") if form.entry.label == "PERSON"]
    assert found
    wang = [form for form in forms(gazetteer, "en", "Wang") if form.entry.name == "Wang Yi"]
    assert [form.weak for form in wang] == [True]


def test_entries_are_found_by_name_label_and_code(gazetteer: Gazetteer) -> None:
    taiwan = gazetteer.entry("Taiwan", "GPE")
    assert taiwan is not None
    assert gazetteer.country("TW") is taiwan
    assert gazetteer.entry("Taiwan", "LOC") is None
    strait = gazetteer.entry("Taiwan Strait", "LOC")
    assert strait is not None
    assert strait.source.startswith("places.tsv:")
    assert strait.location is not None
    assert 22 < strait.location.lat < 27


def test_cities_stand_in_their_country(gazetteer: Gazetteer) -> None:
    kharkiv = gazetteer.entry("Kharkiv", "GPE")
    assert kharkiv is not None
    assert kharkiv.location is not None
    assert (kharkiv.country, round(kharkiv.location.lat), round(kharkiv.location.lon)) == ("UA", 50, 36)


def test_the_tables_are_as_wide_as_promised(gazetteer: Gazetteer) -> None:
    count = {label: sum(entry.label == label for entry in gazetteer.entries) for label in ("LOC", "VESSEL", "GPE")}
    assert count["LOC"] >= 500
    assert count["VESSEL"] >= 400
    assert count["GPE"] >= 7000


def test_the_table_of_geonames_is_what_its_program_makes() -> None:
    assert (DATA / "geonames.tsv").read_text(encoding="utf-8") == "".join(table())


def test_fold_leaves_out_marks_case_ligatures_and_typographic_signs() -> None:
    assert fold("Łódź–Nukuʻalofa’s ŒUVRE Straße") == "lodz-nuku'alofa's oeuvre strasse"


def test_country_codes_include_former_states_and_kosovo() -> None:
    assert {"FR", "XK", "SU"} <= country_codes()
    assert "XX" not in country_codes()


@pytest.mark.parametrize(
    ("file", "line", "wrong"),
    [
        ("cities.tsv", "Xtown\tFR\tcity\t1.0\t2.0\t5", "6 columns instead of 7"),
        ("cities.tsv", "Xtown\tQQ\tcity\t1.0\t2.0\t5\t", "unknown country code QQ"),
        ("cities.tsv", "Xtown\tFR\tcity\t91\t2.0\t5\t", "bad coordinates '91', '2.0'"),
        ("cities.tsv", "Xtown\tFR\tcity\tnorth\t2.0\t5\t", "bad coordinates 'north', '2.0'"),
        ("cities.tsv", "Xtown\tFR\tcity\t1.0\t2.0\tmany\t", "bad population 'many'"),
        ("cities.tsv", "Xtown\tFR\thamlet\t1.0\t2.0\t5\t", "unknown kind 'hamlet', the file allows city"),
        ("cities.tsv", "Xtown \tFR\tcity\t1.0\t2.0\t5\t", "has stray spaces or an empty alias"),
        ("cities.tsv", "Xtown\tFR\tcity\t1.0\t2.0\t5\tXville||Xstadt", "has stray spaces or an empty alias"),
        ("cities.tsv", "Xe\u0301town\tFR\tcity\t1.0\t2.0\t5\t", "is not in Unicode form NFC"),
        ("cities.tsv", "\tFR\tcity\t1.0\t2.0\t5\t", "has no name"),
        ("demonyms.tsv", "Atlantis\tAtlantean\t\t\t", "no country, region or place 'Atlantis'"),
    ],
)
def test_a_malformed_line_is_named_with_file_and_line(folder: Path, file: str, line: str, wrong: str) -> None:
    number = append(folder, file, line)
    assert problems(folder) == [f"{file}:{number}: {wrong}"]
    with pytest.raises(WirewatchError, match=f"{file}:{number}: "):
        Gazetteer.load(folder)


def test_an_alias_claimed_by_two_entries_must_be_marked(folder: Path) -> None:
    number = append(folder, "places.tsv", "Xsea\t\tsea\t1\t2\t\tfr:mer Noire")
    (problem,) = problems(folder)
    assert problem.startswith(f"places.tsv:{number}: 'mer Noire' already stands for Black Sea in places.tsv:")
    append(folder, "places.tsv", "Ysea\t\tsea\t1\t2\t\t~fr:mer Rouge")
    assert len(problems(folder)) == 1


def test_an_entry_given_twice_is_named(folder: Path) -> None:
    number = append(folder, "cities.tsv", "Kyiv\tUA\tcity\t50\t30\t5\t")
    assert any(
        problem.startswith(f"cities.tsv:{number}: Kyiv is already in cities.tsv:") for problem in problems(folder)
    )


def test_a_missing_table_or_header_is_named(folder: Path) -> None:
    (folder / "vessels.tsv").write_text("name\tkind\n", encoding="utf-8")
    assert problems(folder)[0] == "vessels.tsv:1: the header must be name country kind aliases, separated by tabs"
    (folder / "vessels.tsv").unlink()
    assert problems(folder)[0].startswith("vessels.tsv:1: cannot be read as UTF-8: ")


def test_a_weak_form_of_one_language_leaves_the_others_alone(folder: Path) -> None:
    append(folder, "cities.tsv", "Xtown\tFR\tcity\t1\t2\t5\t~en:|de,es:Xstadt")
    gazetteer = Gazetteer.load(folder)
    assert [form.weak for form in forms(gazetteer, "en", "Xtown")] == [True]
    assert [form.weak for form in forms(gazetteer, "fr", "Xtown")] == [False]
    assert [form.entry.name for form in forms(gazetteer, "es", "Xstadt")] == ["Xtown"]
    assert forms(gazetteer, "fr", "Xstadt") == []
