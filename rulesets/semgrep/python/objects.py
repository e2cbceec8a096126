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
