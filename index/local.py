"""The embedded search index: tantivy in a folder. One process writes, any number search."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.compile import compile_query
from index.document import Document
from index.generations import Generations, WriterLock
from index.local_reader import META, LocalReader, damaged
from index.local_search import answer
from index.local_writer import LocalWriter
from index.paging import read_cursor
from index.port import Refusal, SearchRequest, SearchResults
from index.query import Everything, Exact
from index.schema import from_tantivy
from ingest.errors import Unavailable

_HEAP = 64_000_000  # bytes the writer may fill before it writes a segment


class LocalIndex:
    """A `SearchIndex` in the folder `path`. The first `write` takes the writer's lock and keeps it until `close`.

    Searching needs no lock and sees what other processes commit. A folder that does not exist yet is an empty index.
    """

    def __init__(self, path: Path, heap: int = _HEAP) -> None:
        self._generations = Generations(path)
        self._reader = LocalReader(self._generations)
        self._heap = heap
        self._writing = threading.RLock()
        self._lock: WriterLock | None = None
        self._writer: LocalWriter | None = None

    def write(self, documents: Sequence[Document]) -> Sequence[Refusal]:
        """Add or replace by id, the last of one id counting. Raises IndexLocked while another process writes."""
        with self._writing:
            try:
                return self._opened().write(documents)
            except Unavailable:
                self._drop_writer()
                raise
            except OSError as error:
                self._drop_writer()
                raise Unavailable(f"cannot write to the search index {self._generations.root}: {error}", 30.0) from None

    def search(self, request: SearchRequest) -> SearchResults:
        """One page. Relevance of a query without words to weigh is the date. Raises IndexDamaged, WirewatchError."""
        cursor = read_cursor(request.after) if request.after else None
        searcher = self._reader.searcher()
        if searcher is None:
            return SearchResults(0, ())
        query = compile_query(request.query)
        try:
            return answer(searcher, request, query, cursor)
        except (ValueError, OSError) as error:
            raise damaged(self._generations.root, error) from None

    def get(self, article_id: str) -> Document | None:
        """The document of that id. Raises IndexDamaged."""
        searcher = self._reader.searcher()
        if searcher is None:
            return None
        try:
            found = searcher.search(compile_query(Exact("id", article_id)), 1, count=False).hits
            return from_tantivy(searcher.doc(found[0][1])) if found else None
        except (ValueError, OSError) as error:
            raise damaged(self._generations.root, error) from None

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are in the index. Raises IndexDamaged."""
        searcher = self._reader.searcher()
        if searcher is None:
            return set()
        return {each for each in ids if searcher.search(compile_query(Exact("id", each)), 1, count=False).hits}

    def count(self) -> int:
        """How many documents there are. Raises IndexDamaged."""
        searcher = self._reader.searcher()
        return 0 if searcher is None else int(searcher.num_docs)

    def check(self) -> str:
        """Search and read a document for real. Raises IndexDamaged, Unavailable."""
        root = self._generations.root
        if root.exists() and not root.is_dir():
            raise Unavailable(f"{root} is a file, the search index needs a folder; move it away")
        found = self.search(SearchRequest(Everything(), sort="date", limit=1))
        return f"search index in {root}: {found.total} articles"

    @contextmanager
    def rebuild(self) -> Iterator[LocalWriter]:
        """Write a new index through what the block is given; when the block ends well, it takes this one's place.

        Searches see the old index until then, and go on seeing it when the block raises. Raises IndexLocked.
        """
        with self._writing:
            self._drop_writer()
            self._take_lock()
            folder = self._generations.make()
            writer = LocalWriter(folder, self._heap)
            try:
                yield writer
            except BaseException:
                writer.close()
                self._generations.sweep()
                raise
            writer.close()
            self._generations.publish(folder)

    def close(self) -> None:
        """Give back files and the writer's lock."""
        with self._writing:
            self._drop_writer()
            if self._lock:
                self._lock.close()
                self._lock = None
        self._reader.close()

    def _opened(self) -> LocalWriter:
        if self._writer is None:
            self._take_lock()
            self._writer = self._open_writer()
        return self._writer

    def _open_writer(self) -> LocalWriter:
        try:
            folder = self._generations.current()
        except ValueError as error:
            raise damaged(self._generations.root, error) from None
        if folder is not None:
            if not (folder / META).exists():
                raise damaged(self._generations.root, FileNotFoundError(f"{folder.name}/{META} is missing"))
            return LocalWriter(folder, self._heap)
        folder = self._generations.make()
        writer = LocalWriter(folder, self._heap)
        self._generations.publish(folder)
        return writer

    def _take_lock(self) -> None:
        if self._lock is None:
            self._lock = WriterLock(self._generations.root)

    def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
