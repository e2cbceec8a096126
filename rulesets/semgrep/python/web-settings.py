import asyncio
import os

import jwt
from django.views.decorators.csrf import csrf_exempt
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import Flask, request
from flask_cors import CORS

app = Flask(__name__)


def tokens(token, key, claims):
    # ruleid: py-signature-check-jwt-off
    jwt.decode(token, options={"verify_signature": False})
    options = {"verify_signature": False, "verify_exp": True}
    # ruleid: py-signature-check-jwt-off
    jwt.decode(token, key, options=options, algorithms=["HS256"])
    # ruleid: py-signature-check-jwt-off
    jwt.decode(token, key, algorithms=["HS256", "none"])
    # ruleid: py-signature-check-jwt-off
    jwt.encode(claims, None, algorithm="none")
    # ruleid: py-signature-check-jwt-algorithms
    jwt.decode(token, key)
    # ruleid: py-signature-check-jwt-algorithms
    jwt.decode(token, key, algorithms=[jwt.get_unverified_header(token)["alg"]])
    header = jwt.get_unverified_header(token)
    # ruleid: py-signature-check-jwt-algorithms
    jwt.decode(token, key, algorithms=[header["alg"]])
    # ok: py-signature-check-jwt-off, py-signature-check-jwt-algorithms
    jwt.decode(token, key, algorithms=["RS256"])
    # ok: py-signature-check-jwt-off, py-signature-check-jwt-algorithms
    jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False})
    # ok: py-signature-check-jwt-off, py-signature-check-jwt-algorithms
    jwt.encode(claims, key, algorithm="HS256")


def debugging(loop, work):
    # ruleid: py-debug-enabled-app
    app.run(debug=True)
    # ruleid: py-debug-enabled-app
    app.config["DEBUG"] = True
    # ruleid: py-debug-enabled-app
    FastAPI(debug=True)
    # ok: py-debug-enabled-app
    app.run(debug=os.environ.get("DEBUG") == "1")
    # ok: py-debug-enabled-app
    app.config["DEBUG"] = False
    # ok: py-debug-enabled-app
    asyncio.run(work(), debug=True)


def cookies(response, value, secure, options):
    # ruleid: py-cookie-flags-off
    response.set_cookie("session", value, secure=False, httponly=True)
    # ruleid: py-cookie-flags-off
    response.set_cookie("theme", value, httponly=False)
    # ruleid: py-cookie-flags-off
    app.config["SESSION_COOKIE_SECURE"] = False
    # ok: py-cookie-flags-off, py-cookie-flags-absent
    response.set_cookie("session", value, secure=True, httponly=True, samesite="Lax")
    # ok: py-cookie-flags-off, py-cookie-flags-absent
    response.set_cookie("session", value, httponly=True, secure=secure)
    # ok: py-cookie-flags-off, py-cookie-flags-absent
    response.set_cookie("session", value, **options)
    # ruleid: py-cookie-flags-absent
    response.set_cookie("session_id", value)
    # ruleid: py-cookie-flags-absent
    response.set_cookie(key="auth_token", value=value, httponly=True)
    # ruleid: py-cookie-flags-absent
    response.set_cookie("jwt", value, max_age=3600)
    # ok: py-cookie-flags-off, py-cookie-flags-absent
    response.set_cookie("theme", value)


def origins(response, api, allowed):
    # ruleid: py-cors-any-origin-credentials
    api.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
    # ruleid: py-cors-any-origin-credentials
    CORS(app, origins="*", supports_credentials=True)
    # ruleid: py-cors-any-origin-credentials
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin")
    # ok: py-cors-any-origin-credentials
    # ruleid: py-cors-any-origin
    api.add_middleware(CORSMiddleware, allow_origins=["*"])
    # ok: py-cors-any-origin-credentials
    CORS(app, origins=["https://a.example"], supports_credentials=True)
    # ok: py-cors-any-origin-credentials
    response.headers["Access-Control-Allow-Origin"] = "https://a.example"
    if request.headers.get("Origin") in allowed:
        # ok: py-cors-any-origin-credentials
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]


# ruleid: py-csrf-disabled
@csrf_exempt
def transfer(request):
    return None


# ok: py-csrf-disabled
@csrf_exempt
def payment_webhook(request):
    return None


# ok: py-csrf-disabled
@csrf_protect
def change(request):
    return None


def forms():
    # ruleid: py-csrf-disabled
    app.config["WTF_CSRF_ENABLED"] = False
    # ruleid: py-csrf-disabled
    app.config.update(WTF_CSRF_ENABLED=False)
    # ok: py-csrf-disabled
    app.config["WTF_CSRF_ENABLED"] = True


# ruleid: py-cors-any-origin
api.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET"])


def open_answer(response):
    # ruleid: py-cors-any-origin
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


# ruleid: py-cors-any-origin
CORS_ALLOW_ALL_ORIGINS = True

# ok: py-cors-any-origin
api.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


def named_answer(response):
    # ok: py-cors-any-origin
    response.headers["Access-Control-Allow-Origin"] = "https://app.example.com"
    return response


# ok: py-cors-any-origin
CORS_ALLOW_ALL_ORIGINS = False


# ok: py-csrf-disabled
@csrf_exempt
@authorize_read
def shelves_by_key(request):
    return shelves(request)
