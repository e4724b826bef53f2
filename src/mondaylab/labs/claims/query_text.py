"""The text of a query: put together from an author's pieces, and held to one plain question over the lab's concepts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mondaylab.errors import Refused
from mondaylab.labs.claims.wording import phrase

_KINDS = (
    "Select", "From", "Join", "Where", "Table", "TableAlias", "Alias", "Column", "Identifier", "Literal", "Star",
    "Boolean", "Null", "Paren", "Neg", "And", "Or", "Not", "EQ", "NEQ", "GT", "GTE", "LT", "LTE", "Between", "In", "Is",
    "Add", "Sub", "Mul", "Div", "IntDiv", "Sum", "Avg", "Count", "Min", "Max", "Distinct", "Nullif", "Coalesce", "Case",
    "If", "Round", "Floor", "Ceil", "Abs", "Cast", "DataType",
)  # fmt: skip
"""All that a query may hold: nothing that depends on the order of rows, reads more than its tables, or makes rows."""


def composed(pieces: str, words: Mapping[str, str], *, where: str) -> str:
    """A query with its pieces put in; a line that an empty piece leaves blank is dropped."""
    filled = phrase(pieces, words, where=where)
    return "\n".join(line.rstrip() for line in filled.strip().splitlines() if line.strip())


def check_query(text: str, concepts: Collection[str], *, where: str) -> None:
    """Holds a query to one number over the lab's concepts.

    Raises:
        Refused: It is no single SELECT of one value, or holds anything that is not listed here: another table, a
            function that makes rows, a query in a query, groups or an order.
    """
    # the parser takes a second to load, and only labs with such claims need it
    import sqlglot  # noqa: PLC0415
    from sqlglot import expressions  # noqa: PLC0415
    from sqlglot.errors import SqlglotError  # noqa: PLC0415

    try:
        parsed = sqlglot.parse(text, dialect="duckdb")
    except (SqlglotError, RecursionError):
        raise Refused(f"the query is not SQL as far as it can be read: {text!r}", where=where) from None
    if len(parsed) != 1 or not isinstance(parsed[0], expressions.Select):
        raise Refused(f"the query is not one SELECT: {text!r}", where=where, fix="write one question a query")
    query = parsed[0]
    for node in query.walk():
        name = type(node).__name__
        if name not in _KINDS or (isinstance(node, expressions.Select) and node is not query):
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
    _check_tables(query.find_all(expressions.Table), query.args.get("joins") or (), concepts, where)


def _check_tables(tables: object, joins: object, concepts: Collection[str], where: str) -> None:
    names = [(table.name, table.db, table.catalog) for table in tables]  # type: ignore[attr-defined]
    for name, database, catalog in names:
        if database or catalog or name not in concepts:
            there = ", ".join(concepts)
            raise Refused(f"the query reads {name!r}, which is no concept of the lab ({there})", where=where)
    if not 1 <= len(names) <= 2:
        raise Refused(f"the query reads {len(names)} tables, two at the most", where=where)
    for join in joins:  # type: ignore[attr-defined]
        if not (join.args.get("using") or join.args.get("on")):
            raise Refused("the query joins two tables on nothing", where=where, fix='write USING ("field") behind JOIN')
