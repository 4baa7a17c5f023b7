"""How text becomes words, for articles and queries alike: split, fold, stem.

Text is split at whatever is neither letter nor digit; French elision (l', qu') is dropped. Words are folded (case,
accents, ligatures: « Manœuvres » is manoeuvres) and then stemmed by Snowball (https://snowballstem.org), so that an
accent left out changes nothing. Languages without a stemmer here are OTHER, folded only; where they write no blanks
(Chinese, Japanese, Thai), every character is a word, so that a query's characters are found wherever they stand side
by side. PLAIN, for names and prefixes, folds only.
"""

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import tantivy
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

OTHER = "other"
PLAIN = "plain"
STEMMERS: Mapping[str, str] = MappingProxyType({"de": "german", "en": "english", "es": "spanish", "fr": "french"})
LANGUAGES = (*STEMMERS, OTHER)

_LONGEST = 200  # bytes; longer "words" are data: base64, hashes, addresses
_KNOWN_STEMS = 100_000
_NO_BLANKS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD_OR_CHARACTER = rf"[{_NO_BLANKS}]|[\p{{Alphabetic}}\p{{N}}&&[^{_NO_BLANKS}]]+"
_ELISION = re.compile(
    r"(?<![^\W_])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)['’ʼ](?=[^\W_])", re.IGNORECASE
)


class Token(NamedTuple):
    """A word as the index knows it: its place among the words, and its code points [start, end) in the clean text."""

    text: str
    position: int
    start: int
    end: int


def analysis_language(language: str) -> str:
    """The language whose analysis serves a text: its own where there is a stemmer, else OTHER."""
    return language if language in STEMMERS else OTHER


@cache
def analyzer(language: str) -> TextAnalyzer:
    """The analyzer of one of LANGUAGES or PLAIN. It expects clean text."""
    splitter = Tokenizer.regex(_WORD_OR_CHARACTER) if language == OTHER else Tokenizer.simple()
    # Folding comes first: lower-casing a Turkish İ before would leave a stray combining dot.
    chain = TextAnalyzerBuilder(splitter).filter(Filter.remove_long(_LONGEST)).filter(Filter.ascii_fold())
    chain = chain.filter(Filter.lowercase())
    if language in STEMMERS:
        chain = chain.filter(Filter.stemmer(STEMMERS[language]))
    return chain.build()


def clean(text: str, language: str) -> str:
    """The text as analyzers take it: composed (NFC), French elided articles blanked out. Blanks keep the length."""
    text = unicodedata.normalize("NFC", text)
    if language == "fr":
        return _ELISION.sub(lambda match: " " * len(match[0]), text)
    return text


def tokens(text: str, language: str) -> list[Token]:
    """The words of a text in one of LANGUAGES or PLAIN. Offsets count in `clean(text, language)`."""
    return [_token(each) for each in analyzer(language).pre_tokenize(clean(text, language)).tokens]


def occurrences(text: str, language: str, wanted: Container[str]) -> list[Token]:
    """Those of the tokens whose text is wanted. Several times faster than picking them from all of them."""
    found = analyzer(language).pre_tokenize(clean(text, language)).tokens
    return [_token(each) for each in found if each.text in wanted]


def folded_words(text: str) -> list[str]:
    """The words of a text, folded and not stemmed: for names and for prefixes."""
    return analyzer(PLAIN).analyze(clean(text, PLAIN))


def stemmed(folded: Sequence[str], language: str) -> list[str]:
    """Words that are folded already, as one of STEMMERS leaves them. Faster than `tokens`, since words come again."""
    stems = _stems(language)
    if len(stems) > _KNOWN_STEMS:
        stems.clear()
    return list(map(stems.__getitem__, folded))


class _Stems(dict[str, str]):
    """The stems of the words met so far."""

    def __init__(self, language: str) -> None:
        self._stemmer = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stemmer(STEMMERS[language])).build()

    def __missing__(self, word: str) -> str:
        stem = self[word] = str(self._stemmer.analyze(word)[0])
        return stem


@cache
def _stems(language: str) -> _Stems:
    return _Stems(language)


def _token(token: tantivy.Token) -> Token:
    return Token(token.text, token.position, token.char_offset_from, token.char_offset_to)
