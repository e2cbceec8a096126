import html
import os
import re
import stat
import subprocess
import tempfile

import openai
from flask import request
from werkzeug.utils import secure_filename

ACTIONS = {"list": "ls"}


def temporary(data, path):
    # ruleid: py-temp-file-name
    name = tempfile.mktemp()
    # ruleid: py-temp-file-name
    with open("/tmp/app.log", "w") as out:
        out.write(data)
    # ruleid: py-temp-file-name
    os.makedirs("/tmp/app", exist_ok=True)
    # ok: py-temp-file-name
    handle, other = tempfile.mkstemp()
    # ok: py-temp-file-name
    with open("/srv/app.log", "w") as out:
        out.write(data)
    # ok: py-temp-file-name
    with open("/tmp/app.log") as source:
        source.read()
    return name, handle, other


def permissions(path, mode):
    # ruleid: py-file-permissions-world
    os.chmod(path, 0o777)
    # ruleid: py-file-permissions-world
    os.makedirs(path, mode=0o777)
    # ruleid: py-file-permissions-world
    os.chmod(path, stat.S_IRUSR | stat.S_IWOTH)
    # ruleid: py-file-permissions-world
    os.umask(0)
    # ok: py-file-permissions-world
    os.chmod(path, 0o755)
    # ok: py-file-permissions-world
    os.chmod(path, mode)
    # ok: py-file-permissions-world
    os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)


def upload_any():
    file = request.files["file"]
    # ruleid: py-file-upload-client-name
    file.save(os.path.join("/srv", secure_filename(file.filename)))


def upload_named():
    file = request.files["file"]
    name = secure_filename(file.filename)
    # ruleid: py-file-upload-client-name
    file.save(os.path.join("/srv", name))


def upload_storage(request, storage):
    file = request.FILES["file"]
    # ruleid: py-file-upload-client-name
    storage.save(file.name, file)


def upload_checked():
    file = request.files["file"]
    if not allowed_file(file.filename):
        return "no", 400
    # ok: py-file-upload-client-name
    file.save(os.path.join("/srv", secure_filename(file.filename)))


def upload_ending():
    file = request.files["file"]
    name = secure_filename(file.filename)
    ending = os.path.splitext(name)[1]
    if ending not in (".png", ".jpg"):
        return "no", 400
    # ok: py-file-upload-client-name
    file.save(os.path.join("/srv", name))


def upload_own_name(figure):
    # ok: py-file-upload-client-name
    figure.save("/srv/plot.png")


def expressions(text):
    # ruleid: py-redos-request-pattern
    re.search(request.args["q"], text)
    wanted = "^" + request.args["q"]
    # ruleid: py-redos-request-pattern
    compiled = re.compile(wanted)
    # ruleid: py-redos-request-pattern
    re.sub(f"({request.form['word']})", "", text)
    # ok: py-redos-request-pattern
    re.search(re.escape(request.args["q"]), text)
    # ok: py-redos-request-pattern
    re.search("^[a-z]+$", request.args["q"])
    # ok: py-redos-request-pattern
    request.args["q"] in text
    return compiled


def slow(text):
    # ruleid: py-redos-literal
    re.match(r"^(a+)+$", text)
    # ruleid: py-redos-literal
    re.compile(r"^([a-zA-Z]+)*$")
    # ruleid: py-redos-literal
    re.search(r"(?:\d+)+x", text)
    # ruleid: py-redos-literal
    re.fullmatch(r"(\w+\s?)*", text)
    # ruleid: py-redos-literal
    re.match(r"^[a-z]([-.\w]*[0-9a-z])*@", text)
    # ruleid: py-redos-literal
    re.match("^(?:[a-z-]*[a-z])+$", text)
    # ok: py-redos-literal
    re.match("^(?:[a-z-]*[0-9])+$", text)
    # ok: py-redos-literal
    re.match("^[a-z](?:[a-z-]*[a-z])?$", text)
    # ok: py-redos-literal
    re.match(r"^\w+(\.\w+)*$", text)
    # ok: py-redos-literal
    re.match(r"^[a-z]+$", text)
    # ok: py-redos-literal
    re.match(r"^(a+,)+$", text)
    # ok: py-redos-literal
    re.match(r"^\(a+\)+$", text)


def model_text(client, cursor, prompt, llm):
    answer = client.chat.completions.create(model="m", messages=prompt)
    # ruleid: py-llm-output-sink, py-code-injection-eval
    exec(answer.choices[0].message.content)
    command = llm.invoke(prompt)
    # ruleid: py-llm-output-sink, py-command-injection-shell
    subprocess.run(command, shell=True, check=True)
    query = client.responses.create(model="m", input=prompt).output_text
    # ruleid: py-llm-output-sink
    cursor.execute(query)
    # ok: py-llm-output-sink
    print(html.escape(answer.choices[0].message.content))
    # ok: py-llm-output-sink
    cursor.execute("INSERT INTO reply VALUES (?)", (query,))
    # ok: py-llm-output-sink, py-command-injection-shell
    subprocess.run(ACTIONS[command], shell=False, check=True)


def races(path, data):
    # ruleid: py-race-check-then-open
    if os.access(path, os.W_OK):
        with open(path, "w") as out:
            out.write(data)
    # ruleid: py-race-check-then-open
    if not os.path.exists(path):
        with open(path, "w") as out:
            out.write(data)
    # ruleid: py-race-check-then-open
    if os.access(path, os.R_OK):
        first = open(path)
        first.read()
    # ok: py-race-check-then-open
    if os.access(path, os.R_OK):
        print(path)
    # ok: py-race-check-then-open
    with open(path, "x") as out:
        out.write(data)
    # ok: py-race-check-then-open
    if not os.path.exists(path):
        print(path)
