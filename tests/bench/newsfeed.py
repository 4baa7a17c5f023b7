"""Articles made up by lot in four languages, about a hundred words each, as feeds to measure with."""

import random
from collections.abc import Iterator
from html import escape

from tests.end_to_end.desk import item, rss

PER_FEED = 500

_NAMES = {
    "en": ("Vladimir Putin", "Xi Jinping", "Emmanuel Macron", "Olaf Scholz", "NATO", "Russia", "China", "France"),
    "fr": ("Vladimir Poutine", "Xi Jinping", "Emmanuel Macron", "Olaf Scholz", "OTAN", "Russie", "Chine", "France"),
    "de": ("Wladimir Putin", "Xi Jinping", "Emmanuel Macron", "Olaf Scholz", "NATO", "Russland", "China", "Frankreich"),
    "es": ("Vladímir Putin", "Xi Jinping", "Emmanuel Macron", "Olaf Scholz", "OTAN", "Rusia", "China", "Francia"),
}
_EVENTS = {
    "en": (
        "{0} held a phone call with {1} on Friday.",
        "{0} will visit Moscow in spring, {1} said.",
        "{0} criticised {1}.",
    ),
    "fr": ("{0} a eu vendredi un entretien téléphonique avec {1}.", "{0} se rendra à Moscou au printemps, selon {1}."),
    "de": ("{0} hat am Freitag mit {1} telefoniert.", "{0} wird im Frühjahr nach Moskau reisen, sagte {1}."),
    "es": ("{0} mantuvo el viernes una conversación telefónica con {1}.", "{0} visitará Moscú en primavera, dijo {1}."),
}
_WORDS = {
    "en": "the of and to in a is that for it was on as with his they be at one have this from or had by but some what "
    "there we out other were all your when up use word how said an each she which their time will way about many then",
    "fr": "le de un et être il avoir ne pas pour dans ce qui une sur se plus pouvoir par je avec tout faire nous "
    "autre on mais leur ou si avant dire elle devoir deux même prendre aussi celui donner bien où fois vous",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er "
    "dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin "
    "sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué",
}
_STEMS = ("harbour", "marché", "Regierung", "gobierno", "report", "navire", "Haushalt", "puerto", "council", "élection")


def feeds(articles: int, seed: int = 1) -> Iterator[str]:
    """Feeds of up to 500 articles, each feed in one language."""
    chance = random.Random(seed)
    for start in range(0, articles, PER_FEED):
        language = tuple(_WORDS)[start // PER_FEED % len(_WORDS)]
        numbers = range(start, min(start + PER_FEED, articles))
        yield rss([_article(number, language, chance) for number in numbers], f"Source {start // PER_FEED}", language)


def _article(number: int, language: str, chance: random.Random) -> str:
    title = f"{chance.choice(_NAMES[language])}: {_words(language, chance, 6)} {number}"
    paragraphs = [_sentence(language, chance)] if chance.random() < 0.5 else []
    paragraphs += [
        f"{_words(language, chance, 7)} {chance.choice(_NAMES[language])} {_words(language, chance, 6)}.".capitalize()
        for _ in range(6)
    ]
    chance.shuffle(paragraphs)
    return item(f"made-{number}", escape(title), escape(" ".join(paragraphs)))


def _sentence(language: str, chance: random.Random) -> str:
    return chance.choice(_EVENTS[language]).format(*chance.sample(_NAMES[language], 2))


def _words(language: str, chance: random.Random, count: int) -> str:
    common = _WORDS[language].split()
    rare = [f"{chance.choice(_STEMS)}{chance.randrange(3000)}" for _ in range(count // 3)]
    chosen = [*rare, *chance.choices(common, k=count - len(rare))]
    chance.shuffle(chosen)
    return " ".join(chosen)
