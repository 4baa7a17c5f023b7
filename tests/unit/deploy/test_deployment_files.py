"""Dockerfile, compose.yaml, Kubernetes manifests and systemd units say what the program understands, and agree.

They are read here, not run: settings go through `load_settings`, commands through the command line, manifests through
Kubernetes' own schema.
"""

import re
import shlex
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from deploy.settings import PREFIX, Settings, load_settings
from deploy.stack import kafka
from deploy.stages import STAGES
from index.query import parse
from ingest.clock import utc_now
from tests.unit.deploy.manual import ROOT
from tests.unit.deploy.test_docs import OneName, understand

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
KUSTOMIZATIONS = sorted((ROOT / "deploy/k8s").rglob("kustomization.yaml"))
MANIFESTS = [
    (file.name, manifest)
    for file in sorted((ROOT / "deploy/k8s").rglob("*.yaml"))
    if file not in KUSTOMIZATIONS
    for manifest in yaml.safe_load_all(file.read_text("utf-8"))
]
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
TOMLS = sorted([ROOT / "deploy/wirewatch.toml", *(ROOT / "deploy/k8s").rglob("*.toml")])
SECRETS = dict(
    line.split("=", 1) for line in (ROOT / "deploy/k8s/overlays/example/secret.env").read_text("utf-8").splitlines()
)


def instructions(word: str) -> list[str]:
    """What stands behind each such instruction of the Dockerfile."""
    return re.findall(rf"^{word} (.*)$", DOCKERFILE, re.MULTILINE)


def image_environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in shlex.split(" ".join(instructions("ENV"))))


@dataclass(frozen=True)
class Process:
    """One container that runs Wirewatch: its command and the environment and settings it finds."""

    place: str
    command: Sequence[str]
    environment: Mapping[str, str]
    file: Path
    ports: Sequence[int]
    """Those that it opens to others."""
    probed: Sequence[int]
    volumes: Mapping[str, str]
    """What is mounted where, by path."""

    @property
    def settings(self) -> Settings:
        """As the process reads them."""
        wirewatch = {name: text for name, text in self.environment.items() if name.startswith(PREFIX)}
        for name in wirewatch:
            table = name.removeprefix(PREFIX).lower().split("__")[0]
            assert table in Settings.model_fields, f"{self.place}: {name} is no setting"
        return load_settings(self.file, wirewatch)

    @property
    def metrics_port(self) -> int:
        listen = self.settings.metrics.listen
        if "--metrics" in self.command:
            listen = self.command[list(self.command).index("--metrics") + 1]
        return int(listen.rpartition(":")[2])


def compose_processes() -> Iterator[Process]:
    for name, service in COMPOSE["services"].items():
        if "build" in service:
            yield Process(
                place=f"compose.yaml: {name}",
                command=service["command"],
                environment={**image_environment(), **service["environment"]},
                file=ROOT / COMPOSE["configs"]["settings"]["file"],
                ports=[int(port.split(":")[-1]) for port in service.get("ports", ())],
                probed=(),
                volumes=dict(reversed(volume.split(":")) for volume in service["volumes"]),
            )


def kubernetes_processes() -> Iterator[Process]:
    for file, manifest in MANIFESTS:
        if manifest["kind"] not in ("Deployment", "StatefulSet"):
            continue
        for each in manifest["spec"]["template"]["spec"]["containers"]:
            ports = {port["name"]: port["containerPort"] for port in each["ports"]}
            probes = [each[probe]["httpGet"] for probe in ("livenessProbe", "readinessProbe")]
            assert [probe["path"] for probe in probes] == ["/live", "/ready"]
            assert all(len(name) <= 15 for name in ports), "a name of a port has 15 letters at most"
            yield Process(
                place=f"{file}: {each['name']}",
                command=each["args"],
                environment={**image_environment(), **SECRETS},
                file=ROOT / "deploy/k8s/base/wirewatch.toml",
                ports=list(ports.values()),
                probed=[ports[probe["port"]] for probe in probes],
                volumes={mount["mountPath"]: mount["name"] for mount in each["volumeMounts"]},
            )


PROCESSES = {process.place: process for process in (*compose_processes(), *kubernetes_processes())}


@pytest.mark.parametrize("place", PROCESSES)
def test_every_command_is_understood_and_every_setting_is_one(place: str) -> None:
    process = PROCESSES[place]
    understand(list(process.command), whole=True)
    settings = process.settings
    assert settings.log.url.startswith("kafka://")
    assert settings.search.url.startswith("http")
    assert settings.data in map(Path, process.volumes), "what is kept is on a volume"
    assert settings.web.url, "mails link to the pages"


@pytest.mark.parametrize("processes", [compose_processes, kubernetes_processes])
def test_every_stage_is_there_once(processes: Callable[[], Iterator[Process]]) -> None:
    commands = [process.command for process in processes()]
    assert Counter(command[1] for command in commands) == Counter(STAGES)
    assert {command[0] for command in commands} == {"start"}


@pytest.mark.parametrize("place", PROCESSES)
def test_ports_agree_with_what_the_stage_listens_on(place: str) -> None:
    process = PROCESSES[place]
    web = process.settings.web.address[1]
    opened = {process.metrics_port, *([web] if process.command[1] == "web" else [])}
    assert set(process.ports) <= opened
    assert set(process.probed) <= {process.metrics_port}
    if "--metrics" not in process.command:
        assert {f"{port}" for port in opened} <= set(instructions("EXPOSE")[0].split())


def test_the_image_is_small_and_checks_its_health() -> None:
    settings = load_settings(None, {key: text for key, text in image_environment().items() if key.startswith(PREFIX)})
    port = settings.metrics.listen.rpartition(":")[2]
    assert f"http://127.0.0.1:{port}/live" in instructions("HEALTHCHECK")[0]
    assert instructions("VOLUME") == [str(settings.data)]
    assert instructions("USER")[-1] not in ("root", "0")
    assert "--require-hashes" in DOCKERFILE
    assert len(instructions("FROM")) == 2
    understand(yaml.safe_load(instructions("CMD")[-1]), whole=True)
    assert yaml.safe_load(instructions("ENTRYPOINT")[0]) == ["wirewatch"]
    copied = [word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]]
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(packages["packages"]) <= set(copied)
    sent = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert all((ROOT / name).exists() and f"!{name}" in sent for name in copied)


def test_every_image_has_its_version() -> None:
    base = [line.split()[0] for line in instructions("FROM")]
    services = [service["image"] for service in COMPOSE["services"].values()]
    for image in (*base, *services):
        assert re.search(r":\d+\.\d+\.\d+", image), image
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    built = {service["image"] for service in COMPOSE["services"].values() if "build" in service}
    assert built == {f"wirewatch:{version}"}
    for file in KUSTOMIZATIONS:
        for image in yaml.safe_load(file.read_text("utf-8")).get("images", ()):
            assert (image["name"], image["newTag"]) == ("wirewatch", version)
    assert COMPOSE["services"]["kafka"]["image"].endswith(f":{kafka.VERSION}"), "the one that the tests run"
    elasticsearch, kibana = (COMPOSE["services"][name]["image"].split(":")[1] for name in ("elasticsearch", "kibana"))
    assert elasticsearch == kibana


def test_nothing_without_a_password_is_published_beyond_this_machine() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("file", TOMLS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_settings_file_is_valid_and_without_a_secret(file: Path) -> None:
    settings = load_settings(file, {})
    for rule in settings.rule:
        parse(rule.query, OneName(), utc_now())
    assert settings.feed
    assert "@" not in settings.log.url + settings.search.url + settings.mail.url


@pytest.mark.parametrize(("file", "manifest"), MANIFESTS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_manifest_is_what_kubernetes_takes(file: str, manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("file", KUSTOMIZATIONS, ids=lambda file: file.parent.name)
def test_a_kustomization_names_what_is_there(file: Path) -> None:
    told = yaml.safe_load(file.read_text("utf-8"))
    generated = [*told.get("configMapGenerator", ()), *told.get("secretGenerator", ())]
    named = [
        *told["resources"],
        *(name for each in generated for name in (*each.get("files", ()), *each.get("envs", ()))),
    ]
    assert all((file.parent / name).exists() for name in named)
    beside = {each.name for each in file.parent.iterdir() if each.is_file()} - {file.name}
    assert beside <= set(named)


def test_what_has_state_is_one_pod_with_a_volume() -> None:
    sets = {
        manifest["metadata"]["name"]: manifest["spec"] for _, manifest in MANIFESTS if manifest["kind"] == "StatefulSet"
    }
    assert sets.keys() == {"poller", "indexer", "alerter"}
    for name, spec in sets.items():
        assert spec["replicas"] == 1
        assert [claim["metadata"]["name"] for claim in spec["volumeClaimTemplates"]] == ["data"]
        assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
        assert PROCESSES[f"{name}.yaml: {name}"].volumes["/var/lib/wirewatch"] == "data"
    assert PROCESSES["alerter.yaml: mailer"].volumes["/var/lib/wirewatch"] == "data", "one outbox"


def test_every_service_leads_to_pods_and_their_ports() -> None:
    pods = {
        manifest["metadata"]["name"]: manifest["spec"]["template"]
        for _, manifest in MANIFESTS
        if "template" in manifest.get("spec", {})
    }
    for _, service in ((file, each) for file, each in MANIFESTS if each["kind"] == "Service"):
        pod = pods[service["metadata"]["name"]]
        assert service["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
        ports = {port["name"] for container in pod["spec"]["containers"] for port in container["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports


def unit(file: Path) -> Mapping[str, list[str]]:
    """The directives of a unit, each with its values."""
    found: dict[str, list[str]] = {}
    for line in file.read_text("utf-8").splitlines():
        if line and not line.startswith(("#", "[")):
            key, equals, value = line.partition("=")
            assert equals, line
            found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_starts_a_command_with_settings_that_are_known(file: Path) -> None:
    told = unit(file)
    [started] = told["ExecStart"]
    for stage in STAGES if "@" in file.name else ("",):
        program, *words = shlex.split(started.replace("%i", stage))
        assert program.endswith("/wirewatch")
        understand(words, whole=True)
    environment = dict(pair.split("=", 1) for pair in told["Environment"])
    assert str(load_settings(None, environment).data) == f"/var/lib/{told['StateDirectory'][0]}"
    assert told["User"] != ["root"]
    for hardened in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "ProtectKernelTunables", "RestrictSUIDSGID"):
        assert told[hardened] == ["yes"]


def test_both_units_are_as_hard() -> None:
    whole, stage = map(unit, UNITS)
    assert {key for key in whole if whole[key] != stage[key]} == {"Description", "EnvironmentFile", "ExecStart"}
