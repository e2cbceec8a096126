import ftplib
import smtplib
import socket
import ssl

import httpx
import paramiko
import requests
import uvicorn


def unverified(url, session, context, client, check):
    # ruleid: py-tls-verification-disabled, py-ssrf-parameter
    requests.get(url, verify=False, timeout=5)
    # ruleid: py-tls-verification-disabled
    session.post(url, verify=False)
    # ruleid: py-tls-verification-disabled
    session.verify = False
    # ruleid: py-tls-verification-disabled
    context.verify_mode = ssl.CERT_NONE
    # ruleid: py-tls-verification-disabled
    ssl._create_unverified_context()
    # ruleid: py-tls-verification-disabled
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    # ok: py-tls-verification-disabled
    # ruleid: py-ssrf-parameter
    requests.get(url, verify="/etc/ssl/ca.pem", timeout=5)
    # ok: py-tls-verification-disabled
    session.verify = check
    # ok: py-tls-verification-disabled
    context.verify_mode = ssl.CERT_REQUIRED
    # ok: py-tls-verification-disabled
    client.set_missing_host_key_policy(paramiko.RejectPolicy())


def versions(context):
    # ruleid: py-weak-tls-protocol
    ssl.SSLContext(ssl.PROTOCOL_TLSv1)
    # ruleid: py-weak-tls-protocol
    context.minimum_version = ssl.TLSVersion.TLSv1_1
    # ruleid: py-weak-tls-protocol
    ssl.wrap_socket(socket.socket(), ssl_version=ssl.PROTOCOL_SSLv3)
    # ok: py-weak-tls-protocol
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # ok: py-weak-tls-protocol
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # ok: py-weak-tls-protocol
    ssl.create_default_context()


def clear(host):
    # ruleid: py-cleartext-protocol
    ftplib.FTP(host)
    # ruleid: py-cleartext-protocol
    requests.post("http://api.example/login", timeout=5)
    mail = smtplib.SMTP(host)
    # ruleid: py-cleartext-protocol
    mail.login("a", host)
    # ok: py-cleartext-protocol
    ftplib.FTP_TLS(host)
    # ok: py-cleartext-protocol
    requests.post("http://localhost:8000/login", timeout=5)
    with smtplib.SMTP(host) as secure:
        secure.starttls()
        # ok: py-cleartext-protocol
        secure.login("a", host)


def servers(app, host):
    # ruleid: py-bind-all-interfaces
    app.run(host="0.0.0.0")
    # ruleid: py-bind-all-interfaces
    socket.socket().bind(("", 80))
    # ruleid: py-bind-all-interfaces
    uvicorn.run("app:app", host="0.0.0.0", port=80)
    # ok: py-bind-all-interfaces
    app.run(host="127.0.0.1")
    # ok: py-bind-all-interfaces
    socket.socket().bind((host, 80))
    # ok: py-bind-all-interfaces
    uvicorn.run("app:app", port=80)


def waits(url, options):
    # ruleid: py-resource-exhaustion-no-timeout, py-ssrf-parameter
    requests.get(url)
    # ruleid: py-resource-exhaustion-no-timeout, py-ssrf-parameter
    requests.post(url, json={})
    # ruleid: py-resource-exhaustion-no-timeout, py-ssrf-parameter
    httpx.get(url, timeout=None)
    # ok: py-resource-exhaustion-no-timeout
    # ruleid: py-ssrf-parameter
    requests.get(url, timeout=5)
    # ok: py-resource-exhaustion-no-timeout
    # ruleid: py-ssrf-parameter
    requests.get(url, **options)
    # ok: py-resource-exhaustion-no-timeout
    # ruleid: py-ssrf-parameter
    httpx.get(url)
