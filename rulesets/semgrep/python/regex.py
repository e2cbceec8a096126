"""Fixtures for regex.yaml."""

import re
import sys

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


def lines_with(user_pattern, lines):
    # ruleid: py-redos-parameter-pattern
    return [line for line in lines if re.search(user_pattern, line)]


def find_word(query, text):
    # ruleid: py-redos-parameter-pattern
    return re.findall(f"^{query}$", text)


def grep_main(text):
    # ruleid: py-redos-parameter-pattern
    return re.compile(sys.argv[1]).findall(text)


def find_escaped(query, text):
    # ok: py-redos-parameter-pattern
    return re.findall(re.escape(query), text)


def find_literal(query):
    # ok: py-redos-parameter-pattern
    return re.findall(r"\d+", query)


def find_number(text):
    # ok: py-redos-parameter-pattern
    return re.search(rf"^{int(sys.argv[1])}:", text)
