"""What holds for every test: the end of a run names what was NOT RUN, and under CI=true that is a failure."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from process.tagger import Tagger

SHARED = Path(__file__).resolve().parents[2] / "shared"

settings.register_profile("wirewatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wirewatch")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded feeds and third-party articles, which stands beside a development checkout only."""
    if not SHARED.is_dir():
        pytest.skip("NOT RUN: ../shared (third-party feeds) is not beside this clone; equal tests on our own feeds ran")
    return SHARED


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """The tagger as shipped. It keeps nothing of what it tags, so all tests may share it."""
    return Tagger.load()


@pytest.fixture(autouse=True)
def logs_begin_anew() -> Iterator[None]:
    """A command that ran in this process has set up logging to a stream that is gone when its test is over."""
    yield
    structlog.reset_defaults()


def _needs_shared(report: pytest.TestReport) -> bool:
    return "../shared" in str(report.longrepr)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> object:
    """Under CI=true a test that did not run is a failure; only the third-party feeds may be absent."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") == "true" and not exitstatus and not all(_needs_shared(report) for report in skipped):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each test that was skipped, with the reason."""
    skipped = terminalreporter.stats.get("skipped", [])
    terminalreporter.section("NOT RUN" if skipped else "every test ran")
    for report in skipped:
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        reason = reason.removeprefix("Skipped: ").removeprefix("NOT RUN: ")
        terminalreporter.line(f"NOT RUN {report.nodeid}: {reason}")
