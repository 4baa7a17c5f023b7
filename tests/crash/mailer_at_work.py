"""A mailer as a process of its own, for tests that kill it: delivers what is due in a folder, then ends."""

import sys
from pathlib import Path

from tests.unit.index.alerts.newsdesk import Desk

if __name__ == "__main__":
    desk = Desk(Path(sys.argv[1]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while desk.deliver().sent:
        pass
    desk.close()
