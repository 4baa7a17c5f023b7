"""The tagger: an article in, its language, entities and events out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ingest.article import Article, revision
from process.entities import NameFinder, entities
from process.events import EventFinder
from process.gazetteer import Gazetteer
from process.language import LanguageIdentification
from process.lexicon import EventType, Lexicon, function_words, languages, load_event_types, load_lexicon
from process.memory import made_to_stay
from process.names import NameIndex
from process.newsworthiness import Array
from process.parties import Verdict
from process.patterns import Match
from process.reader import Reader
from process.tagged import Event, TaggedArticle
from process.telling import Seen
from process.tokens import Spellings, in_sentences, tokenize
from process.trained import trained_names
from process.unknown import GivenNames, UnknownNames

TEXT_LIMIT = 1_000_000
"""Characters of a text that are tagged; what follows is kept and searchable, untagged."""
_NEUTRAL = "en"
"""Whose rules find names in languages without a lexicon."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that tags one language."""

    lexicon: Lexicon
    names: NameFinder
    events: EventFinder


class Tagger:
    """Tags articles. Keeps nothing from one article to the next but bounded caches; for one thread."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._spellings = Spellings()
        self._reader = Reader.load()
        self._types: dict[str, EventType] = load_event_types()
        self._languages = frozenset(languages())
        self._language = LanguageIdentification({language: function_words(language) for language in languages()})
        self._given_names = GivenNames.load()
        self._rules: dict[str, Rules] = {}

    @classmethod
    def load(cls) -> "Tagger":
        """With the gazetteer shipped, and each language's lexicon from its first article on.

        Raises WirewatchError where the gazetteer is malformed.
        """
        with made_to_stay():
            return cls(Gazetteer.load())

    def tag(self, article: Article, now: datetime) -> TaggedArticle:
        """The article with its tags; `now` is noted as the time it was tagged."""
        title = tokenize("title", article.title[:TEXT_LIMIT], self._spellings)
        text = tokenize("text", article.text[:TEXT_LIMIT], self._spellings)
        language = self._language.identify(
            f"{article.title}\n{article.text[:2000]}", [*title.lower, *text.lower], article.language
        )
        rules = self._rules_for(language if language in self._languages else _NEUTRAL)
        named = rules.names.find([in_sentences(tokens, rules.lexicon.stops) for tokens in (title, text)])
        events: tuple[Event, ...] = ()
        if language in self._languages:
            events = rules.events.find(named, article.published.date())
        return TaggedArticle(
            article=article,
            language=language,
            entities=entities(named),
            events=events,
            tagged=now,
        )

    def tag_text(
        self,
        id: str,  # noqa: A002 - the field's name in the records
        title: str,
        text: str,
        published: datetime | None = None,
        language: str | None = None,
        url: str | None = None,
    ) -> TaggedArticle:
        """Tag a bare text, as `wirewatch tag` does. Without `published`, dates resolve against today."""
        now = datetime.now(UTC)
        article = Article(
            id=id,
            revision=revision(title, text),
            url=url,
            guid=None,
            source="",
            feed="",
            title=title,
            text=text,
            language=language,
            published=published or now,
            published_by="feed" if published else "fetched",
            fetched=now,
        )
        return self.tag(article, now)

    def seen(self, language: str, text: str, published: date) -> list[Seen]:
        """What the rules see in each sentence of a text: what the reader is trained with."""
        rules = self._rules_for(language)
        tokens = in_sentences(tokenize("text", text, self._spellings), rules.lexicon.stops)
        return rules.events.seen(rules.names.find([tokens]), published)

    def known(self, language: str, title: str, text: str) -> Array:
        """What is known of whether an article reports anything: what `Newsworthiness` is trained with."""
        rules = self._rules_for(language)
        parts = (tokenize("title", title, self._spellings), tokenize("text", text, self._spellings))
        return rules.events.known(rules.names.find([in_sentences(one, rules.lexicon.stops) for one in parts]))

    def verdicts(self, language: str, seen: Seen, match: Match, published: date) -> Sequence[Verdict]:
        """What the rules say of who takes part in what some words of a sentence tell, of each of its names."""
        return self._rules_for(language).events.verdicts(seen, match, published)

    def _rules_for(self, language: str) -> Rules:
        if language not in self._rules:
            with made_to_stay():
                self._rules[language] = self._load(language)
        return self._rules[language]

    def _load(self, language: str) -> Rules:
        lexicon = load_lexicon(language, self._types)
        index = NameIndex(self._gazetteer.forms(language), self._spellings)
        names = NameFinder(lexicon, index, UnknownNames(lexicon, self._given_names), trained_names(language))
        events = EventFinder(lexicon, self._types, self._gazetteer.country, self._gazetteer.capital, self._reader)
        return Rules(lexicon, names, events)
