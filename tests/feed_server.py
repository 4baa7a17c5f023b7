"""A real HTTP server on loopback that plays the web for the tests: feeds, articles, redirects, bad servers."""

import gzip
import hashlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import brotli  # type: ignore[import-untyped]

RSS = "application/rss+xml"
_DRIP = "X-Drip-Headers"


@dataclass(frozen=True)
class Received:
    """A request as the server saw it. Header names are lower case."""

    path: str
    headers: Mapping[str, str]
    time: float  # time.monotonic()


@dataclass(frozen=True)
class Reply:
    """What to answer. A `body` of chunks is sent without Content-Length, until it ends or the client leaves."""

    body: bytes | Iterator[bytes] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Callable[[Received], Reply]


class FeedServer:
    """Serves what the test says, counts who asks. Use as a context manager; paths without a route answer 404."""

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self._routes: dict[str, Route] = {}
        self._received: list[Received] = []
        self._stopping = threading.Event()
        self._http = _HttpServer(host, self)
        self._scheme = "https" if tls else "http"
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self.host = host
        self.port = int(self._http.server_address[1])
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def url(self, path: str = "/") -> str:
        """The address of a path, for example `http://127.0.0.1:40123/feed.xml`."""
        return f"{self._scheme}://{self.host}:{self.port}{path}"

    def hits(self, path: str) -> int:
        """How many requests came for this path, conditional ones too."""
        return len(self.requests(path))

    def requests(self, path: str) -> list[Received]:
        """The requests for this path, in order of arrival."""
        return [request for request in list(self._received) if request.path == path]

    def route(self, path: str, answer: Route) -> None:
        """Let a function answer."""
        self._routes[path] = answer

    def serve(
        self,
        path: str,
        body: bytes | str,
        *,
        content_type: str | None = RSS,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        encoding: str | None = None,
    ) -> None:
        """Answer with this body, with an ETag of it, and 304 to whoever has it. `encoding` is None, "gzip" or "br".

        With `Last-Modified` among the headers, If-Modified-Since of that same date is answered 304 as well.
        """
        plain = body.encode() if isinstance(body, str) else body
        sent = {"ETag": f'"{hashlib.sha256(plain).hexdigest()[:16]}"'} if status == 200 else {}
        if content_type is not None:
            sent["Content-Type"] = content_type
        if encoding is not None:
            sent["Content-Encoding"] = encoding
        sent.update(headers or {})
        packed = (
            gzip.compress(plain)
            if encoding == "gzip"
            else brotli.compress(plain, quality=4)
            if encoding == "br"
            else plain
        )

        def answer(request: Received) -> Reply:
            asked_etag, asked_date = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
            fresh = asked_etag == sent.get("ETag") if asked_etag else asked_date == sent.get("Last-Modified")
            if status == 200 and (asked_etag or asked_date) and fresh:
                return Reply(b"", 304, {name: value for name, value in sent.items() if not name.startswith("Content-")})
            return Reply(packed, status, sent)

        self.route(path, answer)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Send whoever asks to `to`, as it is written."""
        self.route(path, lambda request: Reply(b"", status, {"Location": to}))

    def drip(self, path: str, chunk: bytes = b" ", every: float = 0.05) -> None:
        """An endless answer, one chunk every so many seconds."""

        def chunks() -> Iterator[bytes]:
            while not self._stopping.is_set():
                yield chunk
                time.sleep(every)

        self.route(path, lambda request: Reply(chunks(), 200, {"Content-Type": RSS}))

    def drip_headers(self, path: str, every: float = 0.05) -> None:
        """Headers that never end, one byte every so many seconds."""
        self.route(path, lambda request: Reply(iter(()), 200, {_DRIP: str(every)}))

    def cut_off(self, path: str, body: bytes, announced: int, content_type: str = RSS) -> None:
        """Announce more bytes than are sent, then hang up."""
        headers = {"Content-Type": content_type, "Content-Length": str(announced)}
        self.route(path, lambda request: Reply(iter((body,)), 200, headers))

    def answer(self, request: Received) -> Reply:
        """What the server says to a request, which it counts."""
        self._received.append(request)
        route = self._routes.get(request.path)
        return route(request) if route else Reply(b"not here", 404, {"Content-Type": "text/plain"})

    @property
    def stopping(self) -> bool:
        """Whether endless answers must end now."""
        return self._stopping.is_set()


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, host: str, feeds: FeedServer) -> None:
        super().__init__((host, 0), _Handler)
        self.feeds = feeds

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up half-way is no news here."""


class _Handler(BaseHTTPRequestHandler):
    server: _HttpServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.feeds.answer(Received(self.path, headers, time.monotonic()))
        self.close_connection = True
        try:
            if _DRIP in reply.headers:
                self._drip_headers(float(reply.headers[_DRIP]))
            else:
                self._send(reply)
        except OSError:
            return  # the client left, as clients do

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if isinstance(reply.body, bytes):
            self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        for chunk in (reply.body,) if isinstance(reply.body, bytes) else reply.body:
            self.wfile.write(chunk)

    def _drip_headers(self, every: float) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.server.feeds.stopping:
            self.wfile.write(b"a")
            time.sleep(every)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server calls it
        """Keep the test output readable."""
