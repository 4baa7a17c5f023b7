"""A lexicon that cannot be used says so with file and line."""

from importlib.resources import files

import pytest

from process.lexicon import LexiconError, compile_lexicon, languages, load_event_types, load_lexicon
from process.validate import main, problems

LEXICONS = files("process").joinpath("data", "lexicon")
ENGLISH = LEXICONS.joinpath("en.toml").read_text(encoding="utf-8")
GERMAN = LEXICONS.joinpath("de.toml").read_text(encoding="utf-8")


def _line_of(text: str, piece: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if piece in line)


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ('"~test-fire|@nothing"', "no list 'nothing'"),
        ('"~test-fire ..."', "ends with a word"),
        ('".. missile"', "begins with a word"),
        ('"missile = maybe"', "'maybe' is no status"),
        ('"missile <GALAXY>"', "<GALAXY> is no class"),
    ],
)
def test_a_malformed_pattern_is_named_with_file_and_line(broken: str, complaint: str) -> None:
    text = ENGLISH.replace("missile_launch = [\n", f"missile_launch = [\n  {broken},\n")
    with pytest.raises(LexiconError) as error:
        compile_lexicon(text, "en.toml", load_event_types())
    assert str(error.value).startswith(f"en.toml:{_line_of(text, broken.strip(chr(34)))}: ")
    assert complaint in str(error.value)


def test_an_unknown_event_type_is_named_with_file_and_line() -> None:
    text = ENGLISH + '\nmoon_landing = ["moon"]\n'
    with pytest.raises(LexiconError, match=rf"en\.toml:{_line_of(text, 'moon_landing')}: unknown event type"):
        compile_lexicon(text, "en.toml", load_event_types())


def test_a_missing_list_is_named() -> None:
    text = "\n".join(line for line in ENGLISH.split("\n") if not line.startswith("waters = "))
    with pytest.raises(LexiconError, match="the list 'waters' is missing"):
        compile_lexicon(text, "en.toml", load_event_types())


def test_broken_toml_is_named_with_its_file() -> None:
    with pytest.raises(LexiconError, match=r"xx\.toml: "):
        compile_lexicon("language = ", "xx.toml", load_event_types())


def test_every_language_has_triggers_for_all_types() -> None:
    types = load_event_types()
    assert len(types) == 35
    assert languages() == ("de", "en", "es", "fr")
    assert all(load_lexicon(language, types).events == types.keys() for language in languages())


def test_the_language_data_shipped_is_sound() -> None:
    assert list(problems()) == []
    assert main() == 0


def test_a_form_is_no_verb() -> None:
    text = ENGLISH.replace("\ncancelled = [", '\ncancelled = ["~called", ', 1)
    with pytest.raises(LexiconError, match="`~called` is a form of 'call'"):
        compile_lexicon(text, "en.toml", load_event_types())


def test_a_malformed_verb_that_no_pattern_uses_is_named_with_file_and_line() -> None:
    text = ENGLISH.replace("[verbs]\n", '[verbs]\nunheard = "past"\n', 1)
    with pytest.raises(LexiconError, match=rf"en\.toml:{_line_of(text, 'unheard = ')}: "):
        compile_lexicon(text, "en.toml", load_event_types())
