"""Install what the tests need beyond Python packages, where that is allowed, and name what is missing otherwise.

`python -m tests.setup` is the first step of `make test`. The browser tests need Chromium.
"""

import os
import shutil
import subprocess
import sys

CHROMIUM = "/usr/bin/chromium"


def install_chromium() -> str | None:
    """None when Chromium is there at the end, else what to do about it."""
    if shutil.which("chromium"):
        return None
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "Chromium is missing: the browser tests will NOT RUN. Install it: sudo apt-get install chromium"
    print("Installing Chromium for the browser tests …", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(command, env=environment, check=False, **quiet)  # type: ignore[call-overload]
        if done.returncode:
            reason = f"{' '.join(command)}: {done.stderr.strip()[-300:]}"
            return f"Chromium could not be installed: the browser tests will NOT RUN. {reason}"
    return None


if __name__ == "__main__":
    if problem := install_chromium():
        print(problem, file=sys.stderr)
