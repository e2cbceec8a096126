from urllib.parse import urlsplit
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
    # ruleid: py-xss-built-html
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
    # ruleid: py-xss-built-html
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
    # ruleid: py-xss-json-in-page
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


def card(title):
    # ruleid: py-xss-built-html
    return f"<div class='card'>{title}</div>"


def row(name, amount):
    # ruleid: py-xss-built-html
    cells = "<tr><td>" + name + "</td><td>" + str(amount) + "</td></tr>"
    return cells


def heading(text: str):
    # ruleid: py-xss-built-html
    return "<h1>{}</h1>".format(text)


def card_escaped(title):
    # ok: py-xss-built-html
    return f"<div class='card'>{html.escape(title)}</div>"


def described(self, name):
    # no page: the text of an object
    # ok: py-xss-built-html
    return f"<Item {name}>"


def pixel(width):
    # ok: py-xss-built-html
    return f"<img width={int(width)}>"


def board(request, rows):
    # ruleid: py-xss-json-in-page
    return render(request, "board.html", {"rows_json": json.dumps(rows)})


def chart(points):
    # ruleid: py-xss-json-in-page
    return render_template("chart.html", points=json.dumps(points))


def embedded(state):
    # ruleid: py-xss-json-in-page
    return mark_safe("<script>start(" + json.dumps(state) + ")</script>")


def board_encoded(request, rows):
    # ok: py-xss-json-in-page
    return render(request, "board.html", {"rows_json": json.dumps(rows, cls=HtmlSafeEncoder)})


def board_flag(request, rows):
    # ok: py-xss-json-in-page
    return render(request, "board.html", {"empty": json.dumps(len(rows) == 0)})


def saved(path, rows):
    # ok: py-xss-json-in-page
    path.write_text(json.dumps(rows))


def article(text):
    # ruleid: py-xss-markdown
    return markdown.markdown(text, extensions=["tables"])


def comment(text):
    # ruleid: py-xss-markdown
    body = mistune.html(text)
    return body


def note(entry):
    # ruleid: py-xss-markdown
    return markdown2.markdown(entry.text)


def article_clean(text):
    # ok: py-xss-markdown
    return nh3.clean(markdown.markdown(text))


def article_escaped(text):
    text = html.escape(text)
    # ok: py-xss-markdown
    return markdown.markdown(text)


def fixed():
    # ok: py-xss-markdown
    return markdown.markdown("# About")


def item_page(request):
    context = {}
    # ruleid: py-xss-link-from-request
    context["back_url"] = request.GET["back"]
    return context


@app.route("/wizard")
def wizard():
    # ruleid: py-xss-link-from-request
    return render_template("wizard.html", next_url=request.args.get("next"))


def cancel_page(request):
    # ruleid: py-xss-link-from-request
    return render(request, "cancel.html", {"cancel_url": request.GET.get("from")})


def item_page_local(request):
    context = {}
    back = request.GET.get("back")
    if urlsplit(back).netloc:
        back = "/"
    # ok: py-xss-link-from-request
    context["back_url"] = back
    return context


@app.route("/search-page")
def search_page():
    # ok: py-xss-link-from-request
    return render_template("search.html", term=request.args.get("term"))


def wizard_listed(request):
    step = request.GET.get("next")
    if step not in STEPS:
        raise ValueError(step)
    # ok: py-xss-link-from-request
    return render(request, "wizard.html", {"next_url": step})


class Greeter(tornado.web.RequestHandler):
    def get(self, name):
        # ruleid: py-xss-response
        self.write(f"<p>{name}</p>")

    def post(self, name):
        # ok: py-xss-response
        self.write({"name": name})


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        # ruleid: py-xss-response
        self.wfile.write(f"<p>{self.path}</p>".encode())


@api.get("/hello", response_class=HTMLResponse)
def hello_page(name: str):
    # ruleid: py-xss-response, py-xss-built-html
    return f"<h1>{name}</h1>"
