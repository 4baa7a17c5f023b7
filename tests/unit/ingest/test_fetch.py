"""Fetching from real servers on loopback: good ones, slow ones, and ones that mean harm."""

import gzip
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from itertools import pairwise

import pytest
import trustme

from ingest.fetch import (
    BadAddress,
    Blocked,
    Fetcher,
    FetchError,
    HostBusy,
    HttpStatus,
    TimedOut,
    Timeouts,
    TooLarge,
    TooManyRedirects,
    Undecodable,
    Unreachable,
)
from tests.feed_server import FeedServer, Received, Reply

LOOPBACK = [ip_network("127.0.0.0/8")]
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def make_fetcher(total: float = 20.0, read: float = 10.0, gap: float = 0.0, turn: float = 30.0) -> Fetcher:
    return Fetcher(LOOPBACK, timeouts=Timeouts(5.0, read, total, turn), gap=gap, clock=lambda: NOW)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


def test_the_answer_tells_what_the_next_request_needs(server: FeedServer) -> None:
    headers = {
        "Last-Modified": "Tue, 24 Nov 2026 10:00:00 GMT",
        "Cache-Control": "public, max-age=600",
        "Expires": "Tue, 24 Nov 2026 13:00:00 GMT",
        "Retry-After": "120",
    }
    server.serve("/feed", "<rss/>", content_type="text/xml; charset=ISO-8859-1", headers=headers)
    answer = make_fetcher().get(server.url("/feed"))
    assert (answer.status, answer.body, answer.url) == (200, b"<rss/>", server.url("/feed"))
    assert answer.charset == "iso-8859-1"
    assert answer.etag
    assert answer.last_modified == headers["Last-Modified"]
    assert (answer.max_age, answer.retry_after) == (600, 120.0)
    assert answer.expires == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    assert answer.moved_to is None


def test_what_has_not_changed_is_not_sent_again(server: FeedServer) -> None:
    server.serve("/feed", "<rss/>", headers={"Last-Modified": "Tue, 24 Nov 2026 10:00:00 GMT"})
    fetcher = make_fetcher()
    first = fetcher.get(server.url("/feed"))
    by_etag = fetcher.get(server.url("/feed"), etag=first.etag)
    by_date = fetcher.get(server.url("/feed"), last_modified=first.last_modified)
    assert (by_etag.not_modified, by_etag.body) == (True, b"")
    assert by_date.not_modified


def test_the_server_learns_who_asks_and_gets_no_cookies(server: FeedServer) -> None:
    server.serve("/feed", "<rss/>", headers={"Set-Cookie": "id=1"})
    fetcher = make_fetcher()
    fetcher.get(server.url("/feed"))
    fetcher.get(server.url("/feed"))
    seen = server.requests("/feed")[-1].headers
    assert seen["user-agent"].startswith("Wirewatch/")
    assert "+https://" in seen["user-agent"]
    assert "cookie" not in seen


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_compressed_answers_are_unpacked(server: FeedServer, encoding: str) -> None:
    body = b"<rss>" + b"news " * 100_000 + b"</rss>"
    server.serve("/feed", body, encoding=encoding)
    assert make_fetcher().get(server.url("/feed")).body == body


def test_odd_but_common_compressions_are_unpacked(server: FeedServer) -> None:
    raw = zlib.compressobj(wbits=-15)
    bodies = {
        "/zlib": ("deflate", zlib.compress(b"news")),
        "/raw": ("deflate", raw.compress(b"news") + raw.flush()),
        "/members": ("gzip", gzip.compress(b"ne") + gzip.compress(b"ws")),
        "/padded": ("x-gzip", gzip.compress(b"news") + b"\0" * 20),
    }
    for path, (encoding, body) in bodies.items():
        server.route(path, lambda _, e=encoding, b=body: Reply(b, 200, {"Content-Encoding": e}))  # type: ignore[misc]
        assert make_fetcher().get(server.url(path)).body == b"news", path


def test_a_gzip_file_that_is_served_as_a_file_is_unpacked(server: FeedServer) -> None:
    for headers in ({}, {"Content-Encoding": "identity"}):
        server.route("/feed.xml.gz", lambda _, h=headers: Reply(gzip.compress(b"<rss/>"), 200, h))  # type: ignore[misc]
        assert make_fetcher().get(server.url("/feed.xml.gz")).body == b"<rss/>"


def test_a_bomb_in_a_gzip_file_is_refused_as_well(server: FeedServer) -> None:
    server.route("/bomb.gz", lambda _: Reply(gzip.compress(b"\0" * 50_000_000), 200, {}))
    with pytest.raises(TooLarge, match=r"larger than 2,000,000 bytes"):
        make_fetcher().get(server.url("/bomb.gz"), max_bytes=2_000_000)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", b"not gzip"), ("br", b"\xff\xff\xff"), ("gzip", gzip.compress(b"news" * 100)[:-20]), ("zstd", b"x")],
    ids=["no gzip", "no brotli", "cut off", "unknown"],
)
def test_broken_or_unknown_compression_is_an_error_that_says_so(server: FeedServer, encoding: str, body: bytes) -> None:
    server.route("/feed", lambda _: Reply(body, 200, {"Content-Encoding": encoding}))
    with pytest.raises(Undecodable, match=r"compressed|break off"):
        make_fetcher().get(server.url("/feed"))


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_bomb_is_refused_while_it_unpacks_and_takes_no_memory(server: FeedServer, encoding: str) -> None:
    server.serve("/bomb", b"\0" * 100_000_000, encoding=encoding)
    fetcher = make_fetcher()
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match=r"larger than 2,000,000 bytes"):
            fetcher.get(server.url("/bomb"), max_bytes=2_000_000)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_feed_of_100_mb_is_refused_before_it_is_read(server: FeedServer) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 1_000_000

    server.route("/announced", lambda _: Reply(endless(), 200, {"Content-Length": "100000000"}))
    server.route("/silent", lambda _: Reply(endless(), 200, {}))
    for path in ("/announced", "/silent"):
        with pytest.raises(TooLarge, match=path):
            make_fetcher().get(server.url(path))


def test_redirects_are_followed_and_only_permanent_ones_move_the_feed(server: FeedServer) -> None:
    server.serve("/new", "<rss/>")
    server.redirect("/old", "/newer", 301)
    server.redirect("/newer", "/new", 308)
    server.redirect("/mixed", "/detour", 301)
    server.redirect("/detour", "/old", 302)
    server.redirect("/temporary", "/old", 307)
    fetcher = make_fetcher()
    assert fetcher.get(server.url("/old")).moved_to == server.url("/new")
    assert fetcher.get(server.url("/mixed")).moved_to == server.url("/detour")
    assert fetcher.get(server.url("/temporary")).moved_to is None
    assert fetcher.get(server.url("/temporary")).url == server.url("/new")


def test_a_redirect_loop_ends(server: FeedServer) -> None:
    server.redirect("/a", "/b")
    server.redirect("/b", "/a")
    with pytest.raises(TooManyRedirects, match="go round"):
        make_fetcher().get(server.url("/a"))


def test_redirects_without_end_end(server: FeedServer) -> None:
    for number in range(10):
        server.redirect(f"/{number}", f"/{number + 1}")
    with pytest.raises(TooManyRedirects, match="more than 5"):
        make_fetcher().get(server.url("/0"))
    assert server.hits("/6") == 0


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/meta-data", "http://[::ffff:127.0.0.1]:{port}/secret", "http://10.0.0.1/",
     "http://[::1]:{port}/secret", "http://0.0.0.0:{port}/secret", "http://0:{port}/secret"],
)  # fmt: skip
def test_a_redirect_into_a_private_network_is_refused(server: FeedServer, target: str) -> None:
    server.serve("/secret", "secret")
    server.redirect("/feed", target.format(port=server.port))
    with pytest.raises(Blocked, match="allow_private"):
        make_fetcher().get(server.url("/feed"))
    assert server.hits("/secret") == 0


def test_loopback_is_refused_unless_it_is_allowed_whatever_it_is_called(server: FeedServer) -> None:
    server.serve("/feed", "<rss/>")
    strict = Fetcher(gap=0)
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1"):
        with pytest.raises(Blocked, match="loopback"):
            strict.get(f"http://{host}:{server.port}/feed")
    assert make_fetcher().get(f"http://localhost:{server.port}/feed").status == 200


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://example.org/", "http://", ""])
def test_a_redirect_to_what_is_no_web_address_is_refused(server: FeedServer, target: str) -> None:
    server.redirect("/feed", target)
    with pytest.raises((BadAddress, TooManyRedirects)):
        make_fetcher().get(server.url("/feed"))


def test_an_endless_slow_drip_ends_at_the_total_time(server: FeedServer) -> None:
    server.drip("/body")
    server.drip_headers("/headers")
    for path in ("/body", "/headers"):
        began = time.monotonic()
        with pytest.raises(TimedOut, match=path):
            make_fetcher(total=0.6).get(server.url(path))
        assert 0.5 < time.monotonic() - began < 5


def test_a_silent_server_ends_at_the_read_time(server: FeedServer) -> None:
    def silence(_: Received) -> Reply:
        time.sleep(2)
        return Reply(b"late")

    server.route("/feed", silence)
    began = time.monotonic()
    with pytest.raises(TimedOut):
        make_fetcher(read=0.3).get(server.url("/feed"))
    assert time.monotonic() - began < 1.9


def test_an_answer_that_breaks_off_is_an_error(server: FeedServer) -> None:
    server.cut_off("/feed", b"<rss>", announced=1000)
    with pytest.raises(Unreachable, match="broke"):
        make_fetcher().get(server.url("/feed"))


@pytest.mark.parametrize(
    ("url", "kind"),
    [("http://127.0.0.1:1/", Unreachable), ("http://nowhere.invalid/feed", Unreachable), ("ftp://x/", BadAddress),
     (f"http://{'a' * 70}.example/", Unreachable), ("not an address", BadAddress)],
)  # fmt: skip
def test_what_cannot_be_reached_is_named_in_the_error(url: str, kind: type[FetchError]) -> None:
    with pytest.raises(kind) as caught:
        make_fetcher().get(url)
    assert str(caught.value).startswith(url)


def test_an_error_of_the_server_carries_its_status_and_when_to_come_back(server: FeedServer) -> None:
    server.serve("/busy", "", status=503, headers={"Retry-After": "Tue, 24 Nov 2026 12:10:00 GMT"})
    server.serve("/gone", "", status=410)
    with pytest.raises(HttpStatus) as busy:
        make_fetcher().get(server.url("/busy"))
    assert (busy.value.status, busy.value.retry_after) == (503, 600.0)
    with pytest.raises(HttpStatus, match="remove the feed"):
        make_fetcher().get(server.url("/gone"))


def test_one_request_at_a_time_goes_to_a_host_and_a_pause_lies_between(server: FeedServer) -> None:
    active = [0, 0]  # now, most
    lock = threading.Lock()

    def slow(_: Received) -> Reply:
        with lock:
            active[0] += 1
            active[1] = max(active)
        time.sleep(0.05)
        with lock:
            active[0] -= 1
        return Reply(b"news")

    server.route("/feed", slow)
    fetcher = make_fetcher(gap=0.1)
    threads = [threading.Thread(target=fetcher.get, args=(server.url("/feed"),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = [request.time for request in server.requests("/feed")]
    assert active[1] == 1
    assert all(later - earlier >= 0.1 for earlier, later in pairwise(times))


def test_nobody_waits_for_a_host_without_end(server: FeedServer) -> None:
    server.drip("/slow")
    server.serve("/feed", "<rss/>")
    fetcher = make_fetcher(total=2.0, turn=0.2)

    def hold_the_turn() -> None:
        with pytest.raises(TimedOut):
            fetcher.get(server.url("/slow"))

    slow = threading.Thread(target=hold_the_turn)
    slow.start()
    while not server.hits("/slow"):
        time.sleep(0.01)
    with pytest.raises(HostBusy, match=r"no turn at 127\.0\.0\.1"):
        fetcher.get(server.url("/feed"))
    slow.join()


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    authority = trustme.CA()
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(serving)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with FeedServer(tls=serving) as server:
        server.serve("/feed", "<rss/>")
        address = f"https://localhost:{server.port}/feed"
        with pytest.raises(Unreachable, match="certificate"):
            make_fetcher().get(address)
        assert Fetcher(LOOPBACK, gap=0, tls=trusting).get(address).body == b"<rss/>"
