import json

import ldap
from lxml import etree
from flask import Flask, request
from ldap.filter import escape_filter_chars

app = Flask(__name__)
KINDS = {"a": "alpha"}


def nosql(users, db):
    # ruleid: py-nosql-injection-request
    users.find_one({"name": request.json["name"], "active": True})
    body = request.get_json()
    # ruleid: py-nosql-injection-request
    users.delete_many(body)
    wanted = json.loads(request.args.get("filter"))
    # ruleid: py-nosql-injection-request
    db.users.find(wanted)


def nosql_with_care(users, text):
    # ok: py-nosql-injection-request
    users.find_one({"name": str(request.json["name"])})
    # ok: py-nosql-injection-request
    users.find_one({"name": request.args["name"]})
    # ok: py-nosql-injection-request
    users.find_one({"name": {"$eq": request.json["name"]}})
    # ok: py-nosql-injection-request
    text.find(request.json["name"])


def where(items, owner):
    # ruleid: py-nosql-injection-where
    items.find({"$where": "this.owner == '" + owner + "'"})
    # ruleid: py-nosql-injection-where
    items.find({"$where": f"this.owner == '{owner}'"})
    # ruleid: py-nosql-injection-where
    items.find({"kind": 1, "$where": "this.owner == '%s'" % owner})
    # ok: py-nosql-injection-where
    items.find({"owner": {"$eq": owner}})
    # ok: py-nosql-injection-where
    items.find({"$where": "this.a == this.b"})
    # ok: py-nosql-injection-where
    items.find({"where": "this.owner == " + owner})


def xpath(tree, root):
    # ruleid: py-xpath-injection-request, py-xpath-injection-built-expression
    tree.xpath("//user[@name='" + request.args["name"] + "']")
    name = request.form["name"]
    query = f"//user[@name='{name}']"
    # ruleid: py-xpath-injection-request, py-xpath-injection-built-expression
    tree.xpath(query)
    # ruleid: py-xpath-injection-request, py-xpath-injection-built-expression
    root.find("./user[@name='%s']" % name)
    # ok: py-xpath-injection-request
    tree.xpath("//user[@name=$name]", name=name)
    # ok: py-xpath-injection-request
    tree.xpath("//user[@id='%d']" % int(request.args["id"]))
    # ok: py-xpath-injection-request
    tree.xpath("//user[@kind='" + KINDS[name] + "']")


def directory(connection):
    # ruleid: py-ldap-injection-request, py-ldap-injection-built-filter
    connection.search_s("dc=example", ldap.SCOPE_SUBTREE, "(uid=" + request.args["uid"] + ")")
    uid = request.form["uid"]
    wanted = f"(&(uid={uid})(active=1))"
    # ruleid: py-ldap-injection-request, py-ldap-injection-built-filter
    connection.search("dc=example", search_filter=wanted)
    # ruleid: py-ldap-injection-request, py-ldap-injection-built-filter
    connection.simple_bind_s("uid=%s,dc=example" % uid, "x")
    # ok: py-ldap-injection-request
    connection.search_s("dc=example", ldap.SCOPE_SUBTREE, "(uid=%s)" % escape_filter_chars(uid))
    # ok: py-ldap-injection-request
    connection.search("dc=example", search_filter="(uid=admin)")
    # ok: py-ldap-injection-request
    connection.search_s("dc=example", ldap.SCOPE_SUBTREE, "(number=%d)" % int(uid))


def member(tree, name):
    # ruleid: py-xpath-injection-built-expression
    return tree.xpath(f"//member[@name='{name}']")


def member_in_two_steps(root, name, town):
    path = ".//member[name='%s']" % name
    # ruleid: py-xpath-injection-built-expression
    first = root.find(path)
    # ruleid: py-xpath-injection-built-expression
    return first or etree.XPath("//member[contains(town, '" + town + "')]")(root)


def member_bound(tree, name):
    # ok: py-xpath-injection-built-expression
    return tree.xpath("//member[@name=$name]", name=name)


def member_by_number(tree, number, tag):
    # ok: py-xpath-injection-built-expression
    first = tree.xpath(f"//member[@number='{int(number)}']")
    # ok: py-xpath-injection-built-expression
    return first or tree.findall(f".//{tag}")


def entry(connection, uid):
    # ruleid: py-ldap-injection-built-filter
    return connection.search_s("dc=example", ldap.SCOPE_SUBTREE, f"(uid={uid})")


def entry_in_two_steps(server, name, town):
    wanted = "(&(cn=%s)(l=%s))" % (name, town)
    # ruleid: py-ldap-injection-built-filter
    return server.search("dc=example", wanted)


def enter(connection, uid, password):
    # ruleid: py-ldap-injection-built-filter
    connection.simple_bind_s("uid=" + uid + ",ou=people,dc=example", password)


def entry_escaped(connection, uid):
    wanted = "(uid=%s)" % escape_filter_chars(uid)
    # ok: py-ldap-injection-built-filter
    connection.search_s("dc=example", ldap.SCOPE_SUBTREE, wanted)
    uid = escape_filter_chars(uid)
    # ok: py-ldap-injection-built-filter
    connection.search_s("dc=example", ldap.SCOPE_SUBTREE, f"(uid={uid})")
    # ok: py-ldap-injection-built-filter
    return connection.search_s("dc=example", ldap.SCOPE_SUBTREE, "(objectClass=person)")


def typed_name(users):
    name = request.json["name"]
    if not isinstance(name, str):
        return None
    # ok: py-nosql-injection-request
    return users.find_one({"name": name})
