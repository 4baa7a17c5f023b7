"""Elasticsearch with TLS, users and API keys: what the documentation says is enough, and mistakes say what to do."""

import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from deploy import wiring
from deploy.doctor import examine
from deploy.settings import load_settings
from deploy.stack import elasticsearch
from deploy.stack.elasticsearch import Security
from index.elastic.client import ElasticServer, connect
from index.elastic.index import ElasticIndex
from index.port import SearchRequest
from ingest.errors import Unavailable, WirewatchError
from tests.elastic import QUICK, server_folder
from tests.search_documents import a_document, read
from tests.servers import required

DOCS = Path(__file__).resolve().parents[2] / "docs" / "operations-elasticsearch.md"
PASSWORD = "p@ss/w:rd"  # letters that a URL must escape
ESCAPED = "p%40ss%2Fw%3Ard"


@dataclass(frozen=True, slots=True)
class Secured:
    """A server with TLS; `admin` may do everything there, `desk` what the documentation says."""

    folder: Path
    authority: trustme.CA
    admin: ElasticServer

    @property
    def desk(self) -> ElasticServer:
        return replace(self.admin, url=self.admin.url.replace("admin:", "desk:"))


@pytest.fixture(scope="module")
def secured() -> Iterator[Secured]:
    folder = server_folder()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certify(authority, folder)
    security = Security("admin", PASSWORD, folder / "http.crt", folder / "http.key", folder / "ca.pem")
    try:
        url = required(lambda: elasticsearch.start(folder / "node", java=QUICK, security=security)).url
        admin = ElasticServer(url.replace("https://", f"https://admin:{ESCAPED}@"), ca_file=folder / "ca.pem")
        with connect(admin) as client:
            client.security.put_role(name="wirewatch", **documented_role())
            client.security.put_user(username="desk", password=PASSWORD, roles=["wirewatch"])
            client.security.put_user(username="reader", password=PASSWORD, roles=[])
        yield Secured(folder, authority, admin)
    finally:
        elasticsearch.stop(folder / "node")
        shutil.rmtree(folder)


def certify(authority: trustme.CA, folder: Path, not_after: datetime | None = None) -> None:
    certificate = authority.issue_cert("127.0.0.1", "localhost", not_after=not_after)
    certificate.private_key_pem.write_to_path(str(folder / "http.key"))
    for place, blob in enumerate(certificate.cert_chain_pems):
        blob.write_to_path(str(folder / "http.crt"), append=place > 0)


def documented_role() -> dict[str, Any]:
    """The role as the documentation prints it."""
    found = re.search(r"```json\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    role: dict[str, Any] = json.loads(found[1])
    return role


def test_the_documented_role_is_enough_for_all_that_is_done(secured: Secured) -> None:
    with closing(ElasticIndex(secured.desk, "wirewatch")) as index:
        assert "0 articles" in index.check()
        assert index.write([a_document("a", "Frigate"), a_document("b", "Frigate", days_ago=40)]) == []
        assert index.write([a_document("b", "Frigate")]) == []
        first = index.search(SearchRequest(read("frigate"), limit=1, facets=True, histogram=True))
        assert index.search(SearchRequest(read("frigate"), limit=1, after=first.next)).total == 2
        with index.rebuild() as fresh:
            fresh.write([a_document("c", "Frigate")])
        assert index.known(["a", "b", "c"]) == {"c"}
        assert index.count() == 1
        assert index.get("c") is not None


def test_an_api_key_serves_in_the_place_of_a_password(secured: Secured) -> None:
    with connect(secured.admin) as client:
        api_key = client.security.create_api_key(name="key", role_descriptors={"wirewatch": documented_role()})[
            "encoded"
        ]
    bare = ElasticServer(secured.admin.nodes[0], api_key=api_key, ca_file=secured.admin.ca_file)
    with closing(ElasticIndex(bare, "wirewatch")) as index:
        assert "articles" in index.check()


def test_the_settings_file_is_all_it_takes(secured: Secured, tmp_path: Path) -> None:
    shutil.copyfile(secured.folder / "ca.pem", tmp_path / "ca.pem")
    file = tmp_path / "wirewatch.toml"
    file.write_text(f'[search]\nurl = "{secured.desk.url}"\nca_file = "ca.pem"\n', encoding="utf-8")
    settings = load_settings(file, {})
    with closing(wiring.open_index(settings)) as index:
        assert isinstance(index, ElasticIndex)
        assert PASSWORD not in index.check()
    [search] = [finding for finding in examine(settings) if finding.part == "search"]
    assert search.well, search.told


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"url": ("p%40ss", "wrong")}, "does not know this user, password or API key; correct search.url"),
        ({"url": ("desk:", "nobody:")}, "does not know this user"),
        ({"url": ("desk:", "reader:")}, "does not allow this user.*operations-elasticsearch.md"),
        ({"url": ("https:", "http:")}, "search.ca_file is for a secure connection"),
        ({"url": ("https:", "http:"), "ca_file": None}, "is it https:// there"),
        ({"api_key": "bm90OnJpZ2h0"}, "API key; correct search.url or search.api_key"),
        ({"ca_file": None}, "not signed by an authority.*search.ca_file"),
        ({"ca_file": "other.pem"}, "not signed by an authority.*search.ca_file"),
        ({"ca_file": "absent.pem"}, "there is no file"),
    ],
)
def test_a_mistake_in_the_settings_says_what_to_do_and_keeps_the_secret(
    secured: Secured, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    server = secured.desk
    if "url" in change:
        server = replace(server, url=server.url.replace(*change["url"]))
    if "api_key" in change:
        server = replace(server, api_key=change["api_key"])
    if "ca_file" in change:
        server = replace(server, ca_file=change["ca_file"] and tmp_path / change["ca_file"])

    def use() -> None:
        with closing(ElasticIndex(server, "wirewatch")) as index:
            index.check()

    with pytest.raises(WirewatchError, match=message) as caught:
        use()
    assert "\n" not in str(caught.value)
    assert not any(secret in str(caught.value) for secret in (PASSWORD, ESCAPED, "bm90OnJpZ2h0"))


def test_an_expired_certificate_is_told_as_such_and_its_renewal_is_noticed(secured: Secured) -> None:
    config = secured.folder / "node" / "config"  # Elasticsearch looks there for new files every few seconds
    certify(secured.authority, config, not_after=datetime.now(UTC) - timedelta(days=1))
    until_told(secured, "has expired; renew it")
    certify(secured.authority, config)
    until_told(secured, "articles")


def until_told(secured: Secured, words: str) -> None:
    """Look until the doctor's look at the index says so."""
    end = time.monotonic() + 60
    told = ""
    while words not in told:
        assert time.monotonic() < end, told
        time.sleep(0.5)
        with closing(ElasticIndex(secured.desk, "wirewatch")) as index:
            try:
                told = index.check()
            except Unavailable as error:
                told = str(error)
