"""The query language: Lucene syntax (parsed by luqum) to the nodes that search and alerts share.

Words that stand side by side must all be found. See docs/query-language.md for the language as users know it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar, cast

from luqum import tree  # type: ignore[import-untyped]

from index.query_dates import moment
from index.query_errors import QueryError
from index.query_fields import (
    EVENT_TYPES,
    FIELDS,
    STATUSES,
    NameResolver,
    exact_value,
    name_value,
    nearest,
    word_value,
)
from index.query_nodes import (
    And,
    Between,
    Boost,
    DateField,
    Everything,
    Exact,
    ExactField,
    Named,
    NameField,
    Not,
    Or,
    Prefix,
    Query,
    TextField,
    Words,
)
from index.query_syntax import MAX_DEPTH, syntax_tree

MAX_SLOP = 50

P = ParamSpec("P")
T = TypeVar("T")

__all__ = [
    "EVENT_TYPES",
    "FIELDS",
    "STATUSES",
    "And",
    "Between",
    "Boost",
    "Everything",
    "Exact",
    "NameResolver",
    "Named",
    "Not",
    "Or",
    "Prefix",
    "Query",
    "QueryError",
    "Words",
    "parse",
]  # fmt: skip


def parse(text: str, names: NameResolver, now: datetime) -> Query:
    """Read a query. `names` resolves the values of name fields; relative dates (now-7d) count from `now`, for good.

    Raises QueryError, which shows the column, for whatever is not a query.
    """
    return _Reader(text, names, now).read(syntax_tree(text), None, 0)


class _Reader:
    """Turns one syntax tree into nodes. `field` is the field named around an item, None where none is."""

    def __init__(self, text: str, names: NameResolver, now: datetime) -> None:
        self._text = text
        self._names = names
        self._now = now

    def read(self, item: tree.Item, field: str | None, depth: int) -> Query:
        if depth > 2 * MAX_DEPTH:
            raise self._error("too many signs or brackets inside each other; simplify the query", item)
        if type(item) in _REFUSED:
            raise self._error(_REFUSED[type(item)], item)
        if read := _LEAVES.get(type(item)):
            return read(self, item, field)
        return _BRANCHES[type(item)](self, item, field, depth + 1)

    def _field(self, item: tree.SearchField, field: str | None, depth: int) -> Query:
        if item.name == "*" and isinstance(item.expr, tree.Word) and item.expr.value == "*":
            return Everything()
        name = item.name.lower()
        if name not in FIELDS:
            remedy = nearest(name, tuple(FIELDS))
            if name in ("http", "https"):
                remedy = "put an address in quotes"
            raise self._error(f'unknown field "{item.name}"; {remedy}', item)
        if field is not None:
            raise self._error(f'"{name}:" stands inside "{field}:"; write one field per value', item)
        return self.read(item.expr, name, depth)

    def _group(self, item: tree.BaseGroup, field: str | None, depth: int) -> Query:
        return self.read(item.expr, field, depth)

    def _all(self, item: tree.BaseOperation, field: str | None, depth: int) -> Query:
        clauses: list[Query] = []
        for operand in item.operands:
            clause = self.read(operand, field, depth)
            clauses.extend(clause.clauses if isinstance(clause, And) else [clause])
        return And(tuple(clauses))

    def _any(self, item: tree.BaseOperation, field: str | None, depth: int) -> Query:
        clauses: list[Query] = []
        for operand in item.operands:
            clause = self.read(operand, field, depth)
            clauses.extend(clause.clauses if isinstance(clause, Or) else [clause])
        return Or(tuple(clauses))

    def _not(self, item: tree.Unary, field: str | None, depth: int) -> Query:
        clause = self.read(item.a, field, depth)
        return clause.clause if isinstance(clause, Not) else Not(clause)

    def _plus(self, item: tree.Unary, field: str | None, depth: int) -> Query:
        return self.read(item.a, field, depth)

    def _boost(self, item: tree.Boost, field: str | None, depth: int) -> Query:
        factor = float(item.force)
        if not 0 < factor <= 1000:
            raise self._error('write a number between 0 and 1000 after "^"', item)
        return Boost(self.read(item.expr, field, depth), factor)

    def _word(self, item: tree.Word, field: str | None) -> Query:
        if field is None and item.value == "*":
            return Everything()
        text, prefix = self._unescape(item)
        return self._value(item, field, text, prefix=prefix)

    def _phrase(self, item: tree.Phrase, field: str | None) -> Query:
        return self._value(item, field, _plain(item))

    def _near(self, item: tree.Proximity, field: str | None) -> Query:
        if field is not None and FIELDS[field] != "words":
            raise self._error(f'"~" is for words in title and text, not for "{field}:"', item)
        if not 0 <= item.degree <= MAX_SLOP:
            raise self._error(f'write a number up to {MAX_SLOP} after "~"', item)
        return self._value(item, field, _plain(item.term), slop=item.degree)

    def _range(self, item: tree.Range, field: str | None) -> Query:
        name = self._date_field(item, field)
        start = None if _is_open(item.low) else self._moment(item.low)[0 if item.include_low else 1]
        end = None if _is_open(item.high) else self._moment(item.high)[1 if item.include_high else 0]
        if start is not None and end is not None and end <= start:
            raise self._error("the range ends before it begins; swap its two dates", item)
        return Between(name, start, end)

    def _from(self, item: tree.From, field: str | None) -> Query:
        return Between(self._date_field(item, field), self._moment(item.a)[0 if item.include else 1], None)

    def _to(self, item: tree.To, field: str | None) -> Query:
        return Between(self._date_field(item, field), None, self._moment(item.a)[1 if item.include else 0])

    def _date_field(self, item: tree.Item, field: str | None) -> DateField:
        if field is None or FIELDS[field] != "date":
            raise self._error('a range belongs to a date: write "published:[…]" or "fetched:[…]"', item)
        return cast("DateField", field)

    def _value(self, item: tree.Item, field: str | None, text: str, *, prefix: bool = False, slop: int = 0) -> Query:
        if field is None or FIELDS[field] == "words":
            return self._checked(item, word_value, cast("TextField", field or "any"), text, slop, prefix)
        if FIELDS[field] == "names":
            return self._checked(item, name_value, cast("NameField", field), text, prefix, self._names)
        if FIELDS[field] == "exact":
            return self._checked(item, exact_value, cast("ExactField", field), text, prefix)
        return Between(cast("DateField", field), *self._moment(item))

    def _moment(self, item: tree.Item) -> tuple[datetime, datetime]:
        if isinstance(item, tree.Phrase):
            return self._checked(item, moment, _plain(item), self._now)
        return self._checked(item, moment, str(item).replace("\\", ""), self._now)

    def _unescape(self, word: tree.Word) -> tuple[str, bool]:
        """The word's text, and whether a `*` ends it."""
        literal: list[str] = []
        escaped = False
        for at, char in enumerate(word.value):
            if escaped or char not in "\\*?":
                literal.append(char)
                escaped = False
            elif char == "\\":
                escaped = True
            elif at == 0:
                raise self._error("a word cannot begin with a wildcard; write its first letters, as in navi*", word)
            elif char == "*" and at == len(word.value) - 1:
                return "".join(literal), True
            else:
                raise self._error(f'"{char}" stands only for the end of a word, as in navi*', word, at)
        return "".join(literal), False

    def _checked(self, item: tree.Item, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return make(*args, **kwargs)
        except ValueError as error:
            raise self._error(str(error), item) from None

    def _error(self, problem: str, item: tree.Item, offset: int = 0) -> QueryError:
        return QueryError(problem, self._text, item.pos + offset + 1)


def _plain(phrase: tree.Phrase) -> str:
    """The phrase without its quotes and escapes."""
    return str(tree.Term.WORD_ESCAPED_CHARS.sub(r"\1", phrase.value[1:-1]))


def _is_open(bound: tree.Item) -> bool:
    return isinstance(bound, tree.Word) and bound.value == "*"


_BRANCHES: Mapping[type[tree.Item], Callable[[_Reader, Any, str | None, int], Query]] = MappingProxyType(
    {
        tree.SearchField: _Reader._field,
        tree.Group: _Reader._group,
        tree.FieldGroup: _Reader._group,
        tree.AndOperation: _Reader._all,
        tree.UnknownOperation: _Reader._all,
        tree.OrOperation: _Reader._any,
        tree.Not: _Reader._not,
        tree.Prohibit: _Reader._not,
        tree.Plus: _Reader._plus,
        tree.Boost: _Reader._boost,
    }
)
_LEAVES: Mapping[type[tree.Item], Callable[[_Reader, Any, str | None], Query]] = MappingProxyType(
    {
        tree.Word: _Reader._word,
        tree.Phrase: _Reader._phrase,
        tree.Proximity: _Reader._near,
        tree.Range: _Reader._range,
        tree.From: _Reader._from,
        tree.To: _Reader._to,
    }
)
_REFUSED: Mapping[type[tree.Item], str] = MappingProxyType(
    {
        tree.Fuzzy: '"~" follows a phrase, as in "naval exercise"~5; for other endings write a prefix: navi*',
        tree.Regex: 'regular expressions are not understood; put a word with "/" in quotes',
    }
)
