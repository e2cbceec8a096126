import sqlite3

from flask import Flask, request
from sqlalchemy import select, text
from django.db.models.expressions import RawSQL

app = Flask(__name__)
TABLE = "item"
SORTS = {"name": "name", "age": "created"}


def direct(cursor):
    # ruleid: py-sql-injection-request, py-sql-injection-built-query, py-sql-injection-built-text
    cursor.execute("SELECT * FROM item WHERE name = '" + request.args["name"] + "'")


def through_variable(connection):
    wanted = request.form.get("wanted")
    # ruleid: py-sql-injection-built-text
    statement = f"DELETE FROM item WHERE id = {wanted}"
    # ruleid: py-sql-injection-request, py-sql-injection-built-query
    connection.execute(statement)


def whole_statement(connection):
    # ruleid: py-sql-injection-request
    connection.execute(request.get_json()["report"])


@app.route("/owner/<owner>")
def route_parameter(owner):
    # ruleid: py-sql-injection-request, py-sql-injection-built-query, py-sql-injection-built-text
    return db.session.execute(text("SELECT id FROM job WHERE owner = '%s'" % owner))


@app.get("/list")
async def typed_parameter(order: str = "name"):
    # ruleid: py-sql-injection-request, py-sql-injection-built-query
    return await database.fetch_all("SELECT id FROM job ORDER BY {}".format(order))


def collected(cursor):
    parts = ["SELECT id FROM job"]
    # ruleid: py-sql-injection-built-text
    parts.append("WHERE name = '" + request.args["n"] + "'")
    # ruleid: py-sql-injection-request
    cursor.execute(" ".join(parts))


class Listing:
    def get_queryset(self):
        # ruleid: py-sql-injection-request, py-sql-injection-built-query, py-sql-injection-built-text
        return Person.objects.raw("SELECT * FROM person WHERE town = '%s'" % self.request.GET["town"])


@app.route("/job/<int:number>")
def number_parameter(number):
    # ok: py-sql-injection-request
    # ruleid: py-sql-injection-built-query, py-sql-injection-built-text
    return database.execute(f"SELECT * FROM job WHERE id = {number}")


def bound(cursor):
    # ok: py-sql-injection-request, py-sql-injection-built-query
    cursor.execute("SELECT * FROM item WHERE name = ?", (request.args["name"],))


def allowed(cursor):
    column = request.args["sort"]
    if column not in ("name", "created"):
        raise ValueError("sort")
    # ok: py-sql-injection-request, py-sql-injection-built-query
    cursor.execute(f"SELECT * FROM item ORDER BY {column}")


def table_lookup(cursor):
    column = SORTS.get(request.args["sort"], "name")
    # ok: py-sql-injection-request, py-sql-injection-built-query
    cursor.execute("SELECT id FROM item ORDER BY " + column)


def expression(session):
    name = request.args["name"]
    # ok: py-sql-injection-request, py-sql-injection-built-query
    return session.execute(select(Item).where(Item.name == name))


def number(cursor):
    # ok: py-sql-injection-request, py-sql-injection-built-query
    cursor.execute("SELECT * FROM item WHERE id = %d" % int(request.args["id"]))


def built_in_the_call(cursor, name):
    # ruleid: py-sql-injection-built-query, py-sql-injection-built-text
    cursor.execute(f"UPDATE person SET town = '{name}'")
    # ruleid: py-sql-injection-built-query, py-sql-injection-built-text
    cursor.execute("select * from person where name = '%s' and town = '%s'" % (name, "x"))


def built_before(self, name):
    # ruleid: py-sql-injection-built-text
    query = "INSERT INTO person VALUES ('{0}')".format(name)
    # ruleid: py-sql-injection-built-query
    self.run_query(query)


def appended(cursor, name):
    query = "SELECT * FROM person WHERE 1 = 1"
    query = query + " AND name = '" + name + "'"
    # ruleid: py-sql-injection-built-query
    cursor.execute(query)


def constant_parts(cursor, ids, marks):
    # ok: py-sql-injection-built-query
    cursor.execute("SELECT id, name " + "FROM person")
    # ok: py-sql-injection-built-query
    cursor.execute(f"SELECT id FROM {TABLE} WHERE id = ?", (1,))
    placeholders = ", ".join("?" for _ in ids)
    # ok: py-sql-injection-built-query
    cursor.execute(f"SELECT id FROM person WHERE id IN ({placeholders})", ids)
    # ok: py-sql-injection-built-query
    cursor.execute("SELECT id FROM person WHERE id IN (%s)" % ",".join(["?"] * len(ids)), ids)


def look_alike(menu, name):
    # ok: py-sql-injection-built-query
    menu.execute(f"update of {name} done")
    # ok: py-sql-injection-built-query
    print(f"SELECT * FROM person WHERE name = '{name}'")


def fragments(query, name):
    # ruleid: py-sql-injection-orm-fragment
    query.extra(where=["name = '%s'" % name])
    # ruleid: py-sql-injection-orm-fragment
    Person.objects.annotate(score=RawSQL(f"price * {name}", []))
    # ruleid: py-sql-injection-orm-fragment
    query.order_by(text("created " + name))
    # ok: py-sql-injection-orm-fragment
    query.extra(where=["name = %s"], params=[name])
    # ok: py-sql-injection-orm-fragment
    Person.objects.annotate(score=RawSQL("price * %s", [name]))
    # ok: py-sql-injection-orm-fragment
    query.order_by(text("created desc"))


def remembered(self, name):
    # ruleid: py-sql-injection-built-text
    self.statement = f"SELECT id FROM item WHERE name = '{name}'"


def for_wrapper(store, name):
    # ruleid: py-sql-injection-built-text
    store.add("INSERT INTO item (name) VALUES ('%s')" % name)


def composed(name):
    # ruleid: py-sql-injection-built-text
    return "DELETE FROM item WHERE name = '" + name + "'"


def table_only(self, store, name):
    # ok: py-sql-injection-built-text
    store.add("SELECT id FROM %s WHERE name = ?" % self.table, name)


def placeholders(ids):
    marks = ", ".join("?" * len(ids))
    # ok: py-sql-injection-built-text
    return f"SELECT id FROM item WHERE id IN ({', '.join('?' * len(ids))})", marks


def prose(name):
    # ok: py-sql-injection-built-text
    return f"Select an entry for {name}"


def by_lines(store, person):
    # ruleid: py-sql-injection-built-text
    text = (
        f"UPDATE person "
        f"SET name='{person.name}' "
        f"WHERE id={person.id}"
    )
    store.add(text)


def continued(name):
    text = "SELECT id FROM item "
    # ruleid: py-sql-injection-built-text
    text += f"WHERE name = '{name}'"
    return text


ORDERS = {"name": "name", "age": "born"}


def sorted_people(cursor, order):
    # ok: py-sql-injection-built-query, py-sql-injection-built-text
    cursor.execute("SELECT name FROM person ORDER BY " + ORDERS[order])
    # ok: py-sql-injection-built-query, py-sql-injection-built-text
    cursor.execute(f"SELECT name FROM person ORDER BY {ORDERS.get(order, 'name')}")


def sorted_by_table(cursor, request):
    column = COLUMNS.get(request.args.get("sort"), "name")
    direction = "DESC" if request.args.get("desc") else "ASC"
    # ok: py-sql-injection-built-query
    cursor.execute(f"SELECT id FROM item ORDER BY {column} {direction}")
    # ok: py-sql-injection-built-query
    cursor.execute("SELECT id FROM item ORDER BY " + column)
    order = request.args.get("order", "name")
    # ruleid: py-sql-injection-built-query, py-sql-injection-request
    cursor.execute(f"SELECT id FROM item ORDER BY {column} {order}")


def sorted_by_list(cursor, sort_by, limit):
    if sort_by not in ("name", "price"):
        raise ValueError(sort_by)
    limit = int(limit)
    # ok: py-sql-injection-built-query
    cursor.execute(f"SELECT id FROM item ORDER BY {sort_by} LIMIT {limit}")
    for table in ("item", "basket"):
        # ok: py-sql-injection-built-query
        cursor.execute("DELETE FROM {} WHERE old".format(table))


def sorted_by_pattern(cursor, sort_by, owner):
    if not re.fullmatch(r"[a-z_]+", sort_by):
        raise ValueError(sort_by)
    # ok: py-sql-injection-built-query
    cursor.execute(f"SELECT id FROM item ORDER BY {sort_by}")
    # ruleid: py-sql-injection-built-query, py-sql-injection-built-text
    cursor.execute(f"SELECT id FROM item WHERE owner = '{owner}' ORDER BY {sort_by}")


def composed(cursor, changes):
    text = psycopg2.sql.SQL("UPDATE item SET {} WHERE id = 1").format(columns(changes))
    # ok: py-sql-injection-built-query
    cursor.execute(text, list(changes))
