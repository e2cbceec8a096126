from urllib.parse import urlsplit, urlparse
import urllib.request

import aiohttp
import httpx
import requests
from flask import Flask, abort, request

app = Flask(__name__)
HOSTS = {"a": "https://a.example/feed"}
ALLOWED_HOSTS = {"a.example"}


def direct():
    # ruleid: py-ssrf-request
    return requests.get(request.args["url"], timeout=5).text


def through_variable():
    host = request.json["host"]
    address = f"https://{host}/status"
    # ruleid: py-ssrf-request
    return urllib.request.urlopen(address).read()


@app.post("/preview")
async def other_client(url: str):
    async with aiohttp.ClientSession() as session:
        # ruleid: py-ssrf-request, py-ssrf-parameter
        async with session.get(url) as answer:
            return await answer.text()


def open_prefix():
    # ruleid: py-ssrf-request
    return httpx.get("https://api.example" + request.args["suffix"])


def only_scheme():
    url = request.args["url"]
    if not url.startswith("https"):
        abort(400)
    # todoruleid: py-ssrf-request
    return requests.get(url, timeout=5)


def fixed_host():
    # ok: py-ssrf-request
    return requests.get("https://api.example/v1/item/" + request.args["id"], timeout=5)


def fixed_host_text():
    name = request.args["name"]
    # ok: py-ssrf-request
    return requests.get(f"https://api.example/v1/{name}", timeout=5)


def query_only():
    # ok: py-ssrf-request
    return requests.get("https://api.example/find", params={"q": request.args["q"]}, timeout=5)


def by_table():
    # ok: py-ssrf-request
    return requests.get(HOSTS[request.args["feed"]], timeout=5)


def allowed_host():
    url = request.args["url"]
    if urlsplit(url).hostname not in ALLOWED_HOSTS:
        abort(400)
    # ok: py-ssrf-request
    return requests.get(url, timeout=5)


def allowed_parsed():
    url = request.args["url"]
    parsed = urlparse(url)
    if parsed.scheme != "https" or parsed.hostname not in ALLOWED_HOSTS:
        abort(400)
    # ok: py-ssrf-request
    return requests.get(url, timeout=5)


def preview(url):
    # ruleid: py-ssrf-parameter
    return requests.get(url, timeout=5).text


def notify(webhook_url: str, text: str):
    # ruleid: py-ssrf-parameter
    requests.post(webhook_url, json={"text": text}, timeout=5)


def load_image(image_url=None):
    # ruleid: py-ssrf-parameter
    return urllib.request.urlopen(image_url).read()


def preview_listed(url):
    if urllib.parse.urlparse(url).hostname not in ALLOWED_HOSTS:
        raise ValueError(url)
    # ok: py-ssrf-parameter
    return requests.get(url, timeout=5).text


def weather(city):
    # ok: py-ssrf-parameter
    return requests.get("https://weather.example.com/v1", params={"city": city}, timeout=5)


def preview_checked(url):
    check_url(url)
    # ok: py-ssrf-parameter
    return requests.get(url, timeout=5).text


def state_of(host):
    # ruleid: py-ssrf-parameter
    return requests.get(f"http://{host}/state", timeout=5)


def state_from_arguments():
    # ruleid: py-ssrf-parameter
    return requests.get(sys.argv[1], timeout=5)


def state_of_listed(host):
    if host not in ALLOWED_HOSTS:
        raise ValueError(host)
    # ok: py-ssrf-parameter
    return requests.get(f"http://{host}/state", timeout=5)


def forward(request: httpx.Request):
    # ok: py-ssrf-request
    return httpx.get(request.url, timeout=5)


def called_back(request):
    target = ensure_public(request.GET["target"])
    # ok: py-ssrf-request
    return requests.get(target, timeout=5)
