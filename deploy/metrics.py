"""What a process tells Prometheus: how much its stages did, how far behind they are, and how long news takes."""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from index.alerts.mailer import MailObserver
from index.alerts.outbox import Mail
from index.document import Document
from index.port import DocumentWriter, Refusal
from ingest.clock import Clock, utc_now
from ingest.errors import Unavailable, WirewatchError
from ingest.log.port import PartitionsLost, Progress
from ingest.poller import PollObserver, PollResult
from process.consumer import Observer, Work

_BATCH_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
_LATENCY_SECONDS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 43200, 86400)


class Metrics(Observer, PollObserver, MailObserver):
    """The figures of one process, in a registry of their own. Safe from any thread."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        stage = ["stage"]
        self._records = Counter("wirewatch_records", "Records that the stage has committed", stage, registry=registry)
        self._dead = Counter("wirewatch_dead_letters", "Records that the stage has given up", stage, registry=registry)
        self._errors = Counter(
            "wirewatch_errors",
            "What went wrong and was tried again, or given up, by kind: unavailable, partitions_lost, refused",
            [*stage, "kind"],
            registry=registry,
        )
        self._batch = Histogram(
            "wirewatch_batch_seconds", "From a batch to its commit", stage, registry=registry, buckets=_BATCH_SECONDS
        )
        self._lag = Gauge(
            "wirewatch_lag_records",
            "Records that the group has still to come to",
            ["group", "topic"],
            registry=registry,
        )
        self._polls = Counter("wirewatch_feed_polls", "Polls of feeds", ["outcome"], registry=registry)
        self._articles = Counter(
            "wirewatch_articles", "Articles taken in, new and changed", ["kind"], registry=registry
        )
        self._mails = Counter("wirewatch_mails", "Attempts to mail, by how they ended", ["end"], registry=registry)
        self._latencies = {
            (since, until): Histogram(
                f"wirewatch_{since}_to_{until}_seconds",
                f"How long after it was {since} an article was {until}",
                registry=registry,
                buckets=_LATENCY_SECONDS,
            )
            for since in ("published", "fetched")
            for until in ("indexed", "mailed")
        }

    def exposition(self) -> bytes:
        """All figures now, in Prometheus' text format."""
        return generate_latest(self._registry)

    def worked(self, work: Work) -> None:
        self._records.labels(work.stage).inc(work.records)
        self._dead.labels(work.stage).inc(work.refused)
        self._batch.labels(work.stage).observe(work.seconds)
        if work.refused:
            self._errors.labels(work.stage, "refused").inc(work.refused)

    def failed(self, stage: str, error: WirewatchError) -> None:
        kind = "partitions_lost" if isinstance(error, PartitionsLost) else "unavailable"
        self._errors.labels(stage, kind).inc()

    def lagging(self, group: str, topic: str, rows: Sequence[Progress]) -> None:
        """How far the group is."""
        self._lag.labels(group, topic).set(sum(row.lag for row in rows))

    def could_not_look(self, error: Unavailable) -> None:
        self.failed("poller", error)

    def polled_feed(self, result: PollResult) -> None:
        self._polls.labels("failed" if result.error else "ok").inc()
        self._articles.labels("new").inc(result.new)
        self._articles.labels("changed").inc(result.changed)
        if result.unavailable:
            self._errors.labels("poller", "unavailable").inc()

    def could_not_deliver(self, error: Unavailable) -> None:
        self.failed("mailer", error)

    def ended(self, mail: Mail, end: str) -> None:
        self._mails.labels(end).inc()
        sources = [source for group in mail.groups for source in group]
        if end != "sent" or mail.digest or not sources:
            return  # a digest waits because it was asked to
        now = self._clock()
        self._took("published", "mailed", (now - min(source.published for source in sources)).total_seconds())
        if fetched := [source.fetched for source in sources if source.fetched]:
            self._took("fetched", "mailed", (now - min(fetched)).total_seconds())

    def indexed(self, documents: Sequence[Document]) -> None:
        """Documents are in the index now."""
        now = self._clock()
        for document in documents:
            self._took("published", "indexed", (now - document.published).total_seconds())
            self._took("fetched", "indexed", (now - document.fetched).total_seconds())

    def _took(self, since: str, until: str, seconds: float) -> None:
        self._latencies[since, until].observe(max(0.0, seconds))


class MeasuredWriter:
    """A `DocumentWriter` that tells the metrics what it wrote."""

    def __init__(self, writer: DocumentWriter, metrics: Metrics) -> None:
        self._writer = writer
        self._metrics = metrics

    def write(self, documents: Sequence[Document]) -> Sequence[Refusal]:
        """Add or replace by id. Raises Unavailable."""
        refusals = self._writer.write(documents)
        refused = {refusal.id for refusal in refusals}
        self._metrics.indexed([document for document in documents if document.id not in refused])
        return refusals
