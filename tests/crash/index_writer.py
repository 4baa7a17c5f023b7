"""A process that writes to the index until it is killed, telling each batch that `write` returned for.

python -m tests.crash.index_writer FOLDER FIRST
"""

import sys
from pathlib import Path

from index.local import LocalIndex
from tests.search_documents import a_document

BATCH = 7


def write_for_ever(folder: Path, number: int) -> None:
    index = LocalIndex(folder, heap=15_000_000)
    while True:
        batch = range(number, number + BATCH)
        index.write([a_document(f"a{n}", f"Frigate {n}", "of the fleet " * 50) for n in batch])
        sys.stdout.write(f"{number + BATCH}\n")
        sys.stdout.flush()
        number += BATCH


if __name__ == "__main__":
    write_for_ever(Path(sys.argv[1]), int(sys.argv[2]))
