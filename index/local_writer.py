"""Writing one generation of the embedded index."""

from collections.abc import Sequence
from pathlib import Path

import tantivy

from index.document import Document
from index.local_reader import damaged
from index.port import Refusal
from index.schema import open_index, to_tantivy
from ingest.errors import Unavailable

_LONGEST_ID = 1000
# What the system says when there is no room: disk full, quota, file size limit.
_NO_ROOM = ("os error 28", "os error 122", "os error 27", "No space left")


class LocalWriter:
    """One tantivy writer. After an error it must be closed and another one made."""

    def __init__(self, folder: Path, heap: int) -> None:
        self._folder = folder
        try:
            self._writer = open_index(str(folder)).writer(heap, num_threads=1)
        except (ValueError, OSError) as error:
            raise self._unwritten(error) from None

    def write(self, documents: Sequence[Document]) -> list[Refusal]:
        """Add or replace by id; durable when it returns. Raises Unavailable, then nothing of it is written."""
        rows: dict[str, tantivy.Document] = {}
        refusals: list[Refusal] = []
        for document in documents:
            try:
                rows[document.id] = _row(document)
            except (ValueError, OverflowError) as error:
                refusals.append(Refusal(document.id, str(error)))
        try:
            for article_id, row in rows.items():
                self._writer.delete_documents_by_term("id", article_id)
                self._writer.add_document(row)
            self._writer.commit()
        except (ValueError, OSError) as error:
            raise self._unwritten(error) from None
        return refusals

    def close(self) -> None:
        """Wait for merges and give back the files."""
        self._writer.wait_merging_threads()

    def _unwritten(self, error: Exception) -> Unavailable:
        if any(sign in str(error) for sign in _NO_ROOM):
            return Unavailable(f"no room on the disk for the search index {self._folder.parent}; free some space", 30.0)
        return damaged(self._folder.parent, error)


def _row(document: Document) -> tantivy.Document:
    if len(document.id) > _LONGEST_ID:
        raise ValueError(f"its id has more than {_LONGEST_ID} characters")
    return to_tantivy(document)
