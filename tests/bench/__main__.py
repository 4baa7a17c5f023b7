"""`make bench`: every measurement, one table. `--write FILE` puts it between the two markers of a page as well."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from ingest.clock import utc_now
from tests.bench import bench_elastic, bench_kafka, bench_log, bench_pipeline, bench_search, bench_stages, bench_tagger
from tests.bench.report import Row, table

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
BENCHES: dict[str, Callable[[], list[Row]]] = {
    "log": bench_log.measure,
    "tagger": bench_tagger.measure,
    "search": bench_search.measure,
    "pipeline": bench_pipeline.measure,
    "elastic": bench_elastic.measure,
    "kafka": bench_kafka.measure,
    "stages": bench_stages.measure,
}


def main() -> None:
    """Run all benches, or those named, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("bench", nargs="*", metavar="BENCH", help=f"which: {', '.join(BENCHES)}; all if none is named")
    parser.add_argument("--write", type=Path, metavar="FILE", help="the page whose table is to be replaced")
    wanted = parser.parse_args()
    if unknown := set(wanted.bench) - set(BENCHES):
        parser.error(f"{', '.join(unknown)}: there is no such bench; there are {', '.join(BENCHES)}")
    rows: list[Row] = []
    for name in wanted.bench or BENCHES:
        print(f"Measuring {name} …", file=sys.stderr, flush=True)
        measured = BENCHES[name]()
        print(table(measured), file=sys.stderr, flush=True)  # a later bench that fails does not lose it
        rows += measured
    report = f"{machine()}\n\n{table(rows)}"
    print(report)
    if wanted.write:
        wanted.write.write_text(replaced(wanted.write.read_text("utf-8"), report), "utf-8")


def machine() -> str:
    """The date and what it was measured on, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Measured on {utc_now():%Y-%m-%d} with {_processor()}, {os.cpu_count()} cores, {memory:.0f} GB of memory, "
        f"{platform.system()}, Python {platform.python_version()}. The baseline is the same machine in the same run."
    )


def replaced(page: str, report: str) -> str:
    """The page with the report between its markers. Raises ValueError where they are missing."""
    if BEGIN not in page or END not in page:
        raise ValueError(f"the page has no markers {BEGIN} and {END} to write between")
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{report}\n{END}{rest.partition(END)[2]}"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
