"""The service behind a proxy and behind certificates of a company, over real sockets."""

from __future__ import annotations

import base64
import datetime as dt
import json
import socket
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gate.ai.engines.messages_api import MessagesEngine
from gate.core.ai import Reason
from tests.ai.kit import KEY
from tests.ai.test_messages_api import ID, request, text
from tests.support.fake_messages import messages_api

HOST = "api.company.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of its own for HOST: one file with it, and one with its key as well."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(start).not_valid_after(start + dt.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("certificate")
    public = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "public.pem").write_bytes(public)
    (folder / "both.pem").write_bytes(public + secret)
    return folder


@contextmanager
def proxy(model_url: str, certificate):
    """A proxy that brings every CONNECT to the model, behind TLS with our certificate."""
    asked: list[tuple[str, str]] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "both.pem")
    port = int(model_url.rsplit(":", 1)[1])

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_CONNECT(self):
            asked.append((self.path, self.headers.get("proxy-authorization", "")))
            self.send_response(200)
            self.end_headers()
            try:
                with (
                    context.wrap_socket(self.connection, server_side=True) as inner,
                    socket.create_connection(("127.0.0.1", port)) as outer,
                ):
                    back = threading.Thread(target=_pump, args=(outer, inner), daemon=True)
                    back.start()
                    _pump(inner, outer)
            except OSError:
                pass
            self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def _pump(source, target):
    try:
        while data := source.recv(65_536):
            target.sendall(data)
    except OSError:
        pass


def engine(address, **more):
    return MessagesEngine(
        environment={
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": f"https://{HOST}",
            "HTTPS_PROXY": address,
        }
        | more
    )


def test_a_proxy_of_the_job_is_used_and_never_sees_the_key(certificate):
    with (
        messages_api(text({"review_id": ID, "findings": []})) as model,
        proxy(model.url, certificate) as (address, asked),
    ):
        through = engine(
            f"http://us%40er:pass@{address}", NODE_EXTRA_CA_CERTS=str(certificate / "public.pem")
        )
        assert through.probe().problem is None
        assert through.count(request()) > 1_000
        reply = through.review(request())
    assert (reply.problem, len(reply.answers)) == (None, 1)
    login = "Basic " + base64.b64encode(b"us@er:pass").decode()
    assert asked == [(f"{HOST}:443", login)] * 2
    assert model.messages[0].headers["x-api-key"] == KEY
    assert "proxy-authorization" not in model.messages[0].headers


def test_a_certificate_that_nobody_vouches_for_ends_the_call(certificate):
    with messages_api(text({"review_id": ID, "findings": []})) as model:
        with proxy(model.url, certificate) as (address, _):
            reply = engine(f"http://{address}").review(request())
        assert reply.problem is Reason.CONNECTION
        assert not model.asked


def test_a_proxy_without_a_scheme_is_one_and_hosts_that_are_spared_do_not_pass_it(certificate):
    with (
        messages_api(text({"review_id": ID, "findings": []})) as model,
        proxy(model.url, certificate) as (address, asked),
    ):
        more = {"NODE_EXTRA_CA_CERTS": str(certificate / "public.pem")}
        assert engine(address, **more).review(request()).problem is None
        assert len(asked) == 1
        # There is no such host, and the proxy must not be asked for it.
        spared = engine(address, NO_PROXY="localhost,.company.example", **more).review(request())
    assert (spared.problem, len(asked)) == (Reason.CONNECTION, 1)


@pytest.mark.parametrize(
    "address", ["socks5://127.0.0.1:1", "https://127.0.0.1:1", "http://", "http://x:port"]
)
def test_a_proxy_that_cannot_be_used_is_told_before_anything_is_sent(address):
    info = engine(address).probe()
    assert (info.problem, info.detail) == (
        Reason.CONNECTION,
        "HTTPS_PROXY is no http:// address of a proxy",
    )


def test_certificates_that_cannot_be_read_end_the_call():
    reply = engine("", NODE_EXTRA_CA_CERTS="/nonexistent.pem").review(request())
    assert reply.problem is Reason.CONNECTION


def test_the_service_counts_what_a_call_sends():
    with messages_api(text({})) as model:
        one = MessagesEngine(environment={"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url})
        counted = one.count(request(prompt="x" * 9_000))
        (asked,) = model.asked
    assert asked.path == "/v1/messages/count_tokens"
    assert set(json.loads(asked.body)) == {"model", "messages"}
    assert 2_000 < counted < 5_000
    gone = MessagesEngine(environment={"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url})
    assert gone.count(request()) is None
