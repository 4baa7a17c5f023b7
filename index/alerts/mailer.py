"""Sends what is due in the outbox. One mailer at a time is at work on an outbox; others stand by."""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from index.alerts.mail import Composer
from index.alerts.outbox import Mail, Outbox
from index.alerts.transport import FateUnknownError, Receipt, RejectedError, Transport
from ingest.clock import Clock, utc_now
from ingest.errors import Unavailable

log = structlog.get_logger(__name__)

GIVE_UP = timedelta(days=3)
"""How long a mail is tried; RFC 5321, 4.5.4.1 asks for four to five days, but news is old by then."""

_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(hours=1)
_GIVEN_UP = "given up after three days: "


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many mails one round sent, failed for good, left in doubt, and put off."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    postponed: int = 0


class MailObserver:
    """Hears how the mailer is doing, in its thread. Each method does nothing until it is given something to do."""

    def looked(self) -> None:
        """The outbox answered, and what was due was tried."""

    def could_not_deliver(self, error: Unavailable) -> None:
        """The outbox is away, or the place where mails go; it is tried again."""

    def ended(self, mail: Mail, end: str) -> None:
        """An attempt ended: "sent", "failed", "unknown" or "postponed"."""


class Mailer:
    """For one thread. `lot` is where the jitter of the waits comes from."""

    def __init__(
        self,
        outbox: Outbox,
        transport: Transport,
        composer: Composer,
        clock: Clock = utc_now,
        lot: random.Random | None = None,
        observer: MailObserver | None = None,
    ) -> None:
        self._outbox = outbox
        self._transport = transport
        self._composer = composer
        self._clock = clock
        self._lot = lot or random.Random()  # noqa: S311 (not a secret)
        self._observer = observer or MailObserver()

    def deliver_due(self, stop: threading.Event | None = None) -> Delivered:
        """Try every mail that is due, once. Stops before the next mail when `stop` is set. Raises Unavailable.

        Nothing is done while another mailer is at work.
        """
        ends: list[str] = []
        with self._outbox.exclusively() as alone:
            if alone:
                for mail in self._outbox.interrupted():
                    self._resolve(mail)
                for mail in self._outbox.due(self._clock()):
                    if stop is not None and stop.is_set():
                        break
                    ends.append(self._attempt(mail))
                    self._observer.ended(mail, ends[-1])
        return Delivered(*(ends.count(end) for end in ("sent", "failed", "unknown", "postponed")))

    def run(self, stop: threading.Event, pause: float = 0.25) -> None:
        """Deliver until `stop` is set, looking every `pause` seconds."""
        while not stop.is_set():
            wait = pause
            try:
                self.deliver_due(stop)
                self._observer.looked()
            except Unavailable as error:
                log.warning("mailer waits", error=str(error), seconds=error.retry_after)
                self._observer.could_not_deliver(error)
                wait = max(pause, error.retry_after)
            stop.wait(wait)

    def _attempt(self, mail: Mail) -> str:
        message = mail.message
        if message is None:
            subject, message = self._composer.compose(mail, self._clock())
            if not self._outbox.freeze(mail, subject, message):
                return "postponed"
        try:
            receipt = self._transport.send(message, mail.recipients, lambda: self._outbox.sending(mail))
        except Unavailable as error:
            return self._put_off(mail, Receipt((), deferred=dict.fromkeys(mail.recipients, str(error))))
        except RejectedError as error:
            return self._finish(mail, "failed", dict.fromkeys(mail.recipients, ("failed", str(error))), str(error))
        except FateUnknownError as error:
            return self._finish(mail, "unknown", dict.fromkeys(mail.recipients, ("unknown", str(error))), str(error))
        if receipt.deferred:
            return self._put_off(mail, receipt)
        end = "sent" if receipt.accepted or len(mail.recipients) < len(mail.everyone) else "failed"
        return self._finish(mail, end, _states(receipt), _summary(receipt.refused))

    def _put_off(self, mail: Mail, receipt: Receipt) -> str:
        now = self._clock()
        error = _summary(receipt.deferred) or ""
        if now - mail.created >= GIVE_UP:
            failed = {each: ("failed", _GIVEN_UP + why) for each, why in receipt.deferred.items()}
            return self._finish(mail, "failed", {**_states(receipt), **failed}, _GIVEN_UP + error)
        if receipt.accepted or receipt.refused:
            self._outbox.settle(mail, _states(receipt), error, now)
        wait = min(_FIRST_WAIT * 2 ** min(mail.attempts, 20), _LONGEST_WAIT) * self._lot.uniform(0.7, 1.3)
        self._outbox.postpone(mail, error, now + wait)
        log.warning(
            "mail put off", rule=mail.rule, message_id=mail.message_id, error=error, seconds=round(wait.seconds)
        )
        return "postponed"

    def _finish(self, mail: Mail, end: str, states: Mapping[str, tuple[str, str | None]], error: str | None) -> str:
        self._outbox.settle(mail, states, error, self._clock())
        say = log.info if end == "sent" and not error else log.warning
        say(f"mail {end}", rule=mail.rule, message_id=mail.message_id, error=error)
        return end

    def _resolve(self, mail: Mail) -> None:
        """Settle what a mailer that died left behind in the moment of handing over."""
        arrived = self._transport.delivered(mail.message_id)
        if arrived is None:
            error = "the mailer died while handing the mail over; it may have been delivered, so it is not sent again"
            self._finish(mail, "unknown", dict.fromkeys(mail.recipients, ("unknown", error)), error)
        elif arrived:
            self._finish(mail, "sent", dict.fromkeys(mail.recipients, ("sent", None)), None)
        else:
            self._outbox.postpone(mail, "the mailer died before handing the mail over", self._clock())


def _states(receipt: Receipt) -> dict[str, tuple[str, str | None]]:
    sent: dict[str, tuple[str, str | None]] = dict.fromkeys(receipt.accepted, ("sent", None))
    return sent | {each: ("failed", why) for each, why in receipt.refused.items()}


def _summary(reasons: Mapping[str, str]) -> str | None:
    """One line: the reason where it is one, else each recipient with its own."""
    if len(set(reasons.values())) == 1 and len(reasons) > 1:
        return next(iter(reasons.values()))
    return "; ".join(f"{who}: {why}" for who, why in reasons.items()) or None
