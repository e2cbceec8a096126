from urllib.parse import urlparse

from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from fastapi.responses import RedirectResponse
from flask import Flask, abort, redirect, request, url_for

app = Flask(__name__)
PAGES = {"home": "/home"}


def direct():
    # ruleid: py-open-redirect-request
    return redirect(request.args["next"])


def through_variable():
    target = request.form.get("next") or "/"
    # ruleid: py-open-redirect-request
    return redirect(target, code=303)


@app.get("/go")
async def other_framework(target: str):
    # ruleid: py-open-redirect-request, py-open-redirect-parameter
    return RedirectResponse(url=target)


def django_view(request):
    # ruleid: py-open-redirect-request
    return HttpResponseRedirect("//" + request.GET["host"])


def one_slash():
    target = request.args["next"]
    if not target.startswith("/"):
        abort(400)
    # ruleid: py-open-redirect-request
    return redirect(target)


def named():
    # ok: py-open-redirect-request
    return redirect(url_for("item", name=request.args["name"]))


def fixed_host():
    # ok: py-open-redirect-request
    return redirect("https://docs.example/search?q=" + request.args["q"])


def own_path():
    # ok: py-open-redirect-request
    return redirect(f"/item/{request.form['id']}")


def checked_view(request):
    target = request.GET["next"]
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    # ok: py-open-redirect-request
    return HttpResponseRedirect(target)


def parsed():
    target = request.args["next"]
    if urlparse(target).netloc:
        abort(400)
    # ok: py-open-redirect-request
    return redirect(target)


def by_table():
    # ok: py-open-redirect-request
    return redirect(PAGES.get(request.args["page"], "/"))


def same_page():
    # ok: py-open-redirect-request
    return redirect(request.path)


def after_login(next_url):
    # ruleid: py-open-redirect-parameter
    return redirect(next_url)


def leave(target: str):
    # ruleid: py-open-redirect-parameter
    return HttpResponseRedirect(target)


def back(return_to="/"):
    # ruleid: py-open-redirect-parameter
    return redirect(return_to)


def after_login_checked(request, next_url):
    if not url_has_allowed_host_and_scheme(next_url, allowed_hosts={request.get_host()}):
        next_url = "/"
    # ok: py-open-redirect-parameter
    return redirect(next_url)


def to_item(slug):
    # ok: py-open-redirect-parameter
    return redirect(url_for("item", slug=slug))


def back_local(return_to):
    if return_to not in ("/", "/basket"):
        return redirect("/")
    # ok: py-open-redirect-parameter
    return redirect(return_to)


def after_sign_in(request):
    target = request.GET.get("next")
    if target and remember(target):
        # ruleid: py-open-redirect-request
        return redirect(target)
    if target and _allows_redirect(target):
        # ok: py-open-redirect-request
        return redirect(target)
    return redirect("/")
