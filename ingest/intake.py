"""From the entries of a feed to the log: only what is new or has changed, and each article from one feed only."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog

from ingest.article import Article
from ingest.log.port import ARTICLES, Log, Message, RecordTooLarge
from ingest.state import FeedStore, Seen

events = structlog.get_logger(__name__, stage="poller")

Enrich = Callable[[Article], Article]
"""Gives an article its full text, under another id where its page names another address; never raises."""

_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Intake:
    """How many articles went to the log. Not `complete` when it was stopped before the last entry."""

    new: int = 0
    changed: int = 0
    complete: bool = True


def as_it_is(article: Article) -> Article:
    """Without full text: what the feed says is the article."""
    return article


class Intaker:
    """Takes articles in. Appending comes before remembering, so that a crash repeats an article and never loses one."""

    def __init__(self, log: Log, store: FeedStore, enrich: Enrich = as_it_is) -> None:
        self._log = log
        self._store = store
        self._enrich = enrich
        self._taking = threading.Lock()  # two feeds with the same article must not both find it new

    def take(self, feed: str, entries: Sequence[Article], stop: threading.Event) -> Intake:
        """Append what the feed has that is new or changed. Raises Unavailable; what was appended till then stays."""
        new = changed = 0
        seen = self._store.seen([entry.id for entry in entries])
        wanted = [entry for entry in entries if _is_wanted(feed, entry, seen)]
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            pairs = list(self._enriched(some, stop))
            fresh, again = self._append(feed, pairs)
            new, changed = new + fresh, changed + again
            if len(pairs) < len(some):
                return Intake(new, changed, complete=False)
        return Intake(new, changed)

    def _enriched(self, entries: Sequence[Article], stop: threading.Event) -> Iterator[tuple[Article, Article]]:
        """Each entry with the article that it becomes, until stopped."""
        for entry in entries:
            if stop.is_set():
                return
            yield entry, self._enrich(entry)

    def _append(self, feed: str, pairs: Sequence[tuple[Article, Article]]) -> tuple[int, int]:
        """Append the articles that no other feed owns and remember the entries. Returns how many: new, changed."""
        with self._taking:
            seen = self._store.seen([article.id for pair in pairs for article in pair])
            taken: dict[str, Article] = {}
            marked: list[Article] = []
            for entry, article in pairs:
                if not _is_wanted(feed, entry, seen):
                    continue
                marked.append(entry)
                if article.id == entry.id or _is_wanted(feed, article, seen):
                    taken[article.id] = _first_dated(article, seen)
                    marked.append(entry if article.id == entry.id else article)
            articles = list(taken.values())
            self._write(articles)
            self._store.mark_seen(feed, marked)
        for article in articles:
            events.info("article taken in", article=article.id, feed=feed, new=article.id not in seen)
        again = sum(article.id in seen for article in articles)
        return len(articles) - again, again

    def _write(self, articles: Sequence[Article]) -> None:
        """Append them. Where one is too large for the log, each is appended by itself, its text cut until it fits."""
        try:
            self._log.append([_message(article) for article in articles])
        except RecordTooLarge:
            for article in articles:
                self._write_cut(article)

    def _write_cut(self, article: Article) -> None:
        cut = article
        while True:
            try:
                self._log.append([_message(cut)])
            except RecordTooLarge as error:
                if not cut.text:
                    raise
                events.warning("article too large, its text is cut", article=article.id, error=str(error))
                cut = cut.model_copy(update={"text": cut.text[: len(cut.text) // 2], "truncated": True})
            else:
                return


def _message(article: Article) -> Message:
    return Message(ARTICLES, article.id, article.model_dump_json().encode())


def _is_wanted(feed: str, article: Article, seen: dict[str, Seen]) -> bool:
    """Whether it is new, or the feed's own (or nobody's) and changed."""
    known = seen.get(article.id)
    return known is None or (known.feed in (feed, "") and known.revision != article.revision)


def _first_dated(article: Article, seen: dict[str, Seen]) -> Article:
    """A changed article whose feed gives no good date keeps the time at which it first came."""
    known = seen.get(article.id)
    if known is None or article.published_by == "feed":
        return article
    return article.model_copy(update={"published": known.first_fetched})
