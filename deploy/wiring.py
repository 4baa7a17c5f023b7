"""The map of the house: which part is which backend, and what is handed to whom. No other file names backends.

Each `open_…` gives one part, chosen by its URL in the settings; whoever opens it closes it. `Pipeline` joins all of
them into the whole, as `wirewatch run` needs it:

    feeds ─> poller ──> [articles] ──> tagger ──> [tagged] ──> indexer ──> index ──> web
                                                         └───> alerter ──> outbox ──> mailer

What takes long to load (the tagger, the web server, the extraction of texts) is imported where it is made, so that a
command which needs none of it starts quickly.
"""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urlsplit

from deploy.audit import audit
from deploy.settings import Settings
from index.alerts.alerter import Alerter
from index.alerts.database import AlertDatabase
from index.alerts.history import AlertHistory
from index.alerts.local_history import LocalHistory
from index.alerts.local_rules import LocalRules
from index.alerts.mail import Composer
from index.alerts.maildir import MaildirTransport
from index.alerts.mailer import Mailer, MailObserver
from index.alerts.matcher import Matcher
from index.alerts.outbox import Outbox
from index.alerts.publisher import Publisher
from index.alerts.remembered_rules import RememberedRules
from index.alerts.rule_store import RuleStore
from index.alerts.smtp import SmtpServer, SmtpTransport
from index.alerts.transport import Transport
from index.indexer import Indexer
from index.local import LocalIndex
from index.port import SearchIndex
from index.query import NameResolver, parse
from index.stories import Stories
from ingest.clock import utc_now
from ingest.feed import Feed
from ingest.fetch import Fetcher, Timeouts
from ingest.intake import Intaker
from ingest.log.kafka import KafkaLog
from ingest.log.kafka_address import KafkaAddress
from ingest.log.kafka_topics import TopicSettings
from ingest.log.port import ARTICLES, TAGGED, Log
from ingest.log.sqlite import SqliteLog
from ingest.poller import Pace, Poller
from ingest.robots import Robots
from ingest.state import FeedState, FeedStore
from process.consumer import Handler
from process.gazetteer import Gazetteer

if TYPE_CHECKING:
    from fastapi import FastAPI

    from index.elastic.client import ElasticServer


class Closable(Protocol):
    """What must be given back."""

    def close(self) -> None: ...


Closes = TypeVar("Closes", bound=Closable)

STAGES = ("poller", "tagger", "indexer", "alerter", "mailer")
"""Every stage that works by itself, in the order of the flow."""


def open_log(settings: Settings) -> Log:
    """The log: `sqlite:` or `kafka://`."""
    log = settings.log
    if log.url.startswith("kafka:"):
        topics = TopicSettings(log.partitions, log.replication, log.retention, log.cleanup)
        return KafkaLog(KafkaAddress.parse(log.url), settings.name, topics, lease=log.lease)
    return SqliteLog(settings.data / "log.sqlite", partitions=log.partitions, lease=log.lease)


def open_index(settings: Settings) -> SearchIndex:
    """The search index: `tantivy:`, where many may search and one writes, or Elasticsearch at `https:` or `http:`."""
    if not (server := elastic_server(settings)):
        return LocalIndex(settings.data / "index")
    from index.elastic.index import ElasticIndex

    return ElasticIndex(server, settings.name)


def elastic_server(settings: Settings) -> "ElasticServer | None":
    """The Elasticsearch that machines share; None while all is embedded in the data folder."""
    if settings.search.url.startswith("tantivy:"):
        return None
    from index.elastic.client import ElasticServer  # its client takes a third of a second to load

    search = settings.search
    return ElasticServer(search.url, search.api_key, search.ca_file)


def open_feeds(settings: Settings) -> FeedStore:
    """What is known of each feed. Written by the poller and by `wirewatch feeds`."""
    return FeedStore(settings.data / "feeds.sqlite")


def open_alerts(settings: Settings) -> AlertDatabase:
    """What was matched, groups and outbox. Written by alerter and mailer."""
    return AlertDatabase(settings.data / "alerts.sqlite")


def open_transport(settings: Settings) -> Transport:
    """How mails leave: `maildir:`, `smtp:` or `smtps:`."""
    if settings.mail.url.startswith("maildir:"):
        return MaildirTransport(settings.data / "mail")
    return SmtpTransport(SmtpServer.parse(settings.mail.url))


def open_stories(settings: Settings) -> Stories:
    """Which articles are near-duplicates. Written by indexer and alerter."""
    return Stories(settings.data / "stories.sqlite")


@lru_cache(maxsize=1)
def open_names() -> NameResolver:
    """The gazetteer, which knows every name in four languages. Read once."""
    return Gazetteer.load()


def open_rules(settings: Settings, memory: AlertDatabase | None = None) -> RuleStore:
    """The rules of the settings file and those added by command: in alerts.sqlite or, shared, on Elasticsearch.

    `memory` is the alerter's: there it keeps those it last saw, to go on with while Elasticsearch is away.
    """
    if not (server := elastic_server(settings)):
        return RuleStore(LocalRules(open_alerts(settings)), settings.rule)
    from index.elastic.rules import ElasticRules

    shared = ElasticRules(server, settings.name)
    return RuleStore(RememberedRules(shared, memory) if memory else shared, settings.rule)


def open_history(settings: Settings) -> AlertHistory:
    """What was alerted: the outbox itself or, on Elasticsearch, what its publisher tells all machines of it."""
    if not (server := elastic_server(settings)):
        return LocalHistory(open_alerts(settings))
    from index.elastic.history import ElasticHistory

    return ElasticHistory(server, settings.name)


def open_publisher(settings: Settings, outbox: AlertDatabase) -> Publisher | None:
    """Tells Elasticsearch what the outbox knows; None where there is nobody to tell. It works beside the mailer."""
    if not (server := elastic_server(settings)):
        return None
    from index.elastic.history import ElasticHistory
    from index.elastic.rules import ElasticRules

    return Publisher(outbox, ElasticHistory(server, settings.name), ElasticRules(server, settings.name))


def all_feeds(settings: Settings, store: FeedStore) -> Sequence[Feed]:
    """The feeds of the settings file, then those added by command."""
    known = {feed.url for feed in settings.feed}
    return (*settings.feed, *(feed for feed in store.added() if feed.url not in known))


def open_fetcher(settings: Settings) -> Fetcher:
    """The one way to the web."""
    total = settings.fetch.timeout.total_seconds()
    return Fetcher(settings.fetch.allow_private, settings.fetch.user_agent, Timeouts(total=total))


def open_poller(settings: Settings, log: Log, store: FeedStore, shard: tuple[int, int] = (1, 1)) -> Poller:
    """Feeds to articles on the log, with the text of their pages where the settings ask for it.

    `shard` (1, 4) takes the first of four parts of the feeds.
    """
    from ingest.fulltext import with_full_text

    fetch = settings.fetch
    fetcher = open_fetcher(settings)
    robots = Robots(fetcher)
    intaker = (
        Intaker(log, store, lambda article: with_full_text(article, fetcher, robots))
        if fetch.full_text
        else Intaker(log, store)
    )
    pace = Pace(fetch.interval, fetch.workers, fetch.max_bytes, shard)
    return Poller(lambda: all_feeds(settings, store), fetcher, intaker, store, pace)


def open_tagger() -> Handler:
    """Articles to tagged articles. Loads the gazetteer and, where a pipeline is installed, spaCy."""
    from process.stage import TaggerStage
    from process.tagger import Tagger

    return TaggerStage(Tagger.load())


def open_alerter(settings: Settings, database: AlertDatabase, rules: RuleStore, stories: Stories) -> Alerter:
    """Tagged articles to mails in the outbox."""
    outbox = Outbox(database, settings.mail.sender)
    return Alerter(database, outbox, rules.rules, Matcher(open_names()), stories, settings.mail.to)


def open_mailer(settings: Settings, database: AlertDatabase, observer: MailObserver) -> Mailer:
    """What is due in the outbox to where mails go."""
    composer = Composer(settings.mail.sender, settings.web.base_url)
    return Mailer(Outbox(database, settings.mail.sender), open_transport(settings), composer, observer=observer)


class Pipeline:
    """Every part, opened and joined, for one process that does it all. Close it when done."""

    def __init__(self, settings: Settings, *, sample: bool = False) -> None:
        """`sample` also serves the sample edition. Raises WirewatchError, Unavailable."""
        from deploy.metrics import MeasuredWriter
        from deploy.monitor import Monitor

        self.monitor = Monitor(STAGES)
        self._parts = ExitStack()
        try:
            self.log = self._opened(open_log(settings))
            self.index = self._opened(open_index(settings))
            self.feeds = self._opened(open_feeds(settings))
            database = self._opened(open_alerts(settings))
            self.poller = open_poller(settings, self.log, self.feeds)
            self.tagger = open_tagger()
            writer = MeasuredWriter(self.index, self.monitor.metrics)
            self.indexer = Indexer(writer, self._opened(open_stories(settings)))
            self.history = LocalHistory(database)
            rules = self._opened(open_rules(settings, database))
            self.alerter = open_alerter(settings, database, rules, self._opened(open_stories(settings)))
            self.mailer = open_mailer(settings, database, self.monitor)
            self.publisher = open_publisher(settings, database)
            if self.publisher:
                self._opened(self.publisher)
            rules, history = self._opened(open_rules(settings)), self._opened(open_history(settings))
            self.app = web_app(settings, self.log, self.index, self.feeds, rules, history)
            if sample:
                from deploy.sample.routes import sample_routes

                self.app.include_router(sample_routes(f"http://{settings.web.listen}"))
        except BaseException:
            self.close()
            raise

    @property
    def stages(self) -> Sequence[tuple[Handler, str]]:
        """The stages that consume the log, upstream first, each with its topic."""
        return ((self.tagger, ARTICLES), (self.indexer, TAGGED), (self.alerter, TAGGED))

    def close(self) -> None:
        """Give back everything, last opened first."""
        self._parts.close()

    def _opened(self, part: Closes) -> Closes:
        return self._parts.enter_context(closing(part))


def web_app(
    settings: Settings, log: Log, index: SearchIndex, store: FeedStore, rules: RuleStore, history: AlertHistory
) -> "FastAPI":
    """The web pages over those parts."""
    from index.web.app import create_app
    from index.web.backend import WebBackend

    def feeds() -> Sequence[FeedState]:
        return [store.state(feed.url) for feed in all_feeds(settings, store)]

    backend = WebBackend(
        index=index,
        parse=lambda text: parse(text, open_names(), utc_now()),
        rules=rules,
        alerts=history,
        feeds=feeds,
        audit=lambda: audit(log, index),
        hosts=[host for host in (urlsplit(settings.web.base_url).hostname, settings.web.address[0]) if host],
    )
    return create_app(backend)
