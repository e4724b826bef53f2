"""A small company's export, to spoil: tables that join, a policy with and without patterns, a handbook, canaries."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache

QUARTER = "2026Q4"

POLICY = """
company: small
steward: the steward
domains:
  customer: {prefix: C}
  order: {prefix: O, pattern: 'SO-\\d{6}'}
  clerk: {prefix: K}
  ticket: {prefix: T}
tables:
  customers:
    columns:
      customer_id: {do: pseudonym, domain: customer}
      full_name: {do: drop, holds: person}
      mail: {do: drop, holds: email}
      region: {do: keep, type: choice, values: [North, South, East]}
      since: {do: year}
      credit: {do: bin, width: 1000}
  clerks:
    columns:
      clerk_no: {do: pseudonym, domain: clerk}
      last_name: {do: drop, holds: last_name}
      team: {do: keep, type: text}
  articles:
    columns:
      article_id: {do: keep, type: integer}
      title: {do: keep, type: text}
      price: {do: keep, type: number}
      barcode: {do: keep, type: integer}
  orders:
    order_by: [order_date]
    columns:
      order_id: {do: pseudonym, domain: order}
      customer_id: {do: pseudonym, domain: customer}
      clerk_no: {do: pseudonym, domain: clerk}
      order_date: {do: keep, type: date}
      total: {do: keep, type: number}
      note: {do: scrub}
  order_lines:
    columns:
      order_id: {do: pseudonym, domain: order}
      line_no: {do: keep, type: integer}
      article_id: {do: keep, type: integer}
      quantity: {do: keep, type: integer}
      amount: {do: keep, type: number}
  tickets:
    columns:
      ticket_id: {do: pseudonym, domain: ticket}
      customer_id: {do: pseudonym, domain: customer}
      opened: {do: keep, type: datetime}
      topic: {do: keep, type: text}
texts:
  handbook.md: scrub
  rules.md: keep
withheld: [board_minutes.docx]
"""

HANDBOOK = """# Handbook

## 1.1 Discounts

Clerks may give up to 10 %; above that, the lead approves, in writing, before the offer goes out.

| discount | who approves | by when |
|---|---|---|
| up to 10 % | the clerk | at once |
| up to 20 % | the lead | one day |

## 1.2 Returns

Goods come back within 30 days, unopened; refunds are paid to the account that paid.
"""

Files = dict[str, bytes]
Rows = list[list[str]]

_FIRST = ("Zorvena", "Quillam", "Brixandra", "Tolvek", "Ysmeral", "Dargonel", "Fenwisk", "Ulpharin")
_LAST = ("Krontopek", "Vashterling", "Ombrelius", "Pitskaldr", "Wexhamor", "Jorvisten", "Grimbalch")


def files() -> Files:
    """The whole export, the same each time, to be spoiled."""
    return dict(_files())


@cache
def _files() -> Files:
    draw = random.Random(7)
    start = date(2026, 10, 1)
    customers = [
        [
            f"{70000 + i * 37}",
            f"{_FIRST[i % 8]} {_LAST[i % 7]}",
            f"{_FIRST[i % 8].lower()}.{i}@{_LAST[i % 7].lower()}.example",
            draw.choice(("North", "South", "East")),
            f"{2012 + i % 12}-03-{1 + i % 28:02}",
            f"{draw.randint(1000, 9000)}.50",
        ]
        for i in range(40)
    ]
    clerks = [[f"{880 + i}", f"Clerkson{chr(97 + i)}vold", draw.choice(("Sales", "Service"))] for i in range(6)]
    articles = [
        [f"{3100 + i}", f"Plumtwister model {i}", f"{draw.randint(300, 90000) / 100:.2f}", f"{4006381330000 + i * 17}"]
        for i in range(15)
    ]
    orders = [
        [
            f"SO-{410000 + i}",
            draw.choice(customers)[0],
            draw.choice(clerks)[0],
            (start + timedelta(days=i * 91 // 119)).isoformat(),
            f"{draw.randint(1000, 99999) / 100:.2f}",
            draw.choice(("", f"please call {customers[i % 40][1]}", "leave it, by the door")),
        ]
        for i in range(120)
    ]
    lines = [
        [order[0], str(n), draw.choice(articles)[0], str(draw.randint(1, 9)), f"{draw.randint(500, 50000) / 100:.2f}"]
        for order in orders
        for n in range(1, 1 + draw.randint(1, 3))
    ]
    tickets = [
        [
            f"{i + 1}",
            draw.choice(customers)[0],
            f"{(start + timedelta(days=draw.randrange(92))).isoformat()} 10:{i:02}:00",
            "late",
        ]
        for i in range(30)
    ]
    return {
        "customers.csv": table(["customer_id", "full_name", "mail", "region", "since", "credit"], customers),
        "clerks.csv": table(["clerk_no", "last_name", "team"], clerks),
        "articles.csv": table(["article_id", "title", "price", "barcode"], articles),
        "orders.csv": table(["order_id", "customer_id", "clerk_no", "order_date", "total", "note"], orders),
        "order_lines.csv": table(["order_id", "line_no", "article_id", "quantity", "amount"], lines),
        "tickets.csv": table(["ticket_id", "customer_id", "opened", "topic"], tickets),
        "handbook.md": HANDBOOK.encode(),
        "rules.md": b"# Rules\n\nBe on time, be kind, and say so if you are not sure; nobody minds.\n",
        "board_minutes.docx": b"PK\x03\x04 of no concern",
    }


def table(header: list[str], rows: Rows) -> bytes:
    """CSV as most databases write it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode()


def rows_of(data: bytes) -> tuple[list[str], Rows]:
    """Header and rows of a table of `files`."""
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    return header, rows


def changed(name: str, change: Callable[[Rows], Rows | None]) -> Callable[[Files], None]:
    """A mutation of the rows of one table."""

    def mutate(export: Files) -> None:
        header, rows = rows_of(export[name])
        export[name] = table(header, change(rows) or rows)

    return mutate


def cell(name: str, column: str, value: str | Callable[[str], str], rows: slice | int = 3) -> Callable[[Files], None]:
    """A mutation of some cells of one column."""

    def mutate(export: Files) -> None:
        header, body = rows_of(export[name])
        at = header.index(column)
        for row in body[rows] if isinstance(rows, slice) else [body[rows]]:
            row[at] = value(row[at]) if callable(value) else value
        export[name] = table(header, body)

    return mutate


def data(name: str, change: Callable[[bytes], bytes]) -> Callable[[Files], None]:
    """A mutation of one file's bytes."""

    def mutate(export: Files) -> None:
        before = export[name]
        export[name] = change(before)
        assert export[name] != before

    return mutate


def added(name: str, content: bytes | str) -> Callable[[Files], None]:
    """A file more."""

    def mutate(export: Files) -> None:
        export[name] = content.encode() if isinstance(content, str) else content

    return mutate


def raw_values(export: Mapping[str, bytes], policy: str) -> set[str]:
    """Whatever stands in an export and must not stand in a message: cells and words of four characters or more."""
    found: set[str] = set()
    for content in export.values():
        if len(content) > 200_000:
            continue
        text = content.decode("utf-8", "ignore").replace("\0", "")
        found |= {piece.strip() for piece in re.split(r"[,;\t|\"\r\n{}\[\]]", text)}
    # words in lower case alone would be found in any sentence
    telling = {value for value in found if len(value) > 3 and re.search(r"[A-Z0-9@]", value)}
    return {value for value in telling if value not in policy} - {"NULL", "UTF-8"}
