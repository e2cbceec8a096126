import ast
import importlib
import json

from flask import request

OPERATIONS = {"min": min, "max": max}
MODULES = {"a": "app.a"}


def direct():
    # ruleid: py-code-injection-request, py-code-injection-eval
    return str(eval(request.args["sum"]))


def through_variable():
    text = request.form["rule"]
    wrapped = f"result = {text}"
    # ruleid: py-code-injection-request, py-code-injection-eval
    exec(wrapped, {})


def by_name():
    # ruleid: py-code-injection-request
    return importlib.import_module("plugin." + request.args["plugin"])


def literal():
    # ok: py-code-injection-request, py-code-injection-eval
    return ast.literal_eval(request.args["sum"])


def table():
    # ok: py-code-injection-request
    return OPERATIONS[request.args["name"]](1, 2)


def module_table():
    # ok: py-code-injection-request
    return importlib.import_module(MODULES[request.args["name"]])


def parsed(model):
    model.eval()
    # ok: py-code-injection-request
    return json.loads(request.args["sum"])


def local(formula, frame):
    # ruleid: py-code-injection-eval
    total = eval("2 * " + formula)
    # ok: py-code-injection-eval
    total += eval("2 + 2")
    # ok: py-code-injection-eval
    frame.eval("a + b")
    tree = ast.parse("1")
    # ok: py-code-injection-eval
    exec(compile(tree, "x", "exec"))
    return total
