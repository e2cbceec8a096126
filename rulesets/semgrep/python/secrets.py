import os

import jwt
import psycopg2
import requests
from cryptography.fernet import Fernet
from flask import Flask

app = Flask(__name__)

# ruleid: py-hardcoded-secret-named
DB_PASSWORD = "Tr0ub4dor&3"
# ruleid: py-hardcoded-secret-named
settings = {"api_key": "@alnum:32@"}
# ruleid: py-hardcoded-secret-named
service = Service(client_secret="@alnum:24@")
# ok: py-hardcoded-secret-named
password = os.environ["PASSWORD"]
# ok: py-hardcoded-secret-named
PASSWORD_FIELD = "id_password1"
# ok: py-hardcoded-secret-named
api_key = "your-api-key-1"
# ok: py-hardcoded-secret-named
password = ""
# ok: py-hardcoded-secret-named
access_token = "access_token"
# ok: py-hardcoded-secret-named
SECRET_KEY_PATH = "/run/secrets/key1"
# ok: py-hardcoded-secret-named
token_url = "https://a.example/token2"


# ruleid: py-hardcoded-secret-named
def login(user, password="S3cret!pass"):
    return user, password


# ok: py-hardcoded-secret-named
def no_login(user, password=None):
    return user, password


class Settings:
    # ruleid: py-hardcoded-secret-named
    auth_token: str = "@alnum:40@"
    # ok: py-hardcoded-secret-named
    token: str = "bearer"


def literal_logins(smtp, user, password):
    # ruleid: py-hardcoded-secret-weak-literal
    psycopg2.connect(host="db", user="app", password="letmein")
    # ruleid: py-hardcoded-secret-weak-literal
    requests.get("https://a.example", auth=("app", "letmein"), timeout=5)
    # ruleid: py-hardcoded-secret-weak-literal
    user.set_password("letmein")
    # ok: py-hardcoded-secret-weak-literal
    psycopg2.connect(host="db", user="app", password=password)
    # ok: py-hardcoded-secret-weak-literal
    requests.get("https://a.example", auth=("app", password), timeout=5)
    # ok: py-hardcoded-secret-weak-literal
    user.set_password(os.environ["PASSWORD"])


def keys(claims, token, public_key):
    # ruleid: py-hardcoded-secret-signing-key
    jwt.encode(claims, "secret", algorithm="HS256")
    # ruleid: py-hardcoded-secret-signing-key
    app.secret_key = "development key"
    # ruleid: py-hardcoded-secret-signing-key
    Fernet(b"@alnum:43@=")
    key = "abc"
    # ruleid: py-hardcoded-secret-signing-key
    jwt.decode(token, key, algorithms=["HS256"])
    # ok: py-hardcoded-secret-signing-key
    jwt.encode(claims, os.environ["KEY"], algorithm="HS256")
    # ok: py-hardcoded-secret-signing-key
    app.secret_key = os.urandom(32)
    # ok: py-hardcoded-secret-signing-key
    jwt.decode(token, public_key, algorithms=["RS256"])
    # ok: py-hardcoded-secret-signing-key
    Fernet(Fernet.generate_key())


# ruleid: py-hardcoded-secret-environment-default
flask_key = os.environ.get("SECRET_KEY", "dev-key-1234")
# ruleid: py-hardcoded-secret-environment-default
jwt_key = os.getenv("JWT_SECRET", "super-hidden")
# ruleid: py-hardcoded-secret-environment-default
database_login = os.getenv("DB_PASSWORD", default="postgres")

# ok: py-hardcoded-secret-environment-default
flask_key_only = os.environ["SECRET_KEY"]
# ok: py-hardcoded-secret-environment-default
database_host = os.getenv("DB_HOST", "localhost")
# ok: py-hardcoded-secret-environment-default
jwt_key_or_none = os.getenv("JWT_SECRET", "")


def enter(name, password):
    # ruleid: py-hardcoded-secret-compared
    return name == "root" and password == "open-sesame"


def enter_by_header(headers):
    # ruleid: py-hardcoded-secret-compared
    if headers.get("x-api-key") != "4711-key":
        raise PermissionError


# ruleid: py-hardcoded-secret-compared
USERS = {"mila": "horse7battery", "tom": "staple"}


def enter_with_setting(password, settings, kind, field):
    # ok: py-hardcoded-secret-compared
    first = password == settings.password
    # ok: py-hardcoded-secret-compared
    second = password == ""
    # ok: py-hardcoded-secret-compared
    third = field.password_type == "hidden"
    return first, second, third, kind == "password"


# ok: py-hardcoded-secret-compared
ACCOUNTS = {"mila": "Mila Ray", "tom": "Tom Low"}
