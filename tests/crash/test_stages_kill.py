"""kill -9 of each stage twenty times, at any point, on Kafka and Elasticsearch: nothing is lost, no mail goes twice."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

import pytest

from deploy.stack.server import free_port
from deploy.wiring import open_log
from ingest.log.port import ARTICLES, TAGGED
from tests.crash.test_run_kill import FEEDS, GrowingFeeds, no_mail_lost_or_doubled, nothing_lost
from tests.elastic import a_name
from tests.end_to_end.desk import Desk
from tests.end_to_end.watching import Started
from tests.feed_server import FeedServer

KILLS = 20
STAGES = ("poller", "tagger", "indexer", "alerter", "mailer")
LONGEST_START = 60.0


@dataclass
class Killer:
    """Starts one stage again and again, and kills it at a random point: while it starts, or soon after."""

    stage: str
    start: Callable[[str, str], Popen[str]]
    seed: int
    killed: Counter[str] = field(default_factory=Counter)

    def work(self) -> None:
        chance = random.Random(f"{self.seed} {self.stage}")
        for _ in range(KILLS):
            port = free_port()
            process = self.start(self.stage, f"127.0.0.1:{port}")
            self.killed[self._wait(Started(self.stage, process, port), chance)] += 1
            process.kill()
            process.wait()

    def _wait(self, started: Started, chance: random.Random) -> str:
        """Wait for the moment. Returns what the stage is doing then."""
        if chance.random() < 0.2:
            time.sleep(chance.uniform(0.1, 3.0))
            return "starting"
        until = time.monotonic() + LONGEST_START
        while not started.ready and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(chance.uniform(0.0, 1.5))
        assert started.process.poll() is None, f"{self.stage} ended by itself"
        return "at work" if time.monotonic() < until else "waiting"


@pytest.mark.timeout(900)
def test_nothing_is_lost_or_doubled_when_every_stage_is_killed_twenty_times(
    kafka_url: str, elastic_url: str, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}")
    with a_name(elastic_url) as name, FeedServer("0.0.0.0") as web:
        feeds = GrowingFeeds(web, seed)
        desk = Desk(tmp_path / "desk", rules={"Kestrels": "kestrel"}, rule_options='group = "article"')
        desk.environment = {
            "WIREWATCH_NAME": name,
            "WIREWATCH_LOG__URL": kafka_url,
            "WIREWATCH_LOG__LEASE": "2s",
            "WIREWATCH_SEARCH__URL": elastic_url,
        }
        _kill_all(desk, feeds, seed)
        assert len(feeds.served) > FEEDS * 10
        desk.feeds = feeds.addresses(KILLS)
        desk.once()
        feeds.growing = False
        last = desk.once()
        assert "articles        0" in last.out
        nothing_lost(desk, feeds)
        no_mail_lost_or_doubled(desk, feeds)
        with closing(open_log(desk.loaded)) as log:
            assert Counter(record.key for record in log.read(TAGGED)) == Counter(
                record.key for record in log.read(ARTICLES)
            ), "the tagger's output and its offsets are one transaction"


def _kill_all(desk: Desk, feeds: GrowingFeeds, seed: int) -> None:
    """Let a killer work on each stage at the same time. Each start of the poller has feeds that are due at once."""
    polls = Desk(desk.folder / "poller", environment={**desk.environment, "WIREWATCH_DATA": str(desk.data)})
    editions = iter(range(KILLS))

    def start(stage: str, listen: str) -> Popen[str]:
        if stage != "poller":
            return desk.start("start", stage, "--metrics", listen)
        polls.feeds = feeds.addresses(next(editions))
        return polls.start("start", stage, "--metrics", listen)

    killers = [Killer(stage, start, seed) for stage in STAGES]
    threads = [threading.Thread(target=killer.work) for killer in killers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print({killer.stage: dict(killer.killed) for killer in killers})
    assert all(sum(killer.killed.values()) == KILLS for killer in killers)
