"""The port on which a process is watched: `/metrics` for Prometheus, `/live` and `/ready` for an orchestrator."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from deploy.health import Health, keep_probing
from deploy.listening import listener
from deploy.metrics import Metrics
from index.alerts.mailer import MailObserver
from index.alerts.outbox import Mail
from ingest.errors import Unavailable, WirewatchError
from ingest.poller import PollObserver, PollResult
from process.consumer import Observer, Work

_CONNECTION_SECONDS = 10.0


class Monitor(Observer, PollObserver, MailObserver):
    """Metrics and health of the stages of this process, told by the stages themselves."""

    def __init__(self, stages: Collection[str]) -> None:
        self.metrics = Metrics()
        self.health = Health(stages)
        self._observers: list[Observer] = [self.metrics, self.health]

    def tell(self, observer: Observer) -> None:
        """Let another hear of the consume loops as well. Before they begin."""
        self._observers.append(observer)

    def polled(self, stage: str, joined: bool) -> None:
        for observer in self._observers:
            observer.polled(stage, joined)

    def worked(self, work: Work) -> None:
        for observer in self._observers:
            observer.worked(work)

    def failed(self, stage: str, error: WirewatchError) -> None:
        for observer in self._observers:
            observer.failed(stage, error)

    def looked_for_feeds(self) -> None:
        self.health.well("poller")

    def could_not_look(self, error: Unavailable) -> None:
        self.failed("poller", error)

    def polled_feed(self, result: PollResult) -> None:
        self.metrics.polled_feed(result)

    def looked(self) -> None:
        self.health.well("mailer")

    def could_not_deliver(self, error: Unavailable) -> None:
        self.failed("mailer", error)

    def ended(self, mail: Mail, end: str) -> None:
        self.metrics.ended(mail, end)


@contextmanager
def watched(monitor: Monitor, listen: str, probes: Mapping[str, Callable[[], object]]) -> Iterator[None]:
    """Answer on `listen` while the block runs; where it is empty, do nothing. `probes`: see `keep_probing`.

    Raises WirewatchError when the address cannot be listened on.
    """
    if not listen:
        yield
        return
    stop = threading.Event()
    with listener(listen, "`listen` in [metrics]") as door, _Server(monitor, door.getsockname()) as server:
        server.socket.close()
        server.socket = door
        work = (server.serve_forever, lambda: keep_probing(probes, monitor.health, stop))
        for each in work:
            threading.Thread(target=each, name="monitor", daemon=True).start()
        try:
            yield
        finally:
            stop.set()
            server.shutdown()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, monitor: Monitor, address: tuple[str, int]) -> None:
        super().__init__(address, _Handler, bind_and_activate=False)
        self.monitor = monitor

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asks and hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _CONNECTION_SECONDS

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        monitor = self.server.monitor
        if path == "/metrics":
            self._answer(200, monitor.metrics.exposition(), CONTENT_TYPE_PLAIN_0_0_4)
        elif path == "/live":
            self._tell(monitor.health.hung())
        elif path == "/ready":
            self._tell(monitor.health.unready())
        else:
            self._answer(404, b"There are /metrics, /live and /ready.\n")

    def _tell(self, troubles: Sequence[str]) -> None:
        self._answer(503 if troubles else 200, "".join(f"{line}\n" for line in troubles or ["ok"]).encode())

    def _answer(self, status: int, body: bytes, content_type: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server calls it
        """Requests are not logged."""
