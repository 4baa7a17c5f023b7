"""Which language a text is written in: function words first, letter statistics (py3langid) where they do not decide."""

from collections.abc import Mapping, Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_PRIOR = 1.5
"""What the feed's claim weighs, in function words."""
_CLEAR = 2.0
_SAMPLE = 600
"""Tokens that are looked at."""


@cache
def _statistics() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


class LanguageIdentification:
    """`function` gives each language's commonest small words. A claim ("fr-CA") counts as a hint, never as proof."""

    def __init__(self, function: Mapping[str, frozenset[str]]) -> None:
        self._weights: dict[str, list[tuple[str, float]]] = {}
        for language, words in function.items():
            for word in words:
                self._weights.setdefault(word, []).append((language, 0.0))
        for word, rows in self._weights.items():
            self._weights[word] = [(language, 1.0 / len(rows)) for language, _ in rows]
        self._languages = tuple(function)

    def identify(self, text: str, lower: Sequence[str], claimed: str | None) -> str:
        """ISO 639-1 code; the claim, else "und", where there is nothing to judge by."""
        claim = claimed.split("-")[0].split("_")[0].lower() if claimed else None
        scores = dict.fromkeys(self._languages, 0.0)
        for word in lower[:_SAMPLE]:
            for language, weight in self._weights.get(word, ()):
                scores[language] += weight
        if claim in scores:
            scores[claim] += _PRIOR
        first, second = sorted(scores.values(), reverse=True)[:2]
        dense = first >= 0.12 * min(len(lower), _SAMPLE)
        if dense and first - second >= _CLEAR and first >= 1.5 * second:
            return max(scores, key=lambda language: scores[language])
        return self._by_letters(text, scores, claim)

    def _by_letters(self, text: str, scores: Mapping[str, float], claim: str | None) -> str:
        if not any(letter.isalpha() for letter in text[:2000]):
            return claim or "und"
        ranked = _statistics().rank(text[:2000])
        best, probability = ranked[0]
        if best in scores or probability > 0.9 and max(scores.values()) < 3:
            return str(best)
        return max(scores, key=lambda language: scores[language]) if max(scores.values()) else str(best)
