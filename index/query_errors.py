"""The one error of the query language. It shows where the query goes wrong."""

from ingest.errors import WirewatchError

_SHOWN = 60  # characters of the query on either side of the column


class QueryError(WirewatchError):
    """A query that cannot be understood. `problem` is the one-line message, `column` (from 1) is where it goes wrong.

    As a string it is the problem, the query and a caret under the column, on three lines.
    """

    def __init__(self, problem: str, query: str, column: int) -> None:
        self.problem = problem
        self.query = query
        self.column = column
        super().__init__(f"{problem} (column {column})\n{self._pointer()}")

    def _pointer(self) -> str:
        at = self.column - 1
        first = max(0, at - _SHOWN)
        # Every control character becomes one blank, so that the caret stands right and terminals stay unharmed.
        shown = "".join(c if c.isprintable() else " " for c in self.query[first : at + _SHOWN])
        return f"  {shown}\n  {' ' * (at - first)}^"
