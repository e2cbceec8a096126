"""Fixtures for regex.yaml."""

import re

ALLOWED = r"^https?://(www.example.com|beta\.example\.com)/"


def is_ours(url):
    # ruleid: py-weak-regex-host
    return re.search("www.example.com/", url) is not None


def is_partner(url):
    # ruleid: py-weak-regex-host
    return re.match(r"^https://partner.example.org/", url)


def is_listed(url):
    # ruleid: py-weak-regex-host
    return re.fullmatch(ALLOWED + ".*", url) or re.search(ALLOWED, url)


def is_ours_escaped(url):
    # ok: py-weak-regex-host
    return re.fullmatch(r"https://www\.example\.com/.*", url)


def mail_address(text):
    # ok: py-weak-regex-host
    return re.match(r"^[\w.]+@[\w-]+\.(com|org|net)$", text)


def decimals(text):
    # ok: py-weak-regex-host
    return re.findall(r"\d+.\d+", text)
