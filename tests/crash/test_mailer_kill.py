"""kill -9 of the mailer at random points: with a maildir every mail arrives exactly once, by SMTP never twice."""

import random
import subprocess
import sys
from pathlib import Path

from index.alerts.outbox import Outbox
from index.alerts.rule import Rule
from index.alerts.smtp import SmtpServer, SmtpTransport
from tests.unit.index.alerts.newsdesk import Desk, event, parsed, tagged
from tests.unit.index.alerts.smtp_server import PostOffice, serving

ROOT = Path(__file__).resolve().parents[2]
MAILS = 60


def test_a_mailer_killed_twenty_times_delivers_every_mail_once(tmp_path: Path) -> None:
    rule = Rule(name="All", query="event:coup", group="article")
    desk = Desk(tmp_path, rule)
    desk.read(*(tagged(f"Coup {number}", event("coup", "Iran"), source=f"S{number}") for number in range(MAILS)))
    lot = random.Random(20261124)
    kills = sum(_start_and_kill(tmp_path, lot.uniform(0, 0.06)) for _ in range(20))
    assert kills > 3
    desk.deliver()
    desk.deliver()
    ids = [mail["Message-ID"] for mail in desk.mails()]
    assert len(ids) == len(set(ids)) == MAILS
    assert {row.state for row in desk.history()} == {"sent"}
    desk.close()


def _start_and_kill(folder: Path, seconds: float) -> bool:
    """Let a mailer work for so long, then kill -9. Whether it was still at work."""
    command = [sys.executable, "-m", "tests.crash.mailer_at_work", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        return process.wait() != 0


def test_a_mailer_that_died_between_the_dot_and_the_answer_does_not_send_again(tmp_path: Path) -> None:
    office = PostOffice()
    with serving(office) as address:
        transport = SmtpTransport(SmtpServer(address.host, address.port))
        desk = Desk(tmp_path, Rule(name="Coups", query="event:coup"), transport=transport)
        desk.read(tagged("A coup", event("coup", "Iran")))
        [mail] = desk.outbox.due(desk.now)
        desk.outbox.sending(mail)  # the last that such a mailer recorded
        desk.deliver()
        [row] = desk.history()
        assert (row.state, office.inbox) == ("unknown", [])
        assert "died while handing the mail over" in (row.error or "")
        desk.close()


def test_a_mailer_that_died_before_the_dot_is_made_up_for(tmp_path: Path) -> None:
    office = PostOffice()
    with serving(office) as address:
        transport = SmtpTransport(SmtpServer(address.host, address.port))
        desk = Desk(tmp_path, Rule(name="Coups", query="event:coup"), transport=transport)
        desk.read(tagged("A coup", event("coup", "Iran")))
        [mail] = desk.outbox.due(desk.now)
        desk.outbox.freeze(
            mail, "As it was written", b"Message-ID: <1@example.org>\r\nFrom: a@example.org\r\n\r\nText\r\n"
        )
        assert desk.deliver().sent == 1
        assert parsed(office.inbox[0][1]).get_content().strip() == "Text"
        desk.close()


def test_two_mailers_never_work_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Rule(name="Coups", query="event:coup"))
    desk.read(tagged("A coup", event("coup", "Iran")))
    with Outbox(desk.database, "a@example.org").exclusively() as alone:
        assert alone
        assert desk.deliver().sent == 0
    assert desk.deliver().sent == 1
    desk.close()
