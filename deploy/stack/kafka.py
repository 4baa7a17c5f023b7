"""A real Kafka on this machine, from Maven Central: one broker or several, in KRaft mode, on 127.0.0.1 only.

Each broker has a folder `broker-N` with its settings, its data and its log; it can be stopped and started alone.
"""

import base64
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.stack import server
from deploy.stack.server import Server
from ingest.log.kafka_clients import connected

VERSION = "4.1.0"
JAVA = 17

_POM = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>wirewatch</groupId><artifactId>kafka</artifactId><version>{VERSION}</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version></dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.24.3</version>
    </dependency>
  </dependencies>
</project>
"""
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
_JVM = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.level=WARN")


@dataclass(frozen=True, slots=True)
class Secured:
    """One more listener, with TLS and SASL (PLAIN and SCRAM). `keystore` is PEM: the key (PKCS 8), then the chain."""

    port: int
    keystore: Path
    users: Mapping[str, str]


def install() -> Path:
    """The folder of Kafka's jars, fetched at the first call. Raises StackError."""
    folder = server.cache_folder() / f"kafka-{VERSION}"
    jars = folder / "lib"
    if not jars.is_dir():
        fresh = folder / f"lib-{uuid.uuid4().hex}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pom.xml").write_text(_POM, encoding="utf-8")
        try:
            server.maven(folder, _COPY, f"-DoutputDirectory={fresh}")
            fresh.rename(jars)
        except OSError:  # another process was quicker
            rmtree(fresh, ignore_errors=True)
    return jars


def start(folder: Path, brokers: int = 1, secured: Sequence[Secured] = ()) -> Server:
    """Start the brokers of the folder and wait until all answer. Data of an earlier start is kept. Raises StackError.

    `secured` listeners are for one broker only.
    """
    homes = [folder / f"broker-{number}" for number in range(1, brokers + 1)]
    if not all((home / "server.properties").exists() for home in homes):
        _set_up(homes, secured)
    pids = [_launch(home) for home in homes]
    url = (folder / "url").read_text(encoding="utf-8")
    servers = [server.remember(home, url, pid) for home, pid in zip(homes, pids, strict=True)]
    for home, pid in zip(homes, pids, strict=True):
        server.wait_until(lambda: answering(url) == brokers, home, pid)
    return servers[0]


def start_broker(home: Path) -> Server:
    """Start one broker, set up before, again. Does not wait until it answers."""
    return server.remember(home, (home.parent / "url").read_text(encoding="utf-8"), _launch(home))


def stop(folder: Path) -> bool:
    """Stop every broker of the folder. Returns whether any ran."""
    homes = sorted(folder.glob("broker-*"))
    if not homes:
        return False
    with ThreadPoolExecutor(len(homes)) as pool:  # together: the last ones would wait for the others to come back
        return any(list(pool.map(server.stop, homes)))


def answering(url: str) -> int:
    """How many brokers the cluster says it has."""
    try:
        with closing(
            connected(KafkaAdminClient, bootstrap_servers=url.removeprefix("kafka://"), bootstrap_timeout_ms=1000)
        ) as admin:
            return len(admin.describe_cluster()["brokers"])
    except (KafkaError, OSError):
        return 0


def running(folder: Path) -> Server | None:
    """The first broker of the folder that runs."""
    return next(filter(None, map(server.running, sorted(folder.glob("broker-*")))), None)


def _launch(home: Path) -> int:
    command = [*_java(), "kafka.Kafka", home / "server.properties"]
    return server.launch(command, home)


def _java() -> list[str | Path]:
    return [server.java_home(JAVA) / "bin" / "java", *_JVM, "-cp", f"{install()}/*"]


def cluster_id() -> str:
    """A new one: 16 bytes in base64, which do not begin with `-`, or Kafka's tool would take them for an option."""
    return base64.urlsafe_b64encode(b"w" + uuid.uuid4().bytes[1:]).decode()[:22]


def _set_up(homes: Sequence[Path], secured: Sequence[Secured]) -> None:
    """Write each broker's settings and format its storage."""
    ports = [server.free_port() for _ in homes]
    voters = [f"{number}@127.0.0.1:{server.free_port()}" for number, _ in enumerate(homes, 1)]
    cluster = cluster_id()
    users = [
        f"--add-scram={mechanism}=[name={user},password={password}]"
        for user, password in {user: word for one in secured for user, word in one.users.items()}.items()
        for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")
    ]
    for number, (home, port) in enumerate(zip(homes, ports, strict=True), 1):
        home.mkdir(parents=True, exist_ok=True)
        settings = home / "server.properties"
        lines = _settings(home, number, port, voters, secured) | _secured_settings(secured)
        settings.write_text("".join(f"{key}={value}\n" for key, value in lines.items()), encoding="utf-8")
        tool = [*_java(), "kafka.tools.StorageTool", "format", "--config", settings, "--cluster-id", cluster, *users]
        server.run(tool, home)
    addresses = ",".join(f"127.0.0.1:{port}" for port in ports)
    (homes[0].parent / "url").write_text(f"kafka://{addresses}", encoding="utf-8")


def _settings(
    home: Path, number: int, port: int, voters: Sequence[str], secured: Sequence[Secured]
) -> dict[str, str | int]:
    """A broker's settings. Replicated as far as there are brokers; quick to begin, and small."""
    copies = min(3, len(voters))
    protocols = ["CLIENT:PLAINTEXT", "CONTROLLER:PLAINTEXT", *(f"SECURED{n}:SASL_SSL" for n, _ in enumerate(secured))]
    listeners = [f"CLIENT://127.0.0.1:{port}", f"CONTROLLER://{voters[number - 1].partition('@')[2]}"]
    listeners += [f"SECURED{n}://127.0.0.1:{one.port}" for n, one in enumerate(secured)]
    return {
        "process.roles": "broker,controller",
        "node.id": number,
        "controller.quorum.voters": ",".join(voters),
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "CLIENT",
        "listener.security.protocol.map": ",".join(protocols),
        "listeners": ",".join(listeners),
        "broker.heartbeat.interval.ms": 500,
        "broker.session.timeout.ms": 3000,
        "log.dirs": str(home / "data"),
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        "min.insync.replicas": max(1, copies - 1),
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": max(1, copies - 1),
        "transaction.state.log.num.partitions": 4,
        "transaction.abort.timed.out.transaction.cleanup.interval.ms": 1000,
        "log.cleaner.dedupe.buffer.size": 8 * 2**20,
        "num.network.threads": 2,
        "num.io.threads": 4,
    }


def _secured_settings(secured: Sequence[Secured]) -> dict[str, str | int]:
    lines: dict[str, str | int] = {}
    for number, one in enumerate(secured):
        prefix = f"listener.name.secured{number}"
        users = " ".join(f'user_{user}="{password}"' for user, password in one.users.items())
        module = "org.apache.kafka.common.security"
        lines |= {
            f"{prefix}.ssl.keystore.type": "PEM",
            f"{prefix}.ssl.keystore.location": str(one.keystore),
            f"{prefix}.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            f"{prefix}.plain.sasl.jaas.config": f"{module}.plain.PlainLoginModule required {users};",
            f"{prefix}.scram-sha-256.sasl.jaas.config": f"{module}.scram.ScramLoginModule required;",
            f"{prefix}.scram-sha-512.sasl.jaas.config": f"{module}.scram.ScramLoginModule required;",
        }
    return lines
