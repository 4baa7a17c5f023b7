"""What the pages answer over HTTP, from a real server: headers, hosts, forms from elsewhere, errors, hostile text."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import NoReturn

import httpx
import pytest

from index.document import Document
from index.port import SearchRequest, SearchResults
from index.web.app import create_app
from index.web.backend import WebBackend
from index.web.security import SECURITY_HEADERS
from ingest.errors import Unavailable
from tests.browser import newsroom
from tests.browser.house import house, unbalanced
from tests.browser.newsroom import CROWD, EXERCISE_EN, HOSTILE, LONG, PIECES, document
from tests.browser.serving import serving

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
RULE = {"name": "Visits", "query": "event:visit", "to": "desk@example.org, night@example.org", "every": "1h"}
PAGES = ("/", "/?q=naval", "/?q=plce:x", "/rules", "/alerts", "/feeds", "/audit", "/help", "/healthz", "/nowhere")


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[WebBackend]:
    with house(tmp_path, [*PIECES, HOSTILE]) as made:
        yield made


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a house that no test changes."""
    folder = tmp_path_factory.mktemp("house")
    with (
        house(folder, [*PIECES, HOSTILE]) as made,
        serving(create_app(made)) as url,
        httpx.Client(base_url=url) as client,
    ):
        yield client


@pytest.fixture
def client(backend: WebBackend) -> Iterator[httpx.Client]:
    with serving(create_app(backend)) as url, httpx.Client(base_url=url) as client:
        yield client


class BrokenIndex:
    """An index whose every call fails with the error it is given."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def _fail(self, *_: object) -> NoReturn:
        raise self._error

    def search(self, request: SearchRequest) -> SearchResults:
        """Fails."""
        self._fail()

    def get(self, article_id: str) -> Document | None:
        """Fails."""
        self._fail()

    write = known = count = check = close = rebuild = _fail


class Markup(HTMLParser):
    """The tags of a page, the names of their attributes, and where their links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action", "formaction")]


@pytest.mark.parametrize("path", [*PAGES, "/static/style.css", "/static/nothing.css"])
def test_every_answer_forbids_scripts_and_framing(reader: httpx.Client, path: str) -> None:
    answer = reader.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")
    if "text/html" in answer.headers["content-type"]:
        markup = Markup(answer.text)
        assert not markup.tags & {"script", "style", "iframe", "object", "img"}
        assert not [name for name in markup.attributes if name == "style" or name.startswith("on")]


def test_a_broken_page_says_so_and_keeps_the_headers(backend: WebBackend) -> None:
    broken = replace(backend, index=BrokenIndex(RuntimeError("secret detail")))
    with serving(create_app(broken)) as url:
        answer = httpx.get(url)
    assert answer.status_code == 500
    assert "Something is broken here" in answer.text
    assert "secret detail" not in answer.text
    assert answer.headers["content-security-policy"] == SECURITY_HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/article/x", "/healthz"])
def test_an_index_that_is_away_makes_a_page_that_says_when_to_come_back(backend: WebBackend, path: str) -> None:
    away = Unavailable("the search index does not answer; start it", retry_after=7)
    with serving(create_app(replace(backend, index=BrokenIndex(away)))) as url:
        answer = httpx.get(url + path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "7"
    assert "the search index does not answer; start it" in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:80", "localhost@evil.example", "", "[::1", "a b"]
)
def test_a_foreign_host_name_is_refused(reader: httpx.Client, host: str) -> None:
    answer = reader.get("/", headers={"Host": host})
    assert answer.status_code in (400, 421)
    assert "Wirewatch</a>" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080"])
def test_loopback_names_are_this_server(reader: httpx.Client, host: str) -> None:
    assert reader.get("/", headers={"Host": host}).status_code == 200


def test_a_name_of_the_settings_is_this_server(backend: WebBackend) -> None:
    with serving(create_app(replace(backend, hosts=["News.example.org"]))) as url:
        assert httpx.get(url, headers={"Host": "news.example.org:8080"}).status_code == 200
        assert httpx.get(url, headers={"Host": "www.example.org"}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
@pytest.mark.parametrize("path", ["/rules", "/rules/delete"])
def test_a_form_from_another_site_changes_nothing(
    client: httpx.Client, backend: WebBackend, headers: dict[str, str], path: str
) -> None:
    before = backend.rules.rules()
    answer = client.post(path, data=RULE, headers=headers)
    assert answer.status_code == 403
    assert backend.rules.rules() == before


def test_a_form_of_this_server_is_known_by_origin_where_the_browser_sends_no_more(client: httpx.Client) -> None:
    answer = client.post("/rules", data=RULE, headers={"Origin": str(client.base_url).rstrip("/")})
    assert answer.status_code == 303


def test_the_page_with_forms_lets_the_browser_name_its_origin(reader: httpx.Client) -> None:
    assert reader.get("/rules").headers["referrer-policy"] == "same-origin"


def test_a_body_without_end_is_refused(client: httpx.Client) -> None:
    assert client.post("/rules", data={"query": "x" * 70_000}, headers=SAME_ORIGIN).status_code == 413
    stream = (b"query=x" for _ in range(3))
    assert client.post("/rules", content=stream, headers=SAME_ORIGIN).status_code == 413


def test_a_rule_is_added_listed_and_deleted(client: httpx.Client, backend: WebBackend) -> None:
    answer = client.post("/rules", data=RULE, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "“Visits” is being watched for." in page
    assert "to desk@example.org, night@example.org · every 1h" in page
    assert client.post("/rules/delete", data={"name": "Visits"}, headers=SAME_ORIGIN).status_code == 303
    assert "Visits" not in client.get("/rules").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"query": "plce:Taiwan"}, 'did you mean "place"?'),
        ({"query": "  "}, "the query is empty"),
        ({"to": "desk at example.org"}, "is not a mail address; write one such as"),
        ({"every": "often"}, "every: "),
        ({"group": "colour"}, "group:"),
        ({"name": "two\nlines"}, "write one line"),
        ({"name": "Naval exercises"}, "there is a rule named"),
    ],
)
def test_a_rule_that_cannot_be_kept_says_why_and_keeps_what_was_typed(
    client: httpx.Client, wrong: dict[str, str], said: str
) -> None:
    answer = client.post("/rules", data={**RULE, **wrong}, headers=SAME_ORIGIN)
    assert answer.status_code == 400
    assert said in unescape(answer.text)
    assert "night@example.org" in answer.text or "to" in wrong


def test_a_rule_of_the_settings_file_cannot_be_deleted_here(client: httpx.Client) -> None:
    answer = client.post("/rules/delete", data={"name": "Naval exercises"}, headers=SAME_ORIGIN)
    assert answer.status_code == 400
    assert "stands in the settings file" in answer.text


def test_a_hostile_article_is_text_and_nothing_else(reader: httpx.Client) -> None:
    for path in (f"/article/{document(HOSTILE).id}", "/?q=naval", "/"):
        answer = reader.get(path)
        assert answer.status_code == 200
        assert "x-injected" not in answer.headers
        markup = Markup(answer.text)
        assert not markup.tags & {"script", "img"}
        assert not [name for name in markup.attributes if name.startswith("on")]
        assert all(link.startswith(("/", "#", "https://news.example/")) for link in markup.links)
    assert "{{ 7*7 }}" in reader.get(f"/article/{document(HOSTILE).id}").text


def test_links_out_go_to_the_web_only_and_tell_it_nothing(reader: httpx.Client) -> None:
    page = reader.get(f"/article/{document(EXERCISE_EN).id}").text
    out = re.findall(r'<a[^>]*href="(https?:[^"]*)"[^>]*>', page)
    assert out == [document(EXERCISE_EN).url]
    assert 'rel="noopener noreferrer nofollow"' in page
    assert "Read it at the source" not in reader.get(f"/article/{document(HOSTILE).id}").text


def test_pages_of_results_show_every_article_once(tmp_path: Path) -> None:
    with house(tmp_path, CROWD) as backend, serving(create_app(backend)) as url:
        path: str | None = "/?q=shipping"
        seen: list[str] = []
        while path:
            page = httpx.get(url + path).text
            seen += re.findall(r'<h2><a href="/article/(\w+)"', page)
            following = re.search(r'class="next" href="([^"]*)"', page)
            path = unescape(following[1]) if following else None
    assert len(seen) == len(CROWD)
    assert set(seen) == {document(piece).id for piece in CROWD}


def test_a_cursor_made_up_is_an_error_that_says_what_to_do(reader: httpx.Client) -> None:
    answer = reader.get("/?after=nonsense")
    assert answer.status_code == 400
    assert "search again from the first page" in answer.text


def test_a_query_error_points_at_the_column_the_user_typed(reader: httpx.Client) -> None:
    answer = reader.get("/", params={"q": "ship plce:Taiwan", "language": "fr"})
    assert answer.status_code == 400
    assert "  ship plce:Taiwan\n       ^" in answer.text


def test_five_megabytes_are_shown_in_part_until_all_is_asked_for(tmp_path: Path) -> None:
    with house(tmp_path, [LONG]) as backend, serving(create_app(backend)) as url:
        path = f"{url}/article/{document(LONG).id}"
        part, whole = httpx.get(path, timeout=30).text, httpx.get(path, params={"all": "1"}, timeout=30).text
    assert len(part) < 100_000
    assert 'href="?all=1">Show all' in part
    assert 'href="?all=1#event-0"' in part
    assert len(whole) > 5_000_000
    assert 'id="event-0"' in whole
    assert "Show all" not in whole


def test_an_article_shows_its_marks_events_story_and_way(reader: httpx.Client) -> None:
    page = reader.get(f"/article/{document(EXERCISE_EN).id}").text
    told = "East China Sea (region or sea), a test&#39;s list"  # and the entry that made it
    assert f'<mark class="LOC" title="{told}" id="entity-2">East China Sea</mark>' in page
    assert 'id="event-1">President <mark class="PERSON"' in page
    assert 'href="#event-1">President Xi Jinping is expected' in page
    assert "Joint naval exercise of Russia and China under way" in page
    assert (
        page.index("published</b>") < page.index("fetched</b>") < page.index("tagged</b>") < page.index("indexed</b>")
    )
    assert "+1.4 s" in page


def test_foreign_text_names_its_language(reader: httpx.Client) -> None:
    page = reader.get("/?q=navales").text
    assert 'lang="fr" dir="auto"' in page


def test_what_is_not_there_is_a_page_that_leads_back(reader: httpx.Client) -> None:
    for path in ("/article/none", "/nowhere", "/rules/nothing"):
        answer = reader.get(path)
        assert answer.status_code == 404
        assert 'href="/"' in answer.text
    assert reader.put("/rules", headers={**SAME_ORIGIN, "Content-Length": "0"}).status_code == 405


def test_the_audit_says_whether_its_sum_closes(client: httpx.Client, backend: WebBackend) -> None:
    assert "The sum closes. Nothing is lost." in client.get("/audit").text
    with serving(create_app(unbalanced(backend))) as url:
        page = httpx.get(url + "/audit").text
    assert "The sum does not close: 1 article unaccounted for." in page
    assert newsroom.SHORT_LEDGER.missing[0] in page


def test_one_event_in_three_papers_is_one_alert_with_its_sources(reader: httpx.Client) -> None:
    page = reader.get("/alerts").text
    assert page.count('<a href="/alerts?rule=Naval+exercises">') == 1
    assert "Manœuvres navales sino-russes" in page
    assert "Coastal Wire" in page
    assert '<span class="state good">sent</span>' in page
    assert "This rule has sent nothing yet" in reader.get("/alerts?rule=Mistyped").text


def test_feeds_that_fail_come_first_with_their_error(reader: httpx.Client) -> None:
    page = reader.get("/feeds").text
    assert page.index("down.example does not answer") < page.index("The Harbour Post")
    assert "Not &lt;b&gt;yet&lt;/b&gt; fetched" in page
    assert "4 min ago" in page
    assert "in 6 min" in page


def test_a_house_without_anything_says_what_comes_next(tmp_path: Path) -> None:
    with house(tmp_path, [], rules=[]) as backend, serving(create_app(replace(backend, feeds=lambda: ()))) as url:
        assert "There is no article yet" in httpx.get(url).text
        assert "None yet. Write one below" in httpx.get(url + "/rules").text
        assert "Nothing has been sent yet" in httpx.get(url + "/alerts").text
        assert "wirewatch feeds add" in httpx.get(url + "/feeds").text


def test_a_monitor_gets_a_word(reader: httpx.Client) -> None:
    assert reader.get("/healthz").json() == {"status": "ok", "articles": len(PIECES) + 1}


def test_every_example_of_the_help_page_is_a_search_that_works(reader: httpx.Client) -> None:
    examples = re.findall(r'href="(/\?q=[^"]*)"', reader.get("/help").text)
    assert len(examples) > 40
    for example in examples:
        assert reader.get(unescape(example)).status_code == 200


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff%fe", "q=%ED%A0%80", "from=9999-99-99&q=a", "place=%22&q=a", "q=" + "(" * 60]
)
def test_no_address_breaks_the_search_page(reader: httpx.Client, query: str) -> None:
    assert reader.get(f"/?{query}").status_code in (200, 400)


def test_a_form_with_a_file_in_it_is_told_off(client: httpx.Client) -> None:
    form = {name: value for name, value in RULE.items() if name != "query"}
    answer = client.post("/rules", data=form, files={"query": ("q.txt", b"ship")}, headers=SAME_ORIGIN)
    assert answer.status_code == 400
    assert "cannot be read" in answer.text


def test_no_article_id_breaks_the_article_page(reader: httpx.Client) -> None:
    for odd in ("%00", "..%2f..%2fetc", "%ff", "x" * 5000, "%F0%9F%9A%A2"):
        assert reader.get(f"/article/{odd}").status_code == 404


def test_times_are_those_of_the_clock_it_was_given(reader: httpx.Client) -> None:
    assert f"Tuesday, {newsroom.NOW.day} Nov 2026" in reader.get("/").text
