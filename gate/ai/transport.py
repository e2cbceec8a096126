"""Connections to the service: certificates are checked, a proxy of the job is used, nothing is redirected."""

from __future__ import annotations

import base64
import http.client
import ssl
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # not in the stubs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

CERTIFICATES = "NODE_EXTRA_CA_CERTS"


def connect(
    address: SplitResult, environment: Mapping[str, str], timeout: float
) -> http.client.HTTPConnection:
    """Return a connection that is not open yet. Plain http goes to this machine only, so never through a proxy.

    Raises OSError for certificates that cannot be read, ValueError for a wrong address.
    """
    host = address.hostname or ""
    if address.scheme != "https":
        return http.client.HTTPConnection(host, address.port, timeout=timeout)
    context = ssl.create_default_context()
    if more := environment.get(CERTIFICATES):
        context.load_verify_locations(cafile=more)
    proxy = _proxy(host, environment)
    if proxy is None:
        return http.client.HTTPSConnection(host, address.port, timeout=timeout, context=context)
    through = http.client.HTTPSConnection(
        proxy.hostname or "", proxy.port or 80, timeout=timeout, context=context
    )
    headers = {}
    if proxy.username is not None:
        words = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        headers["Proxy-Authorization"] = "Basic " + base64.b64encode(words.encode()).decode()
    through.set_tunnel(host, address.port or 443, headers)
    return through


def proxy_problem(environment: Mapping[str, str]) -> str:
    """Say what is wrong with the job's proxy, empty if nothing is."""
    try:
        proxy = _proxy("", environment)
        wrong = proxy is not None and (proxy.scheme != "http" or not proxy.hostname or proxy.port == 0)
    except ValueError:
        wrong = True
    return "HTTPS_PROXY is no http:// address of a proxy" if wrong else ""


def _proxy(host: str, environment: Mapping[str, str]) -> SplitResult | None:
    given = environment.get("HTTPS_PROXY") or environment.get("https_proxy") or ""
    spared = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
    if not given or (host and spared and proxy_bypass_environment(host, {"no": spared})):
        return None
    return urlsplit(given if "://" in given else f"http://{given}")
