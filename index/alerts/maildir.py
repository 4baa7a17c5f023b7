"""Delivery into a Maildir of one's own: one file per mail, for any mail reader (https://cr.yp.to/proto/maildir.html)."""

import hashlib
import os
from collections.abc import Callable, Sequence
from email.parser import BytesHeaderParser
from pathlib import Path

from index.alerts.transport import Receipt
from ingest.errors import Unavailable


class MaildirTransport:
    """The file's name comes from the Message-ID, so the same mail cannot be there twice, whenever the process died."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: bytes, recipients: Sequence[str], committing: Callable[[], None]) -> Receipt:
        """Write to tmp/, flush to the disk, move to new/. See `Transport.send`."""
        message_id = str(BytesHeaderParser().parsebytes(message)["Message-ID"])
        if not self.delivered(message_id):
            name = _name(message_id)
            try:
                self._make()
                with (self._folder / "tmp" / name).open("wb") as file:
                    file.write(message.replace(b"\r\n", b"\n"))
                    file.flush()
                    os.fsync(file.fileno())
                committing()
                (self._folder / "tmp" / name).replace(self._folder / "new" / name)
                _flush(self._folder / "new")
            except OSError as error:
                raise self._unavailable(error) from error
        return Receipt(accepted=recipients)

    def delivered(self, message_id: str) -> bool:
        """Whether the mail is in new/ or, seen by a mail reader, in cur/."""
        name = _name(message_id)
        try:
            return (self._folder / "new" / name).exists() or any((self._folder / "cur").glob(name + "*"))
        except OSError as error:
            raise self._unavailable(error) from error

    def check(self) -> str:
        """Write and remove a file in tmp/."""
        try:
            self._make()
            probe = self._folder / "tmp" / "wirewatch-check"
            probe.write_bytes(b"check")
            probe.unlink()
        except OSError as error:
            raise self._unavailable(error) from error
        return f"maildir {self._folder}"

    def _make(self) -> None:
        for part in ("tmp", "new", "cur"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)

    def _unavailable(self, error: OSError) -> Unavailable:
        return Unavailable(
            f"maildir {self._folder}: {error.strerror}; check that the disk has room and that this user may write there"
        )


def _name(message_id: str) -> str:
    return f"{hashlib.sha256(message_id.encode()).hexdigest()[:32]}.wirewatch"


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
