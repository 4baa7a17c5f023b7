"""The whole of `wirewatch run`: from a feed's answer to the mail, articles per second, memory after 50,000 articles."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from ingest.feed import Feed
from ingest.log.port import TAGGED
from ingest.log.sqlite import SqliteLog
from ingest.state import FeedStore
from tests.bench.newsfeed import feeds
from tests.bench.report import Row, table
from tests.end_to_end.desk import Desk, ask_to_stop, item, loopback, rss, text_of
from tests.feed_server import RSS, FeedServer, Reply

ENTRIES = 60
ARTICLES = 50_000
LONGEST = 900.0  # seconds that the articles may take


def measure() -> list[Row]:
    """Latency, throughput and memory. Some minutes."""
    return [*latency(), *load(ARTICLES)]


def latency(entries: int = ENTRIES) -> list[Row]:
    """Seconds from the answer of a feed with a matching entry to its mail in the maildir, about two a second."""
    answered: dict[str, float] = {}
    with _newsroom() as (desk, web):
        desk.rules, desk.rule_options = {"Kestrels": "kestrel"}, 'group = "article"'
        addresses = [_serve_entry(web, f"entry-{number}", answered) for number in range(entries)]
        desk.feeds = [_serve_entry(web, "warm-up", answered)]
        with desk.running() as process:
            _wait(process, lambda: len(desk.mails()) == 1, 120)
            with closing(FeedStore(desk.data / "feeds.sqlite")) as store:
                for address in addresses:
                    store.add(Feed(url=address))
            _wait(process, lambda: len(desk.mails()) == entries + 1, 120)
            arrived = _arrivals(desk)
            ask_to_stop(process)
    seconds = [arrived[name] - answered[name] for name in answered if name != "warm-up"]
    hundredths = statistics.quantiles(seconds, n=100, method="inclusive")
    return [
        Row("feed entry to mail in the maildir, median", hundredths[49], "s"),
        Row("feed entry to mail in the maildir, 99th percentile (aim: 2)", hundredths[98], "s"),
    ]


def load(articles: int) -> list[Row]:
    """Articles per second through poll, log, tagger, indexer and alerter in one process, and its memory at the end."""
    with _newsroom() as (desk, web):
        desk.rules = {"Kestrels": "kestrel", "Calls": "event:phone_call person:Macron"}
        desk.rule_options = 'every = "1d 07:00"'
        for number, body in enumerate(feeds(articles)):
            web.serve(f"/{number}.xml", body)
            desk.feeds.append(f"http://{loopback(number)}:{web.port}/{number}.xml")
        with desk.running() as process:
            progress = _Progress(desk)
            _wait(process, lambda: progress.done() > 0, 120)
            began, before = time.monotonic(), progress.done()
            _wait(process, lambda: progress.done() >= articles, LONGEST, pause=1.0)
            seconds = time.monotonic() - began
            time.sleep(2)
            memory = _memory(process.pid)
            ask_to_stop(process)
        audit = desk.json("audit")
    assert audit["indexed"] == articles, audit
    return [
        Row("whole pipeline, one process, articles of 100 words", (articles - before) / seconds, "articles/s"),
        Row(f"memory after {articles:,} articles (aim: 700)", memory.now, "MB"),
        Row(f"memory at most, over {articles:,} articles", memory.peak, "MB"),
    ]


@dataclass(frozen=True)
class _Memory:
    """Resident memory in MB."""

    now: float
    peak: float


class _Progress:
    """How many records every stage behind the log has passed."""

    def __init__(self, desk: Desk) -> None:
        self._path = desk.data / "log.sqlite"

    def done(self) -> int:
        """The least of the stages."""
        if not self._path.exists():
            return 0
        with closing(SqliteLog(self._path)) as log:
            return min(sum(row.committed for row in log.progress(group, TAGGED)) for group in ("indexer", "alerter"))


@contextmanager
def _newsroom() -> Iterator[tuple[Desk, FeedServer]]:
    with tempfile.TemporaryDirectory() as folder, FeedServer("0.0.0.0") as web:
        yield Desk(Path(folder)), web


def _serve_entry(web: FeedServer, name: str, answered: dict[str, float]) -> str:
    """A feed of one entry on 127.0.0.1; the time of its answer is kept."""
    body = rss([item(name, f"Kestrel seen: {name}", f"A kestrel was seen over the harbour: {name}.")]).encode()

    def answer(_request: object) -> Reply:
        answered.setdefault(name, time.time())
        return Reply(body, 200, {"Content-Type": RSS})

    web.route(f"/{name}.xml", answer)
    return f"http://127.0.0.1:{web.port}/{name}.xml"


def _arrivals(desk: Desk) -> dict[str, float]:
    """When each entry's mail came to lie in new/, by the entry's name."""
    files = sorted((desk.data / "mail" / "new").iterdir())
    found: dict[str, float] = {}
    for file, mail in zip(files, desk.mails(), strict=True):
        name = text_of(mail).partition("https://wire.example/")[2].split()[0]
        found[name] = file.stat().st_ctime
    return found


def _memory(pid: int) -> _Memory:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    sizes = {
        name: int(size.split()[0]) / 1024
        for name, _, size in (line.partition(":") for line in lines)
        if "VmRSS" in name or "VmHWM" in name
    }
    return _Memory(sizes["VmRSS"], sizes["VmHWM"])


def _wait(process: Popen[str], holds: Callable[[], bool], seconds: float, pause: float = 0.2) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert process.poll() is None, "wirewatch run ended"
        assert time.monotonic() < end, f"not done within {seconds:g} s"
        time.sleep(pause)


if __name__ == "__main__":
    print(table(measure()))
