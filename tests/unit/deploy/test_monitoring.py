"""Health and metrics: what makes a stage ready, what makes it count as hung, and that every figure is documented."""

import io
import logging
import re

import pytest
import structlog

from deploy.health import STALE_SECONDS, Health
from deploy.logs import Form, configure_logs
from deploy.metrics import Metrics
from ingest.errors import Unavailable
from ingest.log.port import PartitionsLost
from process.consumer import Work
from tests.unit.deploy import manual


class Hours:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def healthy() -> tuple[Health, Hours]:
    clock = Hours()
    health = Health(["tagger"], clock)
    health.probed("tagger", None)
    health.polled("tagger", joined=True)
    return health, clock


def test_a_stage_is_ready_when_its_backends_have_answered_and_it_is_in_its_group() -> None:
    health = Health(["tagger"])
    assert health.unready() == ["tagger: is starting"]
    health.polled("tagger", joined=False)
    assert health.unready() == ["tagger: waits to be let into its consumer group"]
    health.polled("tagger", joined=True)
    assert health.unready() == ["tagger: has not asked its backends yet"]
    health.probed("tagger", None)
    assert health.unready() == []


def test_a_stage_is_not_ready_while_it_waits_for_a_backend() -> None:
    health, _ = healthy()
    health.failed("tagger", Unavailable("the index is away"))
    assert health.unready() == ["tagger: the index is away"]
    health.worked(Work("tagger", 10, 0.1, 0))
    assert health.unready() == []
    health.probed("tagger", "the log is away")
    assert health.unready() == ["tagger: the log is away"]


def test_a_batch_that_goes_to_another_member_is_no_trouble() -> None:
    health, _ = healthy()
    health.failed("tagger", PartitionsLost("group tagger: another member has it"))
    assert health.unready() == []


def test_a_stage_that_gives_no_sign_of_life_has_hung() -> None:
    health, clock = healthy()
    clock.now += STALE_SECONDS
    assert health.hung() == []
    clock.now += 1
    assert health.hung() == ["tagger: no sign of life for 301 s"]
    health.probed("tagger", None)
    assert health.hung()
    health.failed("tagger", Unavailable("the index is away"))
    assert health.hung() == []


def test_every_figure_is_documented_and_no_other_is() -> None:
    told = re.findall(r"^# TYPE (wirewatch_\w+) (\w+)$", Metrics().exposition().decode(), re.MULTILINE)
    figures = {(name, kind) for name, kind in told if not name.endswith("_created")}
    rows = [row for row in manual.table(manual.page("operations.md")) if len(row) == 4 and "wirewatch_" in row[0]]
    assert {(manual.code(row[0]), row[1]) for row in rows} == figures


def test_a_log_line_is_json_with_stage_and_article(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(debug=False, level=logging.INFO, form=Form.JSON)
    structlog.get_logger("x").info("article tagged", stage="tagger", article="4be1", url="smtp://me:secret@host")
    line = capsys.readouterr().err
    assert '"stage": "tagger", "article": "4be1", "url": "smtp://me:***@host"' in line
    assert '"level": "info"' in line


def test_a_log_line_is_written_at_once_so_that_processes_may_share_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    class Writes(io.StringIO):
        """Keeps what each call wrote."""

        def __init__(self) -> None:
            self.each: list[str] = []

        def write(self, text: str) -> int:
            self.each.append(text)
            return len(text)

    monkeypatch.setattr("sys.stderr", writes := Writes())
    configure_logs(debug=False, level=logging.INFO, form=Form.JSON)
    structlog.get_logger("x").info("article tagged", article="4be1")
    assert len(writes.each) == 1
    assert writes.each[0].endswith("}\n")
