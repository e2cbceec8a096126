import logging
import traceback
from urllib.parse import quote

from flask import Flask, jsonify, make_response, request

app = Flask(__name__)
logger = logging.getLogger(__name__)


def headers(response, message):
    # ruleid: py-header-injection-request
    response.headers["X-Name"] = request.args["name"]
    name = request.form["name"]
    # ruleid: py-header-injection-request
    response.headers.add("Content-Disposition", f"attachment; filename={name}")
    # ruleid: py-header-injection-request
    message["Subject"] = "Hello " + name
    # ok: py-header-injection-request
    response.headers["X-Name"] = quote(name)
    # ok: py-header-injection-request
    response.headers["X-Count"] = str(int(name))
    # ok: py-header-injection-request
    response.headers["X-Name"] = name.replace("\r", "").replace("\n", "")
    # ok: py-header-injection-request
    message["Subject"] = "Hello"


def logs():
    name = request.args["name"]
    # ruleid: py-log-injection-request
    logger.info("name " + name)
    # ruleid: py-log-injection-request
    app.logger.warning("name %s", request.form["name"])
    # ruleid: py-log-injection-request
    logging.error(f"name {name}")
    # ok: py-log-injection-request
    logger.info("name %s", repr(name))
    # ok: py-log-injection-request
    logger.info("name %s", name.replace("\n", "").replace("\r", ""))
    # ok: py-log-injection-request
    logger.info("count %d", int(name))
    # ok: py-log-injection-request
    math.log(name)


@app.route("/a")
def error_text():
    try:
        return work()
    except Exception as error:
        # ruleid: py-information-exposure-error-detail, py-information-exposure-error-returned
        return str(error), 500


@app.route("/b")
def error_json():
    try:
        return work()
    except Exception as error:
        # ruleid: py-information-exposure-error-detail
        return jsonify({"error": f"failed: {error}"}), 500


@app.route("/c")
def error_trace():
    try:
        return work()
    except Exception:
        text = traceback.format_exc()
        # ruleid: py-information-exposure-error-detail
        return make_response(text, 500)


@app.route("/d")
def error_logged():
    try:
        return work()
    except Exception as error:
        logger.error("failed: %r", error)
        # ok: py-information-exposure-error-detail
        return {"error": "internal error"}, 500


@app.route("/e")
def error_own():
    try:
        return work()
    except ValidationFailed as error:
        # ok: py-information-exposure-error-detail
        return {"error": str(error)}, 400


def no_route():
    try:
        return work()
    except Exception as error:
        # ok: py-information-exposure-error-detail
        return str(error)


def secrets_in_logs(password, user, token_count, settings):
    # ruleid: py-information-exposure-log-secret
    logger.info("login with %s", password)
    # ruleid: py-information-exposure-log-secret
    logger.debug(f"key {settings.api_key}")
    # ruleid: py-information-exposure-log-secret
    logging.warning("token " + user.access_token)
    # ruleid: py-information-exposure-log-secret
    logger.info("got %s", settings["password"])
    # ok: py-information-exposure-log-secret
    logger.info("login of %s", user.id)
    # ok: py-information-exposure-log-secret
    logger.info("%s tokens", token_count)
    # ok: py-information-exposure-log-secret
    logger.info("password changed, length %d", len(password))
    # ok: py-information-exposure-log-secret
    logger.info("key %s", mask(settings.api_key))


def greet_visitor(username, comment):
    # ruleid: py-log-injection-parameter
    logger.info(f"visitor {username} came")
    # ruleid: py-log-injection-parameter
    logger.warning("said: " + comment)
    # ruleid: py-log-injection-parameter
    logger.warning("visitor %s left", username)
    # ok: py-log-injection-parameter
    logger.info("visitor %r came", username)
    line = comment.replace("\r", " ").replace("\n", " ")
    # ok: py-log-injection-parameter
    logger.info("said: " + line)
    # ok: py-log-injection-parameter
    logger.info("said %d letters", len(comment))


def count_shelves(shelf):
    # ok: py-log-injection-parameter
    logger.info("shelf %s", shelf)


def stock(database, shelf):
    try:
        return {"count": database.count(shelf)}
    except Exception as error:
        # ruleid: py-information-exposure-error-returned
        return {"error": str(error)}


def stock_text(database, shelf):
    try:
        return database.count(shelf), 200
    except DatabaseError as error:
        # ruleid: py-information-exposure-error-returned
        return f"no count: {error}", 500


def stock_trace(database, shelf):
    try:
        return database.count(shelf)
    except ValueError:
        # ruleid: py-information-exposure-error-returned
        return traceback.format_exc()


def stock_quiet(database, shelf):
    try:
        return {"count": database.count(shelf)}
    except Exception:
        logger.exception("no count")
        # ok: py-information-exposure-error-returned
        return {"error": "no count"}, 500


def shelf_number(text):
    try:
        return {"shelf": int(text)}
    except ValueError as error:
        # ok: py-information-exposure-error-returned
        return {"error": str(error)}


def stock_known(database, shelf):
    try:
        return {"count": database.count(shelf)}
    except Exception as error:
        # ok: py-information-exposure-error-returned
        return {"error": type(error).__name__}
