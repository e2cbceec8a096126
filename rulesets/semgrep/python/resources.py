"""Fixtures for resources.yaml."""

import time

from fastapi import FastAPI
from flask import Flask, abort, request

app = Flask(__name__)
api = FastAPI()


@app.route("/mean")
def mean():
    total = int(request.args.get("total"))
    count = int(request.args.get("count"))
    # ruleid: py-resource-exhaustion-divisor
    return str(total / count)


@app.route("/share")
def share():
    # ruleid: py-resource-exhaustion-divisor
    return str(100 / float(request.args["parts"]))


@app.route("/page")
def page():
    size = request.args.get("size", type=int)
    # ruleid: py-resource-exhaustion-divisor
    return str(1000 // size)


@app.route("/mean-checked")
def mean_checked():
    total = int(request.args.get("total"))
    count = int(request.args.get("count"))
    if count == 0:
        abort(400)
    # ok: py-resource-exhaustion-divisor
    return str(total / count)


@app.route("/mean-handled")
def mean_handled():
    try:
        # ok: py-resource-exhaustion-divisor
        return str(int(request.args["total"]) / int(request.args["count"]))
    except ZeroDivisionError:
        return "no entries", 400


@app.route("/half")
def half():
    # ok: py-resource-exhaustion-divisor
    return str(int(request.args["total"]) / 2)


@app.route("/many")
def many():
    # ruleid: py-resource-exhaustion-amount
    return ",".join(str(i) for i in range(int(request.args["count"])))


@app.route("/wait")
def wait():
    # ruleid: py-resource-exhaustion-amount
    time.sleep(float(request.args["seconds"]))
    return ""


@app.route("/buffer")
def buffer():
    size = int(request.form["size"])
    # ruleid: py-resource-exhaustion-amount
    return bytes(bytearray(size))


@app.route("/many-bounded")
def many_bounded():
    count = min(int(request.args["count"]), 100)
    # ok: py-resource-exhaustion-amount
    return ",".join(str(i) for i in range(count))


@app.route("/wait-checked")
def wait_checked():
    seconds = float(request.args["seconds"])
    if seconds > 5:
        abort(400)
    # ok: py-resource-exhaustion-amount
    time.sleep(seconds)
    return ""


@app.route("/letters")
def letters():
    # ok: py-resource-exhaustion-amount
    return ",".join(str(i) for i in range(len(request.args["word"])))
