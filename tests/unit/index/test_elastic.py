"""What can be said of the Elasticsearch backend without a server; the rest is in tests/contract and tests/crash."""

import hashlib
import json
from pathlib import Path

import pytest

from index.elastic.client import ElasticServer, connect
from index.elastic.document import from_elastic, key, month, to_elastic
from index.elastic.mapping import VERSION, template
from index.elastic.paging import ByPoint, read_elastic_cursor, write_elastic_cursor
from index.paging import ByDate, ByScore
from ingest.errors import WirewatchError
from tests.search_documents import NOW, a_document, entity, event

DIGEST_OF_VERSION = {1: "9c5c38af69bcdaee"}


def test_a_change_of_the_fields_has_a_version_of_its_own() -> None:
    """When this fails, give `VERSION` the next number and enter the digest: old indices must be told from new ones."""
    fields = json.dumps(template("x")["template"], sort_keys=True)
    assert hashlib.sha256(fields.encode()).hexdigest()[:16] == DIGEST_OF_VERSION[VERSION]


def test_a_document_comes_back_from_its_row() -> None:
    written = a_document(
        "a",
        "Manœuvres",
        "L’exercice",
        "fr",
        tags=("Asie",),
        entities=(entity("Beijing", "GPE"),),
        events=(event("visit", actors=("China",), place="Beijing"),),
    )
    assert from_elastic(json.loads(json.dumps(to_elastic(written)))) == written


def test_an_id_too_long_for_elasticsearch_gets_a_key_of_its_own() -> None:
    assert key("a" * 512) == "a" * 512
    assert len({key("a" * 513), key("a" * 514), key("é" * 257)}) == 3
    assert all(len(key(name).encode()) <= 512 for name in ("a" * 1000, "é" * 257))


def test_the_month_is_that_of_the_fetch_in_utc() -> None:
    assert month(a_document("a", published=NOW)) == "2026.11"


@pytest.mark.parametrize("cursor", [ByDate(3, "a.b"), ByScore(20, 17), ByPoint("46ToAwMDaWR5==", (1.5, 7, 12))])
def test_a_cursor_is_read_as_it_was_written(cursor: ByDate | ByScore | ByPoint) -> None:
    assert read_elastic_cursor(write_elastic_cursor(cursor)) == cursor


@pytest.mark.parametrize("text", ["p.", "p.x", "p.bm90", "p.W10=", "p.WyJhIl0=", "p.WzEsMl0=", "p.é"])
def test_a_cursor_nobody_gave_out_is_refused(text: str) -> None:
    with pytest.raises(WirewatchError, match="first page"):
        read_elastic_cursor(text)


@pytest.mark.parametrize(
    ("url", "nodes", "login"),
    [
        ("http://localhost", ["http://localhost:9200"], None),
        ("https://es.example.org", ["https://es.example.org:443"], None),
        ("https://u:p%40s@a:9200,b:9201", ["https://a:9200", "https://b:9201"], ("u", "p@s")),
        ("https://[::1]:9200/es/", ["https://[::1]:9200/es"], None),
        ("http://[::1]", ["http://[::1]:9200"], None),
    ],
)
def test_an_address_names_nodes_and_login(url: str, nodes: list[str], login: tuple[str, str] | None) -> None:
    server = ElasticServer(url)
    assert (server.nodes, server.login) == (nodes, login)
    assert "p@s" not in server.shown
    assert "p%40s" not in server.shown


@pytest.mark.parametrize("url", ["https://", "https:es.example.org", "http://user:password@"])
def test_an_address_without_a_host_is_refused(url: str) -> None:
    with pytest.raises(WirewatchError, match="https://user:password@host:9200"):
        connect(ElasticServer(url))


def test_an_authority_that_is_no_certificate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("not a certificate")
    with pytest.raises(WirewatchError, match="holds no certificate"):
        connect(ElasticServer("https://localhost", ca_file=tmp_path / "ca.pem"))
