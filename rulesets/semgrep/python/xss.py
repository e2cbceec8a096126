import html
import json
import re

import jinja2
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from flask import Flask, jsonify, make_response, render_template, request
from markupsafe import Markup, escape

app = Flask(__name__)
BANNER = "<b>hello</b>"


@app.route("/direct")
def direct():
    # ruleid: py-xss-response
    return "<p>" + request.args["name"] + "</p>"


@app.route("/hello/<name>")
def through_variable(name):
    page = f"<h1>Hello {name}</h1>"
    # ruleid: py-xss-response
    return page


@app.get("/plain")
def as_it_is():
    text = request.args.get("text", "")
    # ruleid: py-xss-response
    return text, 200


def django_view(request):
    # ruleid: py-xss-response
    return HttpResponse("Not found: %s" % request.GET["q"])


@app.route("/made")
def made():
    answer = "<i>{}</i>".format(request.form["name"])
    # ruleid: py-xss-response
    return make_response(answer, 404)


@app.route("/escaped")
def escaped():
    # ok: py-xss-response
    return "<p>" + escape(request.args["name"]) + "</p>"


@app.route("/template")
def template():
    # ok: py-xss-response
    return render_template("page.html", name=request.args["name"])


@app.route("/json")
def as_json():
    name = request.args["name"]
    # ok: py-xss-response
    return {"name": name}


@app.route("/jsonify")
def as_jsonify():
    # ok: py-xss-response
    return jsonify(name=request.args["name"])


@app.route("/count")
def count():
    # ok: py-xss-response
    return "<p>%d</p>" % int(request.args["n"])


def plain_view(request):
    # ok: py-xss-response
    return HttpResponse(request.GET["q"], content_type="text/plain")


def json_view(request):
    # ok: py-xss-response
    return HttpResponse(json.dumps({"q": request.GET["q"]}))


@app.route("/saved", methods=["POST"])
def saved():
    store(request.form["name"])
    # ok: py-xss-response
    return "<p>saved</p>"


def marked(name, label):
    # ruleid: py-xss-escaping-off
    first = mark_safe("<b>" + name + "</b>")
    # ruleid: py-xss-escaping-off
    second = Markup(f"<b>{name}</b>")
    text = "<a href='%s'>" % label
    # ruleid: py-xss-escaping-off
    third = mark_safe(text)
    return first, second, third


def marked_with_care(name, data):
    # ok: py-xss-escaping-off
    first = mark_safe("<hr>")
    # ok: py-xss-escaping-off
    second = Markup("<b>%s</b>") % name
    # ok: py-xss-escaping-off
    third = format_html("<b>{}</b>", name)
    # ok: py-xss-escaping-off
    fourth = mark_safe(BANNER)
    # ok: py-xss-escaping-off
    fifth = mark_safe("<b>" + html.escape(name) + "</b>")
    # ok: py-xss-escaping-off
    sixth = mark_safe(json.dumps(data))
    return first, second, third, fourth, fifth, sixth


def environments(loader, options):
    # ruleid: py-xss-autoescape-off
    jinja2.Environment(loader=loader, autoescape=False)
    # ruleid: py-xss-autoescape-off
    jinja2.Template("<p>{{ x }}</p>", autoescape=False)
    # ruleid: py-xss-autoescape-off
    app.jinja_env.autoescape = False
    # ruleid: py-xss-autoescape-absent
    jinja2.Environment(loader=loader)
    # ruleid: py-xss-autoescape-absent
    jinja2.Environment()
    # ruleid: py-xss-autoescape-absent
    jinja2.Environment(trim_blocks=True, loader=loader)
    # ok: py-xss-autoescape-off, py-xss-autoescape-absent
    jinja2.Environment(loader=loader, autoescape=True)
    # ok: py-xss-autoescape-off, py-xss-autoescape-absent
    jinja2.Environment(loader=loader, autoescape=jinja2.select_autoescape())
    # ok: py-xss-autoescape-off, py-xss-autoescape-absent
    jinja2.Environment(**options)


def cleaned(text):
    # ruleid: py-xss-regex-cleaning
    text = re.sub(r"<script.*?>.*?</script>", "", text)
    # ruleid: py-xss-regex-cleaning
    text = text.replace("<script>", "")
    pattern = re.compile("javascript:", re.I)
    # ruleid: py-xss-regex-cleaning
    text = pattern.sub("", text)
    # ok: py-xss-regex-cleaning
    text = re.sub(r"\s+", "", text)
    # ok: py-xss-regex-cleaning
    text = text.replace("<br>", "")
    # ok: py-xss-regex-cleaning
    text = text.replace("script", "")
    return text
