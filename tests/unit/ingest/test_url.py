"""Canonical addresses: two spellings of one article meet, two articles do not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.url import canonical_url, host_of, request_url


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTP://News.Example.ORG:80", "http://news.example.org/"),
        ("https://example.org:443/a#top", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://bücher.example/ä?ü=ß", "https://xn--bcher-kva.example/%C3%A4?%C3%BC=%C3%9F"),
        ("https://example.org/%7euser/%c3%a9", "https://example.org/~user/%C3%A9"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/100%", "https://example.org/100%25"),
        (" https://example.org/a\n", "https://example.org/a"),
        ("https://example.org/a?", "https://example.org/a"),
        ("http://[2001:DB8::0:1]/a", "http://[2001:db8::1]/a"),
        ("https://m.example.org/a.amp", "https://m.example.org/a.amp"),
    ],
)
def test_spellings_of_one_address_become_one(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical


@pytest.mark.parametrize(
    "tracking",
    [
        "utm_source=rss&utm_medium=feed",
        "at_medium=RSS&at_campaign=rss",
        "fbclid=1",
        "gclid=1",
        "xtor=RSS-1",
        "ns_mchannel=rss",
        "mc_cid=1&mc_eid=2",
        "igshid=1",
        "ocid=1",
        "ref=rss",
        "mod=rss_world",
        "maca=en-rss",
    ],
)
def test_tracking_parameters_make_no_other_article(tracking: str) -> None:
    assert canonical_url(f"https://example.org/a?{tracking}") == "https://example.org/a"


def test_other_parameters_stay_in_their_order() -> None:
    written = "https://example.org/a?z=1&utm_source=x&id=7&b&mod=article&ref=page2"
    assert canonical_url(written) == "https://example.org/a?z=1&id=7&b&mod=article&ref=page2"


def test_a_relative_address_is_resolved_against_its_base() -> None:
    assert (
        canonical_url("../news/1.html", "https://example.org/feeds/all/rss.xml")
        == "https://example.org/feeds/news/1.html"
    )
    assert canonical_url("//cdn.example.org/x", "https://example.org/") == "https://cdn.example.org/x"
    assert canonical_url("?id=3", "https://example.org/news") == "https://example.org/news?id=3"


@pytest.mark.parametrize(
    "written",
    ["", "news/1", "ftp://example.org/a", "javascript:alert(1)", "file:///etc/passwd", "mailto:a@example.org", "http://",
     "http://a b/", "http://example.org:port/", "http://[::1", "http://[fe80::1%25eth0]/", "http://exa$mple.org/",
     "https://example.org/\ud800", "https://example.org/" + "a" * 5000],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(written: str) -> None:
    assert canonical_url(written) is None


def test_the_address_asked_for_keeps_its_tracking_parameters() -> None:
    assert request_url("https://Example.org/feed?utm_source=x#f") == "https://example.org/feed?utm_source=x"


def test_the_host_of_an_address_has_no_port() -> None:
    assert host_of("https://Example.org:8443/a") == "example.org"
    assert host_of("http://[::1") == ""


_PARTS = st.text(alphabet=st.sampled_from("aZ09%/?&=#.;:@[]{}|\\é中 ~+-_'\"<>"), max_size=40)


@given(st.one_of(_PARTS.map(lambda rest: f"https://example.org/{rest}"), st.text(max_size=60)))
@example("http://example.org/%2E%2e/%25%32%45/a?%26=1")
@example("http://example.org//a//?&&utm_x&&")
def test_the_canonical_form_is_its_own_canonical_form(written: str) -> None:
    once = canonical_url(written)
    assert once is None or canonical_url(once) == once
