"""The dashboard for Kibana as a file, and how it is handed to Kibana: ids, references, what a refusal says."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.cli.app import app
from deploy.kibana.dashboard import saved_objects
from deploy.kibana.install import Kibana, install
from deploy.kibana.saved_objects import to_ndjson
from ingest.errors import Unavailable, WirewatchError
from tests.kibana import columns_of

OBJECTS = saved_objects("wirewatch")
ALLOWED = {
    "index-pattern": {
        "title", "name", "timeFieldName", "allowNoIndex", "fields", "fieldAttrs", "sourceFilters", "fieldFormatMap",
        "runtimeFieldMap",
    },
    "lens": {"title", "description", "visualizationType", "state"},
    "visualization": {"title", "description", "version", "visState", "uiStateJSON", "kibanaSavedObjectMeta"},
    "dashboard": {
        "title", "description", "version", "timeRestore", "timeFrom", "timeTo", "refreshInterval", "optionsJSON",
        "panelsJSON", "kibanaSavedObjectMeta",
    },
}  # fmt: skip
"""The attributes that Kibana's schemas for these types know and that are in use here; it refuses others."""
DONE = {"success": True, "successCount": len(OBJECTS)}


def run(folder: Path, *words: str) -> Result:
    settings = folder / "wirewatch.toml"
    settings.write_text('name = "desk"\n', encoding="utf-8")
    return CliRunner().invoke(app, ["--config", str(settings), "kibana", *words])


def test_every_reference_is_to_an_object_that_stands_before_it() -> None:
    before: set[tuple[str, str]] = set()
    for each in OBJECTS:
        assert {(one.kind, one.id) for one in each.references} <= before, each.id
        assert (each.kind, each.id) not in before
        before.add((each.kind, each.id))


def test_every_attribute_is_one_that_kibana_takes() -> None:
    for each in OBJECTS:
        assert each.attributes.keys() <= ALLOWED[each.kind]


def test_two_wirewatches_share_a_kibana_and_not_an_object() -> None:
    assert not {each.id for each in OBJECTS} & {each.id for each in saved_objects("other")}


def test_every_panel_has_its_chart_and_its_place() -> None:
    [board] = [each for each in OBJECTS if each.kind == "dashboard"]
    panels = json.loads(board.attributes["panelsJSON"])
    named = {f"{panel['panelIndex']}:{panel['panelRefName']}": panel["type"] for panel in panels}
    assert named == {one.name: one.kind for one in board.references}
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        x, y, width, height = (panel["gridData"][key] for key in "xywh")
        cells = {(x + right, y + down) for right in range(width) for down in range(height)}
        assert not cells & taken
        assert x + width <= 48
        taken |= cells
    charts = [each for each in OBJECTS if each.kind in ("lens", "visualization")]
    assert {one.id for one in board.references} == {each.id for each in charts}


@pytest.mark.parametrize("chart", [each for each in OBJECTS if each.kind == "lens"], ids=lambda chart: chart.id)
def test_a_lens_chart_draws_the_columns_it_has(chart: Any) -> None:
    columns = columns_of(chart)
    buckets = [column["isBucketed"] for column in columns.values()]
    assert buckets == sorted(buckets, reverse=True), "what makes buckets comes first"
    drawn = chart.attributes["state"]["visualization"]
    if chart.attributes["visualizationType"] == "lnsXY":
        [layer] = drawn["layers"]
        used = [layer["xAccessor"], *layer["accessors"], *filter(None, [layer.get("splitAccessor")])]
    else:
        used = [column["columnId"] for column in drawn["columns"]]
        assert drawn["sorting"]["columnId"] in used
    assert sorted(used) == sorted(columns)


def test_a_vega_chart_is_json_that_kibana_gets_as_text() -> None:
    for each in (each for each in OBJECTS if each.kind == "visualization"):
        spec = json.loads(json.loads(each.attributes["visState"])["params"]["spec"])
        assert spec["$schema"].startswith("https://vega.github.io/schema/vega")


def test_the_file_and_standard_output_are_the_same(tmp_path: Path) -> None:
    file = tmp_path / "kibana.ndjson"
    assert run(tmp_path, "export", str(file)).exit_code == 0
    printed = run(tmp_path, "export").stdout
    assert printed == file.read_text("utf-8") == to_ndjson(saved_objects("desk"))
    for line in printed.splitlines():
        assert {"type", "id", "attributes", "references", "typeMigrationVersion"} <= json.loads(line).keys()


@dataclass
class Import:
    """A server that takes an import as Kibana does, and what it was sent."""

    url: str = ""
    status: int = 200
    answer: Any = field(default_factory=lambda: DONE)
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    file: str = ""


@contextmanager
def importing(status: int = 200, answer: Any = DONE) -> Iterator[Import]:
    """An HTTP server with the import of Kibana, and nothing behind it."""
    kibana = Import(status=status, answer=answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kibana.path, kibana.headers = self.path, {key.lower(): value for key, value in self.headers.items()}
            body = self.rfile.read(int(self.headers["Content-Length"]))
            parts = message_from_bytes(f"Content-Type: {self.headers['Content-Type']}\n\n".encode() + body)
            [part] = [each for each in parts.walk() if not each.is_multipart()]
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            kibana.file = content.decode()
            sent = json.dumps(kibana.answer).encode()
            self.send_response(kibana.status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server calls it
            """Keep the test output readable."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kibana.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield kibana
        server.shutdown()
        thread.join()


def test_the_whole_file_is_sent_to_the_space_that_the_address_names(tmp_path: Path) -> None:
    with importing() as kibana:
        url = f"{kibana.url}/base/s/desk/".replace("//", "//user:p%40ss@")
        done = run(tmp_path, "install", url)
    assert done.exit_code == 0, done.output
    assert kibana.path == "/base/s/desk/api/saved_objects/_import?overwrite=true"
    assert kibana.headers["kbn-xsrf"]
    assert kibana.headers["authorization"] == "Basic dXNlcjpwQHNz"
    assert kibana.file == to_ndjson(saved_objects("desk"))
    assert done.stdout == f"{kibana.url}/base/s/desk/app/dashboards#/view/desk-dashboard\n"


def test_an_api_key_stands_in_the_place_of_a_user() -> None:
    with importing() as kibana:
        assert install(Kibana(kibana.url, api_key="a2V5"), OBJECTS) == len(OBJECTS)
    assert kibana.headers["authorization"] == "ApiKey a2V5"


REFUSED = {
    "success": False,
    "successCount": 0,
    "errors": [{"type": "lens", "id": "x", "error": {"type": "unsupported_type", "message": "too new"}}],
}


@pytest.mark.parametrize(
    ("status", "answer", "error", "says"),
    [
        (401, {}, WirewatchError, "does not know this user or API key"),
        (403, {}, WirewatchError, "Saved Objects Management: All"),
        (404, {"message": "Not Found"}, WirewatchError, "does not import .Not Found.; correct the address"),
        (200, ["not Kibana"], WirewatchError, "does not import"),
        (503, {}, Unavailable, "is not ready"),
        (200, REFUSED, WirewatchError, "refuses lens x: unsupported_type too new"),
    ],
)
def test_a_refusal_says_what_to_do(status: int, answer: Any, error: type[Exception], says: str) -> None:
    with importing(status, answer) as kibana, pytest.raises(error, match=says) as caught:
        install(Kibana(kibana.url.replace("//", "//user:secret@")), OBJECTS)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "ca_file", "says"),
    [
        ("http://127.0.0.1:1", None, "cannot be reached at http://127.0.0.1:1"),
        ("kibana:5601", None, "is written as https://"),
        ("https://127.0.0.1:1", "absent.pem", "absent.pem cannot be read"),
    ],
)
def test_an_address_that_cannot_be_is_told(url: str, ca_file: str | None, says: str) -> None:
    with pytest.raises(WirewatchError, match=says):
        install(Kibana(url, ca_file=Path(ca_file) if ca_file else None), OBJECTS)
