"""What the local servers share: where they are kept, how they are fetched, started, waited for and stopped.

A server lives in one folder of its own, with `server.log` and `server.json` (its process and address) in it.
"""

import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.errors import WirewatchError

_POLL_SECONDS = 0.1
_STOP_SECONDS = 30.0
_TOLD_LINES = 15
_PORTS = range(10_000, 32_768)


class StackError(WirewatchError):
    """A local server cannot be had. The message says what is missing or went wrong."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: the URL for Wirewatch's settings, its process and when that began (see `_since`)."""

    url: str
    pid: int
    since: str


def cache_folder() -> Path:
    """Where downloads and servers are kept: WIREWATCH_STACK, or `wirewatch/stack` in the user's cache folder.

    For root it is in the system's cache folder, since some servers run as another user, who cannot look into root's.
    """
    own = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    caches = own if os.geteuid() else Path("/var/cache")
    folder = Path(os.environ.get("WIREWATCH_STACK") or caches / "wirewatch" / "stack")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def free_port() -> int:
    """A port of loopback that nobody listens on now. It lies below those that systems give to connections that go out:
    one of these might take it before it is used.
    """
    while True:
        port = secrets.choice(_PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def java_home(at_least: int) -> Path:
    """The folder of a Java of that version or later. Raises StackError."""
    on_path = shutil.which("java")
    named = [os.environ[name] for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    places = [
        *map(Path, named),
        *([Path(on_path).resolve().parents[1]] if on_path else []),
        *sorted(Path("/usr/lib/jvm").glob("*")),
        *sorted(Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home")),
    ]
    for place in places:
        if (_java_version(place) or 0) >= at_least:
            return place
    raise StackError(f"Java {at_least} or later is not installed; install a JDK, or set JAVA_HOME to one")


def maven(folder: Path, *arguments: str) -> None:
    """Run Maven in that folder, which checks checksums and keeps what it fetched. Raises StackError."""
    program = shutil.which("mvn")
    if not program:
        raise StackError("Maven (mvn) is not installed; install it (Debian: apt-get install maven)")
    command = [program, "--batch-mode", "--quiet", "--strict-checksums", *arguments]
    run(command, folder)


def run(command: Sequence[str | Path], folder: Path) -> None:
    """Run a program to its end. Raises StackError with the end of what it said, when it failed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise StackError(f"failed: {' '.join(map(str, command))}\n{_tail(done.stdout + done.stderr)}")


def launch(
    command: Sequence[str | Path], folder: Path, env: Mapping[str, str] | None = None, user: str | None = None
) -> int:
    """Start a server in the background, in `folder`, its output to `server.log` there. Returns its process id.

    `env` is laid over the environment; `user` is whom it runs as, for root only. The server outlives its caller.
    """
    background = '"$@" </dev/null >>server.log 2>&1 & echo $!'  # left to init, so that no process waits for it
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", background, "sh", *map(str, command)],
        cwd=folder,
        env={**os.environ, **(env or {})},
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(done.stdout)


def wait_until(answers: Callable[[], bool], folder: Path, pid: int, seconds: float = 120) -> None:
    """Wait for a server to answer. Raises StackError, with the end of its log, when it ended or took too long."""
    give_up = time.monotonic() + seconds
    while not answers():
        ended = _since(pid) is None
        if ended or time.monotonic() > give_up:
            what = "ended" if ended else f"did not answer within {seconds:.0f} s"
            log = folder / "server.log"
            raise StackError(f"the server in {folder} {what}; its log ends:\n{_tail(log.read_text(errors='replace'))}")
        time.sleep(_POLL_SECONDS)


def remember(folder: Path, url: str, pid: int) -> Server:
    """Note which server runs in the folder, for `running` and `stop`."""
    server = Server(url, pid, _since(pid) or "")
    (folder / "server.json").write_text(json.dumps(asdict(server)), encoding="utf-8")
    return server


def running(folder: Path) -> Server | None:
    """The server that runs in the folder now."""
    try:
        server = Server(**json.loads((folder / "server.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return server if _since(server.pid) == server.since else None


def stop(folder: Path) -> bool:
    """Stop the server of the folder and wait for its end; after 30 s it is killed. Returns whether one ran."""
    server = running(folder)
    if server:
        os.kill(server.pid, signal.SIGTERM)
        give_up = time.monotonic() + _STOP_SECONDS
        while running(folder):
            if time.monotonic() > give_up:
                os.kill(server.pid, signal.SIGKILL)
            time.sleep(_POLL_SECONDS)
    (folder / "server.json").unlink(missing_ok=True)
    return server is not None


def _since(pid: int) -> str | None:
    """When the process started, so that a number used again is not taken for it; None when it has ended."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return None
    else:
        fields = told.rpartition(")")[2].split()  # after the name, which may hold anything (proc(5))
        return None if fields[0] in "ZX" else fields[19]
    try:
        os.kill(pid, 0)
    except OSError:
        return None
    return "running"  # no /proc here: the number must do


def _java_version(home: Path) -> int | None:
    try:
        told = (home / "release").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r'^JAVA_VERSION="(\d+)', told, re.MULTILINE)
    return int(found[1]) if found and (home / "bin" / "java").exists() else None


def _tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-_TOLD_LINES:])
