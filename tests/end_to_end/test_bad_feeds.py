"""Feeds and articles as bad as the web has them: each gets its line, and the good feed beside them is taken in."""

import gzip
from collections.abc import Callable, Iterator

import pytest

from tests.end_to_end.desk import Desk, item, loopback, rss, text_of
from tests.feed_server import FeedServer

GOOD = rss([item("good", "A kestrel over the harbour", "All is well.")])
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10)).replace("&lol0;", "&lol;")
    + "]><rss><channel><title>&lol9;</title></channel></rss>"
)
Serve = Callable[[FeedServer, str], None]
BAD: dict[str, tuple[Serve, str]] = {
    "page": (
        lambda web, path: web.serve(path, "<!doctype html><html><body>Hello</body></html>", content_type="text/html"),
        "web page",
    ),
    "nothing": (lambda web, path: web.serve(path, b""), "empty"),
    "cut-off": (lambda web, path: web.serve(path, GOOD[:120]), "cut off"),
    "bomb": (lambda web, path: _bomb(web, path), "bytes"),
    "huge": (lambda web, path: web.cut_off(path, b"<rss>", 100_000_000), "100,000,000 bytes"),
    "metadata": (lambda web, path: web.redirect(path, "http://169.254.169.254/latest/"), "allow_private"),
    "mapped": (lambda web, path: web.redirect(path, f"http://[::ffff:127.0.0.1]:{web.port}/good.xml"), "allow_private"),
    "loop": (lambda web, path: web.redirect(path, path), "go round"),
    "gone": (lambda web, path: None, "404"),
    "json": (lambda web, path: web.serve(path, '{"version": "https://jsonfeed.org/version/1"}'), "JSON"),
    "slow": (lambda web, path: web.drip(path), "too slow"),
}
"""How each is served, and what its line must say."""
ODD: dict[str, bytes] = {
    "laughs": LAUGHS.encode(),
    "twice": rss([item("same", "Said twice", "One."), item("same", "Said twice", "One.")]).encode(),
    "charset": rss([item("charset", "A kestrel over the lake", "Détente à Genève")])
    .replace("utf-8", "us-ascii")
    .encode("latin-1"),
    "script": rss(
        [item("script", "Look &lt;script&gt;alert(1)&lt;/script&gt; here", "&lt;script&gt;alert(2)&lt;/script&gt;Bird")]
    ).encode(),
    "crlf": rss([item("crlf", "Kestrel news&#13;&#10;Bcc: everyone@example.org", "Wind.")]).encode(),
    "long": rss([item("long", "A long story of a kestrel", "The wind over the harbour was weak. " * 140_000)]).encode(),
}
"""Feeds that are odd and can be read all the same."""


def _bomb(web: FeedServer, path: str) -> None:
    packed = gzip.compress(b" " * 300_000_000, compresslevel=9)
    web.serve(path, packed, headers={"Content-Encoding": "gzip"})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that has read all of them beside a good feed. They stay up, for a test may read them again."""
    desk = Desk(tmp_path_factory.mktemp("bad"), rules={"Broken": "kestrel AND (", "Kestrels": "kestrel"})
    desk.rule_options = 'group = "article"'
    desk.environment = {"WIREWATCH_FETCH__TIMEOUT": "5s"}
    with FeedServer("0.0.0.0") as web:
        for number, (name, (serve, _)) in enumerate(BAD.items()):
            serve(web, f"/{name}.xml")
            desk.feeds.append(f"http://{loopback(number)}:{web.port}/{name}.xml")
        for number, (name, body) in enumerate({**ODD, "good": GOOD.encode()}.items()):
            content_type = "text/xml; charset=us-ascii" if name == "charset" else "text/xml"
            web.serve(f"/{name}.xml", body, content_type=content_type)
            desk.feeds.append(f"http://{loopback(50 + number)}:{web.port}/{name}.xml")
        done = desk.once()
        assert "Traceback" not in done.err
        yield desk


def _feed(desk: Desk, name: str) -> dict[str, object]:
    [feed] = [feed for feed in desk.json("feeds", "list") if f"/{name}.xml" in feed["url"]]
    return dict(feed)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_feed_has_a_line_that_says_what_is_wrong(desk: Desk, name: str) -> None:
    feed = _feed(desk, name)
    assert (feed["status"], feed["articles"]) == ("failing", 0)
    assert BAD[name][1] in str(feed["error"])
    assert "\n" not in str(feed["error"])


def test_the_good_feed_beside_them_is_taken_in(desk: Desk) -> None:
    assert _feed(desk, "good")["status"] == "ok"
    assert _feed(desk, "twice")["articles"] == 1
    assert _feed(desk, "laughs")["articles"] == 0
    assert desk.json("audit")["balanced"]


def test_a_script_is_neither_title_nor_text(desk: Desk) -> None:
    [hit] = desk.json("search", "title:look")["hits"]
    article = desk.json("article", hit["id"])
    assert "<script" not in article["text"]
    assert article["text"] == "Bird"


def test_a_line_break_in_a_title_makes_no_mail_header(desk: Desk) -> None:
    [mail] = [mail for mail in desk.mails() if "Bcc" in text_of(mail)]
    assert mail["Bcc"] is None
    assert mail["To"] == "wirewatch@localhost"


def test_an_endless_text_is_cut_and_found(desk: Desk) -> None:
    [hit] = desk.json("search", 'title:"a long story"')["hits"]
    assert 900_000 < len(desk.json("article", hit["id"])["text"]) <= 1_000_000


def test_a_wrong_charset_is_seen_through(desk: Desk) -> None:
    assert desk.total("Genève") == 1


def test_a_rule_that_cannot_be_read_is_named_and_the_others_mail(desk: Desk) -> None:
    said = desk.once().err
    assert "rule 'Broken' is passed over" in said
    assert "(column 13)" in said
    assert {alert["rule"] for alert in desk.json("alerts", "list")} == {"Kestrels"}
