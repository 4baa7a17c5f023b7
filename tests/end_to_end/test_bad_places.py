"""Settings that are wrong, files that are none, a full disk, a port that is taken: one clear line, never more."""

import os
import resource
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.desk import Desk, item, loopback, rss
from tests.feed_server import FeedServer

WRONG_SETTINGS = {
    "[fetch]\nfull_txt = true": ("fetch.full_txt", "did you mean 'full_text'"),
    "[fetch\n": ("not valid TOML", "line 1"),
    '[[feed]]\nurl = "ftp://wire.example"': ("feed[1].url", "http://"),
    '[mail]\nurl = "pigeon:"': ("mail.url", "smtp:"),
    '[[rule]]\nname = "A"\nquery = "x"\n[[rule]]\nname = "A"\nquery = "y"': ("rule", "two rules are named 'A'"),
    '[web]\nlisten = "everywhere"': ("web.listen", "everywhere"),
}


def _assert_one_line(said: str) -> None:
    assert said.startswith("wirewatch: ")
    assert said.count("\n") == 1, said
    assert "Traceback" not in said


@pytest.mark.parametrize("text", WRONG_SETTINGS)
def test_a_wrong_setting_is_one_line_with_file_key_and_remedy(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    done = Desk(tmp_path).run("--config", "mine.toml", "audit", code=2)
    _assert_one_line(done.err)
    assert "mine.toml" in done.err
    assert all(part in done.err for part in WRONG_SETTINGS[text])


def test_a_settings_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = Desk(tmp_path).run("--config", "none.toml", "audit", code=2)
    _assert_one_line(done.err)
    assert "none.toml: No such file" in done.err


def test_a_traceback_comes_with_debug_only(tmp_path: Path) -> None:
    assert "Traceback" in Desk(tmp_path).run("--debug", "--config", "none.toml", "audit", code=1).err


def _garbage(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 500)


@pytest.mark.parametrize("spoil", [_garbage, Path.mkdir], ids=["garbage", "a folder in its place"])
@pytest.mark.parametrize("name", ["log.sqlite", "feeds.sqlite", "alerts.sqlite"])
def test_a_database_that_cannot_be_read_is_named_with_a_remedy(
    tmp_path: Path, name: str, spoil: Callable[[Path], None]
) -> None:
    desk = Desk(tmp_path)
    desk.data.mkdir()
    spoil(desk.data / name)
    done = desk.run("run", "--once", code=3)
    _assert_one_line(done.err)
    assert f"{name}: " in done.err
    assert "move it away" in done.err or "check" in done.err


def test_the_doctor_says_which_part_is_ill(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.data.mkdir()
    _garbage(desk.data / "log.sqlite")
    parts = {part["part"]: part for part in desk.json("doctor", code=3)}
    assert not parts["log"]["ok"]
    assert "log.sqlite" in parts["log"]["message"]
    assert parts["search"]["ok"]


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        desk = Desk(tmp_path, port=taken.getsockname()[1])
        done = desk.run("run", code=1)
    last = done.err.splitlines()[-1]
    assert f"Cannot listen on 127.0.0.1:{desk.port}" in last
    assert "listen" in last
    assert "Traceback" not in done.err


@pytest.mark.timeout(600)
def test_a_full_disk_stops_the_run_and_loses_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, rules={"Kestrels": "kestrel"})
    with FeedServer("0.0.0.0") as web:
        for feed in range(4):
            told = "A kestrel over the harbour. " * 100
            items = [item(f"{feed}-{n}", f"Kestrel {feed}-{n}", told) for n in range(100)]
            web.serve(f"/{feed}.xml", rss(items, f"Source {feed}"))
            desk.feeds.append(f"http://{loopback(feed)}:{web.port}/{feed}.xml")
        with _small_disk(desk.data) as limit:
            done = desk.run("run", "--once", code=3, preexec=limit)
            assert "Traceback" not in done.err
            assert "var/" in done.err
            assert any(word in done.err.splitlines()[-1] for word in ("full", "space", "room"))
            kept = {file.name: file.read_bytes() for file in desk.data.iterdir() if file.is_file()}
        desk.data.mkdir(exist_ok=True)
        for name, content in kept.items():
            (desk.data / name).write_bytes(content)
        desk.once()
    audit = desk.json("audit")
    assert audit["balanced"]
    assert (audit["indexed"], audit["dead"], audit["pending"]) == (400, 0, 0)
    assert len({mail["Message-ID"] for mail in desk.mails()}) == len(desk.mails()) > 0


@contextmanager
def _small_disk(folder: Path, size: int = 1_200_000) -> Iterator[Callable[[], None] | None]:
    """The folder on a disk of that many bytes where we may mount one; else a limit for each file, to be set."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        try:
            yield None
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    else:
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))
