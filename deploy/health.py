"""Whether the stages of this process live, and whether they are ready: what they need answers, and they are at work."""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from ingest.errors import Unavailable, WirewatchError
from process.consumer import Observer, Work

STALE_SECONDS = 300.0
"""A stage that gives no sign of life for so long hangs. A batch takes seconds, and waiting for a server is a sign."""

PROBE_SECONDS = 5.0


@dataclass(slots=True)
class _State:
    seen: float
    trouble: str | None = "is starting"
    probed: str | None = "has not asked its backends yet"


class Health(Observer):
    """The stages' states. Safe from any thread. `clock` gives seconds, as `time.monotonic` does."""

    def __init__(self, stages: Collection[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._states = {stage: _State(clock()) for stage in stages}

    def well(self, stage: str) -> None:
        """The stage is at work, or waits for work."""
        self._sign(stage, None)

    def polled(self, stage: str, joined: bool) -> None:
        self._sign(stage, None if joined else "waits to be let into its consumer group")

    def worked(self, work: Work) -> None:
        self._sign(work.stage, None)

    def failed(self, stage: str, error: WirewatchError) -> None:
        self._sign(stage, str(error) if isinstance(error, Unavailable) else None)

    def probed(self, stage: str, trouble: str | None) -> None:
        """Whether the stage's backends answered just now; if not, why. No sign of life of the stage itself."""
        self._states[stage].probed = trouble

    def hung(self) -> list[str]:
        """A line for each stage that gives no sign of life; empty when all live."""
        now = self._clock()
        silent = {stage: now - state.seen for stage, state in self._states.items()}
        return [f"{stage}: no sign of life for {age:.0f} s" for stage, age in silent.items() if age > STALE_SECONDS]

    def unready(self) -> list[str]:
        """A line for each stage that is not ready, with the reason."""
        troubles = {stage: state.trouble or state.probed for stage, state in self._states.items()}
        return [f"{stage}: {trouble}" for stage, trouble in troubles.items() if trouble]

    def _sign(self, stage: str, trouble: str | None) -> None:
        state = self._states[stage]
        state.seen, state.trouble = self._clock(), trouble


def keep_probing(probes: Mapping[str, Callable[[], object]], health: Health, stop: threading.Event) -> None:
    """Use the backends of each stage every few seconds, until `stop` is set. A probe raises what is wrong."""
    while not stop.is_set():
        for stage, probe in probes.items():
            try:
                probe()
            except Exception as error:  # whatever it is, the next probe must come
                health.probed(stage, str(error))
            else:
                health.probed(stage, None)
        stop.wait(PROBE_SECONDS)
