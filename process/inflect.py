"""Verb forms as news prose uses them: third person, with the tense that each form shows.

Regular verbs follow the rules below; irregular ones, and forms that differ, stand in the lexicon's [verbs] table.
Tenses: inf (infinitive), pres, past, fut, cond (conditional, and the subjunctive used for it), part (past
participle), ger.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

TENSES = ("inf", "pres", "past", "fut", "cond", "part", "ger")
Forms = dict[str, frozenset[str]]
Paradigm = dict[str, str]  # tense -> forms parted by spaces
NO_TENSES: frozenset[str] = frozenset()


def forms(paradigm: Mapping[str, str]) -> Forms:
    """Each form with all tenses it can be."""
    found: dict[str, set[str]] = {}
    for tense, listed in paradigm.items():
        for form in listed.split():
            found.setdefault(form, set()).add(tense)
    return {form: shared(frozenset(tenses)) for form, tenses in found.items()}


@cache
def shared(tenses: frozenset[str]) -> frozenset[str]:
    """The same tenses, kept in memory once: there are few such sets, and very many words."""
    return tenses


def regular(language: str, infinitive: str) -> Paradigm:
    """The paradigm of a regular verb. Raises ValueError where the infinitive is none of that language."""
    if language not in _RULES:
        raise ValueError(f"there are no verb rules for language {language!r}; list the forms in [verbs]")
    return _RULES[language](infinitive)


def _join(stem: str, endings: str) -> str:
    return " ".join(stem + ending.strip("-") for ending in endings.split())


_DOUBLING = re.compile(
    r"[^aeiou]+[aeiou][^aeiouwxy]|(?:ex|re|com|pro|im)pel|rebel|equip|kidnap|(?:per|sub|trans|ad)mit|(?:re|trans|con)fer"
)


def _english(verb: str) -> Paradigm:
    sibilant = verb.endswith(("s", "x", "z", "ch", "sh", "o"))
    consonant_y = verb.endswith("y") and verb[-2:-1] not in "aeiou"
    third = verb[:-1] + "ies" if consonant_y else verb + ("es" if sibilant else "s")
    past = verb[:-1] + "ied" if consonant_y else verb + ("d" if verb.endswith("e") else "ed")
    if _DOUBLING.fullmatch(verb):  # ban, banned
        past, verb_ing = f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing"
        return {"inf": verb, "pres": f"{third} {verb}", "past": past, "part": past, "ger": verb_ing}
    mute_e = verb.endswith("e") and not verb.endswith(("ee", "oe", "ye"))
    return {
        "inf": verb,
        "pres": f"{third} {verb}",
        "past": past,
        "part": past,
        "ger": (verb[:-1] if mute_e else verb) + "ing",
    }


def _french(verb: str) -> Paradigm:
    stem = verb[:-2]
    if verb.endswith("er"):
        soft = stem + "e" if stem.endswith("g") else stem[:-1] + "ç" if stem.endswith("c") else stem
        sharp, future = _french_stems(stem)
        return {
            "inf": verb,
            "pres": _join(sharp, "e ent"),
            "past": f"{_join(soft, 'ait aient a')} {stem}èrent",
            "fut": _join(future, "era eront"),
            "cond": _join(future, "erait eraient"),
            "part": _join(stem, "é ée és ées"),
            "ger": soft + "ant",
        }
    if verb.endswith("ir"):
        return {
            "inf": verb,
            "pres": _join(stem, "it issent"),
            "past": _join(stem, "issait issaient it irent"),
            "fut": _join(stem, "ira iront"),
            "cond": _join(stem, "irait iraient"),
            "part": _join(stem, "i ie is ies"),
            "ger": stem + "issant",
        }
    if verb.endswith("re"):
        return {
            "inf": verb,
            "pres": f"{stem} {stem}ent",
            "past": _join(stem, "ait aient it irent"),
            "fut": _join(stem, "ra ront"),
            "cond": _join(stem, "rait raient"),
            "part": _join(stem, "u ue us ues"),
            "ger": stem + "ant",
        }
    raise ValueError(f"{verb!r} is no French infinitive (-er, -ir, -re)")


def _french_stems(stem: str) -> tuple[str, str]:
    """Of -er verbs, the stems before a mute e and of the future: "lèv" and "lèv", "libèr" and "libér", "déploi"."""
    if stem.endswith(("oy", "uy")):
        return stem[:-1] + "i", stem[:-1] + "i"
    if stem[-2:-1] in ("é", "e") and stem[-1:] not in "xz" and stem[-2:] != "er":
        sharp = stem[:-2] + "è" + stem[-1]
        return sharp, sharp if stem[-2] == "e" else stem
    return stem, stem


def _spanish(verb: str) -> Paradigm:
    verb = verb.removesuffix("se")
    stem = verb[:-2]
    if verb.endswith("ar"):
        soft = {"c": stem[:-1] + "qu", "g": stem + "u", "z": stem[:-1] + "c"}.get(stem[-1:], stem)
        return {
            "inf": f"{verb} {verb}se {verb}lo {verb}la {verb}los",
            "pres": _join(stem, "a an"),
            "past": _join(stem, "ó aron aba aban"),
            "fut": _join(stem, "ará arán"),
            "cond": f"{_join(stem, 'aría arían ara aran ase')} {_join(soft, 'e en')}",
            "part": _join(stem, "ado ada ados adas"),
            "ger": f"{stem}ando {stem}ándose",
        }
    if verb.endswith(("er", "ir", "ír")):
        theme = verb[-2]
        return {
            "inf": f"{verb} {verb}se {verb}lo {verb}la {verb}los",
            "pres": _join(stem, "e en"),
            "past": _join(stem, "ió ieron ía ían"),
            "fut": _join(stem + theme, "rá rán"),
            "cond": f"{_join(stem + theme, 'ría rían')} {_join(stem, 'a an iera ieran')}",
            "part": _join(stem, "ido ida idos idas"),
            "ger": f"{stem}iendo {stem}iéndose",
        }
    raise ValueError(f"{verb!r} is no Spanish infinitive (-ar, -er, -ir)")


_NEEDS_E = re.compile(r"(?:[td]|(?:ch|[bdfgkpst])[mn])$")  # "rechnete", "ordnete", "atmete", but "warnte", "wohnte"
_UNSTRESSED = ("be", "ver", "er", "ent", "zer", "ge", "miss", "über", "unter", "wider")


def _german(verb: str) -> Paradigm:
    if not verb.endswith("n"):
        raise ValueError(f"{verb!r} is no German infinitive (-en, -n)")
    stem = verb[:-2] if verb.endswith("en") else verb[:-1]
    link = "e" if _NEEDS_E.search(stem) else ""
    prefix = "" if stem.startswith(_UNSTRESSED) or verb.endswith("ieren") else "ge"
    participle = f"{prefix}{stem}{link}t"
    return {
        "inf": verb,
        "pres": f"{stem}{link}t {verb}",
        "past": f"{stem}{link}te {stem}{link}ten",
        "part": participle + " " + _join(participle, "e en er es em"),
        "ger": _join(verb, "d de den der des dem"),
    }


_RULES: dict[str, Callable[[str], Paradigm]] = {"en": _english, "fr": _french, "es": _spanish, "de": _german}
