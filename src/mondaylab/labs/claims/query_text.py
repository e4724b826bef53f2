"""The text of a query: put together from an author's pieces, and held to one plain question over the lab's concepts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from mondaylab.errors import Refused
from mondaylab.labs.claims.wording import phrase

if TYPE_CHECKING:
    from sqlglot.expressions import Expr, Join, Table

_KINDS = (
    "Select", "From", "Join", "Where", "Table", "TableAlias", "Alias", "Column", "Identifier", "Literal", "Star",
    "Boolean", "Null", "Paren", "Neg", "And", "Or", "Not", "EQ", "NEQ", "GT", "GTE", "LT", "LTE", "Between", "In", "Is",
    "Add", "Sub", "Mul", "Div", "IntDiv", "Sum", "Avg", "Count", "Min", "Max", "Distinct", "Nullif", "Coalesce", "Case",
    "If", "Round", "Floor", "Ceil", "Abs", "Cast", "DataType",
)  # fmt: skip
"""All that a query may hold: nothing that depends on the order of rows, reads more than its tables, makes rows, or
builds texts."""
_TYPES = ("TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL", "DATE", "TEXT", "VARCHAR")
"""What a value may be cast to."""
_OWN_COLUMNS = ("rowid",)
"""Columns that the database adds itself: they tell the order in which rows came."""
_COMPARISONS = ("EQ", "NEQ", "GT", "GTE", "LT", "LTE")


def composed(pieces: str, words: Mapping[str, str], *, where: str) -> str:
    """A query with its pieces put in; a line that an empty piece leaves blank is dropped."""
    filled = phrase(pieces, words, where=where)
    return "\n".join(line.rstrip() for line in filled.strip().splitlines() if line.strip())


def check_query(text: str, concepts: Collection[str], *, where: str) -> None:
    """Holds a query to one number over the lab's concepts.

    Raises:
        Refused: It is no single SELECT of one value, or holds anything that is not listed here: another table, a
            function that makes rows or texts, a query in a query, groups or an order, a comment.
    """
    # the parser takes a second to load, and only labs with such claims need it
    import sqlglot  # noqa: PLC0415
    from sqlglot import expressions  # noqa: PLC0415
    from sqlglot.errors import SqlglotError  # noqa: PLC0415

    try:
        dialect = sqlglot.Dialect.get_or_raise("duckdb")
        tokens = dialect.tokenize(text)
        said = [token for token in tokens if token.comments]
        parsed = dialect.parser().parse(tokens, text)
    except (SqlglotError, RecursionError):
        raise Refused(f"the query is not SQL as far as it can be read: {text!r}", where=where) from None
    if len(parsed) != 1 or not isinstance(parsed[0], expressions.Select):
        raise Refused(f"the query is not one SELECT: {text!r}", where=where, fix="write one question a query")
    if said:
        raise Refused(f"the query holds a comment: {said[0].comments[0]!r}", where=where, fix="say it in the sentence")
    query = parsed[0]
    for node in query.walk():
        name = type(node).__name__
        if not _is_plain(node, name) or (isinstance(node, expressions.Select) and node is not query):
            raise Refused(
                f"the query holds {node.sql('duckdb')!r} ({name}), which a query of a claim may not hold",
                where=where,
                fix="write sums, averages and counts of one concept, joined to at most one other",
            )
    kept = {"expressions", "from_", "joins", "where"}
    if more := sorted(key for key, value in query.args.items() if value and key not in kept):
        raise Refused(f"the query has {', '.join(more)}: it is to give one number", where=where)
    if len(query.expressions) != 1 or query.expressions[0].find(expressions.AggFunc) is None:
        raise Refused("the query does not give one sum, average or count", where=where)
    _check_tables(list(query.find_all(expressions.Table)), query.args.get("joins") or (), concepts, where)


def _check_tables(tables: Sequence[Table], joins: Sequence[Join], concepts: Collection[str], where: str) -> None:
    names = [(table.name, table.db, table.catalog) for table in tables]
    for name, database, catalog in names:
        if database or catalog or name not in concepts:
            there = ", ".join(concepts)
            raise Refused(f"the query reads {name!r}, which is no concept of the lab ({there})", where=where)
    if not 1 <= len(names) <= 2:
        raise Refused(f"the query reads {len(names)} tables, two at the most", where=where)
    for join in joins:
        if join.args.get("method") or not (join.args.get("using") or _compares(join.args.get("on"))):
            raise Refused(
                f"the query joins by {join.sql('duckdb')!r}, which compares no columns of two tables",
                where=where,
                fix='write USING ("field") behind JOIN',
            )


def _is_plain(node: Expr, name: str) -> bool:
    """Whether a query may hold this piece of it."""
    if name == "DataType":
        return node.this.name in _TYPES and not node.expressions
    if name == "Column":
        return node.name.lower() not in _OWN_COLUMNS
    return name in _KINDS


def _compares(on: Expr | None) -> bool:
    """Whether a join's condition compares columns of two tables, or several do together."""
    if on is None:
        return False
    name, sides = type(on).__name__, [on.this, on.args.get("expression")]
    if name == "And":
        return all(map(_compares, sides))
    columns = [side for side in sides if type(side).__name__ == "Column"]
    return name in _COMPARISONS and len(columns) == 2 and len({one.text("table") for one in columns}) == 2
