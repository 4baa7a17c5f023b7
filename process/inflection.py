"""The inflected forms of national adjectives, demonyms and German names, by the regular rules of four languages.

A word whose forms are not regular is written out in the data with a leading `=`, which is taken as it stands.
"""

import re

# English words in -ese, -ish, -ch and -s have one form ("Chinese", "British", "French", "Swiss").
_ENGLISH_INVARIABLE = ("ese", "ish", "ch", "s", "x")

_SPANISH_ENDINGS = (
    ("és", ("és", "esa", "eses", "esas")),
    ("án", ("án", "ana", "anes", "anas")),
    ("ón", ("ón", "ona", "ones", "onas")),
    ("ol", ("ol", "ola", "oles", "olas")),
    ("o", ("o", "a", "os", "as")),
    ("í", ("í", "íes", "ís")),
    ("e", ("e", "es")),
    ("a", ("a", "as")),
)

_GERMAN_ADJECTIVE = re.compile(
    r"^(?:\w*isch|Vereinigt|Rot|Schwarz|Weiß|Tot|Gelb|Blau|Groß|Klein|Still|Nah|Mittler|Fern|Heilig|Golden|Hoh)"
    r"(?=(?:e|er|es|en|em)\b)"
)
_GERMAN_NO_GENITIVE = ("s", "x", "z", "ß", "S", "X", "Z")


def inflect(language: str, word: str) -> tuple[str, ...]:
    """All forms of an adjective or demonym given in its base form (masculine singular, or a German stem)."""
    if word.startswith("="):
        return (word[1:],)
    return _RULES[language](word)


def _english(word: str) -> tuple[str, ...]:
    return (word,) if word.endswith(_ENGLISH_INVARIABLE) else (word, word + "s")


def _french(word: str) -> tuple[str, ...]:
    if word.endswith("e"):
        return word, word + "s"
    feminine = word + ("ne" if word.endswith(("en", "on")) else "e")
    plural = word if word.endswith(("s", "x")) else word + "s"
    return word, plural, feminine, feminine + "s"


def _german(word: str) -> tuple[str, ...]:
    if word[0].islower():
        return tuple(word + ending for ending in ("", "e", "en", "er", "es", "em"))
    if word.endswith("e"):
        stem = word[:-1]
        return word, word + "n", stem + "in", stem + "innen"
    if word.endswith("er"):
        return tuple(word + ending for ending in ("", "s", "n", "in", "innen"))
    return word, word + "s"


def _spanish(word: str) -> tuple[str, ...]:
    for ending, forms in _SPANISH_ENDINGS:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            return tuple(stem + form for form in forms)
    return word, word + "s"


_RULES = {"en": _english, "fr": _french, "de": _german, "es": _spanish}


def german_cases(name: str) -> tuple[str, ...]:
    """A German name with its genitive and, where it begins with an adjective, all endings of that.

    "Russland" gives "Russlands"; "Rotes Meer" gives "Rote Meer", "Roten Meeres" and so on.
    """
    forms = [name]
    adjective = _GERMAN_ADJECTIVE.match(name) if " " in name else None
    if adjective:
        rest = re.sub(r"^\w+", "", name[adjective.end() :])
        forms = [name, *(adjective[0] + ending + rest for ending in ("e", "en", "er", "es", "em"))]
        if name.endswith("Meer"):
            forms.append(adjective[0] + "en" + rest + "es")
    elif len(name) > 3 and name[-1].islower() and not name.endswith(_GERMAN_NO_GENITIVE):
        forms.append(name + "s")
    return tuple(dict.fromkeys(forms))
