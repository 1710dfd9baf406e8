"""Queries whose SQL is made once. Django makes it again each time, which takes three times as long as the query itself.

by_key = PreparedQuery(lambda: Session.objects.filter(session_key=Slot("key"), expire_date__gt=Slot("now")))
by_key.list(key="…", now=now)             rows, as the query set gives them
crew = PreparedQuery(lambda: User.objects.filter(username__any=Slot("names")))
store(message); update(mail, "state")     one row, new or there already
store_all(mails); update_all(mails, "state")    many rows of one table
store_new(Link, id=ids, power=powers)     many rows of one table, as far as they are not there yet
store_or_add(count, "times")              one row, or one more in the row that is like it
store_numbered(CaseNumber())              one row; gives the number that the database gave it
run("select keep(%s, %s)", values)        rows of any statement
"""

import threading
from asyncio import _get_running_loop
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache, cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, ForeignObject, Lookup, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, get_related_populators

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)
_MOST_ROWS = 1_000
_kept = threading.local()
Part = tuple[str, Sequence[Any]]
"""A compiled query with its parameters."""


class Slot(Expression):
    """A value that is given each time."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


@Field.register_lookup
@ForeignObject.register_lookup
class AmongList(Lookup):
    """One of a list: Django's own `in` has another SQL for each length."""

    lookup_name = "any"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        lhs, params = self.process_lhs(compiler, connection)
        rhs, more = self.process_rhs(compiler, connection)
        return f"{lhs} = any({rhs})", [*params, *more]


def run(sql: str, values: Sequence[Any] = (), *, binary: bool = False) -> "list[tuple[Any, ...]]":
    """All rows that a statement gives, on the application's connection.   Cost  1 query

    Takes   binary: whether large binary columns are sent as they are, instead of as text of twice the size."""
    cursor = _take_cursor()
    if binary:
        with find_connection().wrap_database_errors:
            cursor.cursor.execute(sql, values, binary=True)  # Django's own execute cannot say this
    else:
        cursor.execute(sql, values)
    found: list[tuple[Any, ...]] = cursor.fetchall()
    if len(found) > _MOST_ROWS:
        cursor.close()  # it would hold them until the next statement
    return found


def find_connection() -> Any:
    """The application's connection, open or not: this thread's, or under an event loop that of the context.

    Django's own look-up raises and catches an exception where no loop runs, which each statement would pay for."""
    if _get_running_loop() is not None:
        return connections[DEFAULT_DB_ALIAS]
    found = getattr(_kept, "connection", None)
    if found is None:
        found = _kept.connection = connections[DEFAULT_DB_ALIAS]
    return found


def fill_slots(params: Sequence[Any], **values: Any) -> list[Any]:
    """The parameters of a compiled query, with the values of its slots."""
    return [values[each.name] if isinstance(each, Slot) else each for each in params]


class PreparedQuery(Generic[Row]):
    """A query set of the application's connection, with slots."""

    def __init__(self, make: "Callable[[], QuerySet[Any, Row]]") -> None:
        self._make = make

    def list(self, **values: Any) -> list[Row]:
        """All rows.   Cost  1 query"""
        compiler, sql, params = self._compiled
        given = fill_slots(params, **values)
        found = run(sql, given)
        if self._converters:
            found = list(compiler.apply_converters(found, self._converters))
        return list(self._build(found))

    def part(self, **values: Any) -> Part:
        """The compiled query, to be part of a larger one."""
        _compiler, sql, params = self._compiled
        return sql, fill_slots(params, **values)

    def first(self, **values: Any) -> Row | None:
        """The first row, if any."""
        return next(iter(self.list(**values)), None)

    @cached_property
    def _compiled(self) -> tuple[Any, str, Sequence[Any]]:
        compiler = self._found.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        return compiler, sql, params

    @cached_property
    def _found(self) -> "QuerySet[Any, Row]":
        return self._make()

    @cached_property
    def _converters(self) -> Any:
        compiler = self._compiled[0]
        return compiler.get_converters([each[0] for each in compiler.select])

    @cached_property
    def _related(self) -> Any:
        compiler = self._compiled[0]
        find: Any = get_related_populators  # the stubs are of another version of Django
        return find(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)

    @cached_property
    def _own(self) -> tuple[int, int, Sequence[str]]:
        """From which to which place a row has the fields of its table, and their names."""
        compiler = self._compiled[0]
        places = compiler.klass_info["select_fields"]
        first, last = places[0], places[-1] + 1
        return first, last, [each[0].target.attname for each in compiler.select[first:last]]

    def _build(self, found: Sequence[Sequence[Any]]) -> Iterator[Any]:
        compiler, rows_as = self._compiled[0], self._found._iterable_class
        if rows_as is not ModelIterable:
            yield from found  # of values_list
            return
        table: type[Model] = compiler.klass_info["model"]
        first, last, names = self._own
        for row in found:
            made = _make_row(table, names, row[first:last])
            for other in self._related:
                other.populate(row, made)
            for name, place in compiler.annotation_col_map.items():
                setattr(made, name, row[place])
            yield made


def _make_row(table: type[Model], names: Sequence[str], values: Sequence[Any]) -> Model:
    """As Django's `from_db`, which sets each field by itself. No field here does more when it is set."""
    made = table.__new__(table)
    state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    made.__dict__.update(zip(names, values, strict=True), _state=state)
    return made


def store(row: Stored, *others: Model) -> Stored:
    """The row, stored as by Django's `create`; of a table that extends another, what it has beside that one.

    Takes   others: rows that are stored with it.   Cost  1 query.   Raises  IntegrityError."""
    every: tuple[Model, ...] = (row, *others)
    values = [value for each in every for value in _prepare(each, each._meta.local_concrete_fields)]
    _take_cursor().execute(_make_insert(*map(type, every)), values)
    for each in every:
        each._state.adding, each._state.db = False, DEFAULT_DB_ALIAS
    return row


def update(row: Model, *names: str) -> None:
    """These fields of a stored row, as by Django's `save` with `update_fields`.   Cost  1 query"""
    fields = [row._meta.get_field(name) for name in names]
    _take_cursor().execute(_make_update(type(row), names), _prepare(row, [*fields, row._meta.pk]))


def update_all(rows: Sequence[Model], *names: str) -> None:
    """As `update`, of several rows of one table.   Cost  1 query; none for no rows"""
    if rows:
        table = type(rows[0])
        fields: list[Any] = [table._meta.pk, *map(table._meta.get_field, names)]
        given = [write_array(getattr(row, field.attname) for row in rows) for field in fields]
        _take_cursor().execute(_make_update_of_many(table, names), given)


def store_or_add(row: Model, name: str) -> int:
    """Stores the row; where one has what is unique of it, what it has in this field is added to that one's.

    Gives   what is in the field by then.   Cost  1 query"""
    fields = [field for field in row._meta.local_concrete_fields if not field.primary_key]
    sql = _make_insert_or_add(type(row), name)
    return int(run(sql, _prepare(row, fields))[0][0])


def store_numbered(row: Model) -> int:
    """Stores the row, whose key is the next number that the database gives, and gives that.   Cost  1 query"""
    fields = [field for field in row._meta.local_concrete_fields if not field.primary_key]
    return int(run(_make_insert_numbered(type(row)), _prepare(row, fields))[0][0])


def store_all(rows: Sequence[Model]) -> None:
    """As `store`, of several rows of one table, whose values are such as arrays have.

    Cost    1 query; none for no rows.   Raises  IntegrityError."""
    if rows:
        table = type(rows[0])
        fields = table._meta.local_concrete_fields
        given = [write_array(getattr(row, field.attname) for row in rows) for field in fields]
        _take_cursor().execute(_make_insert_of_many(table, tuple(field.column for field in fields)), given)


def store_new(table: type[Model], **columns: Sequence[Any]) -> None:
    """Stores rows that are not there yet. A field that is not given has its default.

    Takes   columns: the values of a field in all rows, by its column's name.   Cost  1 query"""
    row = table()
    others = [field for field in table._meta.local_concrete_fields if field.column not in columns]
    given = [write_array(values) for values in columns.values()]
    sql = f"{_make_insert_of_many(table, tuple(columns))} on conflict do nothing"
    _take_cursor().execute(sql, [*_prepare(row, others), *given])


def write_array(values: Iterable[UUID | bytes | datetime | str | int | None]) -> str:
    """An array as PostgreSQL reads it from text. The driver writes each value by itself, which takes far longer."""
    return f"{{{','.join(map(_write_element, values))}}}"


def _write_element(value: UUID | bytes | datetime | str | int | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    if isinstance(value, str):
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


def _take_cursor() -> Any:
    """This thread's cursor on the application's connection, opened if necessary.

    Always the same one: a new one learns about types again, which costs more than most statements."""
    connection = find_connection()
    connection.close_if_health_check_failed()
    if connection.connection is None:
        connection.ensure_connection()
    kept = getattr(_kept, "cursor", None)
    if kept is None or kept.closed or kept.connection is not connection.connection:
        kept = _kept.cursor = connection.create_cursor()
    return connection._prepare_cursor(kept)  # as Django does with each new one


def _prepare(row: Model, fields: Sequence[Any]) -> list[Any]:
    """What these fields of the row are in a statement."""
    connection = find_connection()
    values = [getattr(row, field.attname) for field in fields]
    return [
        # Django would prepare each element of a list by itself, and a long message has hundreds of words.
        write_array(value)
        if isinstance(field, ArrayField) and value is not None
        else field.get_db_prep_save(value, connection)
        for value, field in zip(values, fields, strict=True)
    ]


@cache
def _make_insert(*tables: type[Model]) -> str:
    """One statement: the first rows in front of the last one."""
    *before, last = map(_insert_into, tables)
    first = ", ".join(f"row_{at} as ({insert})" for at, insert in enumerate(before))
    return f"with {first} {last}" if first else last


def _insert_into(table: type[Model]) -> str:
    columns = _list_columns(table)
    slots = ", ".join(["%s"] * len(columns))
    return f"insert into {_quote(table._meta.db_table)} ({', '.join(columns)}) values ({slots})"  # noqa: S608  ours


@cache
def _make_update(table: type[Model], names: Sequence[str]) -> str:
    meta: Any = table._meta
    changed = ", ".join(f"{_quote(meta.get_field(name).column)} = %s" for name in names)
    return f"update {_quote(meta.db_table)} set {changed} where {_quote(meta.pk.column)} = %s"  # noqa: S608  ours


@cache
def _make_insert_of_many(table: type[Model], names: Sequence[str]) -> str:
    columns, given = _list_columns(table), [_quote(name) for name in names]
    others = {name: kind for name, kind in columns.items() if name not in given}
    defaults = "".join(f"%s::{kind}, " for kind in others.values())
    arrays, these = ", ".join(f"%s::{columns[name]}[]" for name in given), ", ".join(given)
    return (
        f"insert into {_quote(table._meta.db_table)} ({', '.join([*others, *given])})"  # noqa: S608  ours
        f" select {defaults}{these} from unnest({arrays}) it ({these})"
    )


@cache
def _make_update_of_many(table: type[Model], names: Sequence[str]) -> str:
    meta: Any = table._meta
    kinds = _list_columns(table)
    columns = [_quote(meta.get_field(name).column) for name in (meta.pk.name, *names)]
    arrays, these = ", ".join(f"%s::{kinds[column]}[]" for column in columns), ", ".join(columns)
    key, *others = columns
    changed = ", ".join(f"{column} = it.{column}" for column in others)
    return (
        f"update {_quote(meta.db_table)} t set {changed}"  # noqa: S608  ours
        f" from unnest({arrays}) it ({these}) where t.{key} = it.{key}"
    )


@cache
def _make_insert_numbered(table: type[Model]) -> str:
    meta: Any = table._meta
    key, others = meta.pk, [field for field in meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(_quote(field.column) for field in (key, *others))
    slots = ", ".join(["default", *["%s"] * len(others)])
    return f"insert into {_quote(meta.db_table)} ({columns}) values ({slots}) returning {_quote(key.column)}"  # noqa: S608  ours


@cache
def _make_insert_or_add(table: type[Model], name: str) -> str:
    meta: Any = table._meta
    columns = [_quote(field.column) for field in meta.local_concrete_fields if not field.primary_key]
    unique, added = ", ".join(map(_quote, meta.total_unique_constraints[0].fields)), _quote(meta.get_field(name).column)
    return (
        f"insert into {_quote(meta.db_table)} as t ({', '.join(columns)})"  # noqa: S608  ours
        f" values ({', '.join(['%s'] * len(columns))})"
        f" on conflict ({unique}) do update set {added} = t.{added} + excluded.{added} returning {added}"
    )


def _list_columns(table: type[Model]) -> dict[str, str]:
    """Quoted name and type of each column."""
    connection = connections[DEFAULT_DB_ALIAS]
    return {_quote(field.column): str(field.db_type(connection)) for field in table._meta.local_concrete_fields}


def _quote(name: object) -> str:
    return str(connections[DEFAULT_DB_ALIAS].ops.quote_name(str(name)))


class QueryInParts(Generic[Row]):
    """A prepared query whose first rows are read alone: who wants no more doesn't wait for the rest."""

    def __init__(self, make: "Callable[[], QuerySet[Any, Row]]", *, first: int = 10) -> None:
        self._parts = (PreparedQuery(lambda: make()[:first]), PreparedQuery(lambda: make()[first:]))

    def part(self, **values: Any) -> Part:
        """The compiled query of the first rows."""
        return self._parts[0].part(**values)

    def read(self, **values: Any) -> Iterator[Row]:
        """All rows, in order.   Cost  1 query, 1 more for who goes on after the first rows"""
        for part in self._parts:
            yield from part.list(**values)
