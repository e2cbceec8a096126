import datetime
from datetime import timedelta

import jwt
from aiohttp_session import get_session, new_session
from flask import Flask, request, session
from flask_jwt_extended import create_access_token

app = Flask(__name__)

# ruleid: py-session-long-lifetime
app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=365)
# ruleid: py-session-long-lifetime
SESSION_COOKIE_AGE = 60 * 60 * 24 * 400
# ok: py-session-long-lifetime
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
# ok: py-session-long-lifetime
app.permanent_session_lifetime = datetime.timedelta(hours=8)


def badge(person, key):
    # ruleid: py-session-long-lifetime
    return jwt.encode({"sub": person.id, "role": person.role}, key, algorithm="HS256")


def badge_in_two_steps(person, key):
    claims = {"user_id": person.id}
    # ruleid: py-session-long-lifetime
    return jwt.encode(claims, key, algorithm="HS256")


def badge_for_a_day(person, key):
    until = datetime.datetime.now(datetime.UTC) + timedelta(days=1)
    # ok: py-session-long-lifetime
    return jwt.encode({"sub": person.id, "exp": until}, key, algorithm="HS256")


def badge_later(person, key, until):
    claims = {"sub": person.id}
    claims["exp"] = until
    # ok: py-session-long-lifetime
    return jwt.encode(claims, key, algorithm="HS256")


def unlimited(person):
    # ruleid: py-session-long-lifetime
    return create_access_token(identity=person.id, expires_delta=False)


def login_view(request):
    person = find_person(request.POST["name"])
    if person and person.check_password(request.POST["password"]):
        # ruleid: py-session-fixation
        request.session["user_id"] = person.id


def sign_in(request):
    person = by_password(request.POST["name"], request.POST["password"])
    # ruleid: py-session-fixation
    request.session["logged_in"] = person is not None


def resume(store):
    # ruleid: py-session-fixation
    return store.SessionStore(session_key=request.args.get("sid"))


def login_safely(request):
    person = by_password(request.POST["name"], request.POST["password"])
    request.session.cycle_key()
    # ok: py-session-fixation
    request.session["user_id"] = person.id


def choose_account(request):
    # ok: py-session-fixation
    request.session["account"] = 7


def resume_own(request, store):
    # ok: py-session-fixation
    return store.SessionStore(session_key=request.session.session_key)


@app.post("/choose")
def choose():
    # ruleid: py-trust-boundary-session
    session["role"] = request.form["role"]
    price = request.form.get("price")
    # ruleid: py-trust-boundary-session
    session["price"] = price
    # ruleid: py-trust-boundary-session
    session[request.args["key"]] = "1"
    # ok: py-trust-boundary-session
    session["language"] = request.form["language"]
    # ok: py-trust-boundary-session
    session["count"] = int(request.form["count"])
    person = load_person(request.form["name"])
    # ok: py-trust-boundary-session
    session["role"] = person.role
    return "", 204


async def enter_hall(request):
    session = await get_session(request)
    # ruleid: py-session-fixation
    session["user_id"] = (await by_password(request)).id


async def enter_hall_anew(request):
    session = await new_session(request)
    # ok: py-session-fixation
    session["user_id"] = (await by_password(request)).id
