import string

import jinja2
from django.template import Template
from flask import render_template, render_template_string, request


def direct():
    # ruleid: py-template-injection-request
    return render_template_string(request.args["page"])


def through_variable():
    page = "<h1>" + request.form["title"] + "</h1>"
    # ruleid: py-template-injection-request, py-template-injection-built-template
    return render_template_string(page)


def other_engines(env):
    # ruleid: py-template-injection-request, py-template-injection-built-template
    jinja2.Template(f"Dear {request.json['name']}").render()
    # ruleid: py-template-injection-request
    env.from_string(request.data.decode()).render()
    # ruleid: py-template-injection-request
    Template(request.POST["text"])


def as_variable():
    # ok: py-template-injection-request, py-template-injection-built-template
    return render_template_string("<h1>{{ title }}</h1>", title=request.form["title"])


def file_template():
    # ok: py-template-injection-request, py-template-injection-built-template
    return render_template("page.html", title=request.form["title"])


def number(env):
    # ok: py-template-injection-request
    return env.from_string("{{ x }}" * int(request.args["n"]))


def no_engine():
    # ok: py-template-injection-request
    return string.Template("$x").substitute(x=request.args["x"])


def built(name):
    # ruleid: py-template-injection-built-template, py-template-injection-variable
    return jinja2.Template("Dear %s" % name).render()


def constant(name):
    # ok: py-template-injection-built-template
    return jinja2.Template("Dear " + "{{ name }}").render(name=name)


def mail(text, name):
    # ruleid: py-template-injection-variable
    return jinja2.Template(text).render(name=name)


def page(body: str):
    # ruleid: py-template-injection-variable
    return jinja2.Environment(autoescape=True).from_string(body).render()


def greeting():
    # ruleid: py-template-injection-variable
    return jinja2.Template(input("template: ")).render()


def mail_file(name):
    # ok: py-template-injection-variable
    return jinja2.Template("Dear {{ name }}").render(name=name)


def page_file(path):
    # ok: py-template-injection-variable
    return jinja2.Template(path.read_text()).render()


def plain(text):
    # ok: py-template-injection-variable
    return string.Template(text).substitute(name="x")
