"""Publishers say in robots.txt which pages they let us read, and we listen."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from ingest.fetch import Fetcher, Timeouts
from ingest.robots import Robots
from tests.feed_server import FeedServer


class Noon:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


@pytest.fixture
def clock() -> Noon:
    return Noon()


@pytest.fixture
def robots(clock: Noon) -> Robots:
    return Robots(Fetcher([ip_network("127.0.0.0/8")], gap=0, timeouts=Timeouts(total=5)), clock)


def test_a_page_that_is_forbidden_to_all_or_to_us_is_left_alone(server: FeedServer, robots: Robots) -> None:
    rules = "User-agent: *\nDisallow: /private/\n\nUser-agent: Wirewatch\nDisallow: /premium/\nAllow: /premium/free\n"
    server.serve("/robots.txt", rules, content_type="text/plain")
    assert robots.allowed(server.url("/news/1"))
    assert robots.allowed(server.url("/premium/free"))
    assert not robots.allowed(server.url("/premium/1"))
    assert robots.allowed(server.url("/private/1")), "our own group replaces the one for all"


def test_a_site_is_asked_once_a_day(server: FeedServer, robots: Robots, clock: Noon) -> None:
    server.serve("/robots.txt", "User-agent: *\nDisallow: /no", content_type="text/plain")
    for _ in range(3):
        robots.allowed(server.url("/no"))
    assert server.hits("/robots.txt") == 1
    server.serve("/robots.txt", "", content_type="text/plain")
    assert not robots.allowed(server.url("/no"))
    clock.now += timedelta(hours=25)
    assert robots.allowed(server.url("/no"))


def test_a_site_without_robots_txt_allows_everything(server: FeedServer, robots: Robots) -> None:
    assert robots.allowed(server.url("/news/1"))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_site_in_trouble_is_left_alone_for_a_while(
    server: FeedServer, robots: Robots, clock: Noon, status: int
) -> None:
    server.serve("/robots.txt", "", status=status)
    assert not robots.allowed(server.url("/news/1"))
    server.serve("/robots.txt", "")
    assert not robots.allowed(server.url("/news/1"))
    clock.now += timedelta(minutes=20)
    assert robots.allowed(server.url("/news/1"))


def test_a_site_that_cannot_be_reached_is_left_alone(robots: Robots) -> None:
    assert not robots.allowed("http://127.0.0.1:1/news")
    assert not robots.allowed("http://169.254.169.254/news")
