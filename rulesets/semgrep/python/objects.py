"""Fixtures for objects.yaml."""

from flask import Flask, request

app = Flask(__name__)


@app.route("/item", methods=["POST"])
def create():
    # ruleid: py-object-injection-request
    return save(Item(**request.json))


@app.route("/person", methods=["POST"])
def change(person):
    data = request.get_json()
    for key, value in data.items():
        # ruleid: py-object-injection-request
        setattr(person, key, value)


def create_row(request):
    # ruleid: py-object-injection-request
    return Item.objects.create(**request.POST.dict())


@app.route("/item-fields", methods=["POST"])
def create_fields():
    data = request.get_json()
    # ok: py-object-injection-request
    return save(Item(name=data["name"], note=data.get("note", "")))


@app.route("/item-schema", methods=["POST"])
def create_checked():
    # ok: py-object-injection-request
    return save(Item(**schema.load(request.json)))


def change_listed(person):
    for key in ("name", "note"):
        # ok: py-object-injection-request
        setattr(person, key, request.form[key])


def edit_listed(crate):
    for key, value in request.json.items():
        if key in ("label", "weight"):
            # ok: py-object-injection-request
            setattr(crate, key, value)


@app.route("/account", methods=["POST"])
def sign_up():
    data = request.get_json()
    # ruleid: py-object-injection-role
    first = Account(name=data["name"], is_admin=data.get("is_admin", False))
    # ruleid: py-object-injection-role
    first.role = request.form["role"]
    # ruleid: py-object-injection-role
    second = create_user(data["name"], role=data["role"])
    # ok: py-object-injection-role
    third = Account(name=data["name"], role="member")
    # ok: py-object-injection-role
    fourth = Account(name=data["name"], is_admin=data["name"] == OWNER)
    return save(first, second, third, fourth)


@superuser_only
def set_role():
    person = find(request.form["id"])
    # ok: py-object-injection-role
    person.role = request.form["role"]
    return save(person)


@app.route("/account-listed", methods=["POST"])
def choose_role():
    role = request.form["role"]
    if role not in ("reader", "writer"):
        return save(None)
    # ok: py-object-injection-role
    return save(Account(role=role))
