"""The servers that `make stack` starts."""

import base64
import uuid

import pytest

from deploy.stack.kafka import cluster_id


def test_an_id_of_a_cluster_is_never_taken_for_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(bytes=b"\xfb" * 16))  # base64 of it begins with a minus
    made = cluster_id()
    assert not made.startswith("-")
    assert len(base64.urlsafe_b64decode(made + "==")) == 16
