import os
import shutil
import tarfile
import zipfile
from pathlib import Path

from flask import Flask, abort, request, send_file, send_from_directory
from werkzeug.utils import secure_filename

app = Flask(__name__)
BASE = Path("/srv/files")
PAGES = {"home": "home.html"}


def direct():
    # ruleid: py-path-traversal-request
    return open("/srv/files/" + request.args["name"]).read()


@app.route("/get/<path:name>")
def through_variable(name):
    full = os.path.join("/srv/files", name)
    # ruleid: py-path-traversal-request
    return send_file(full)


def with_pathlib():
    # ruleid: py-path-traversal-request
    return (BASE / request.args["name"]).read_text()


def upload():
    file = request.files["file"]
    # ruleid: py-path-traversal-request
    file.save(os.path.join("/srv/files", file.filename))


def normal_is_not_enough():
    name = os.path.normpath(request.args["name"])
    # ruleid: py-path-traversal-request
    os.remove("/srv/files/" + name)


def base_name():
    # ok: py-path-traversal-request
    return open("/srv/files/" + os.path.basename(request.args["name"])).read()


def secured():
    file = request.files["file"]
    # ok: py-path-traversal-request
    # ruleid: py-file-upload-client-name
    file.save(os.path.join("/srv/files", secure_filename(file.filename)))


def resolved():
    path = (BASE / request.args["name"]).resolve()
    if not path.is_relative_to(BASE):
        abort(404)
    # ok: py-path-traversal-request
    return path.read_text()


def prefix():
    path = os.path.realpath(os.path.join("/srv/files", request.args["name"]))
    if not path.startswith("/srv/files/"):
        return "no", 404
    # ok: py-path-traversal-request
    return open(path).read()


def by_framework():
    # ok: py-path-traversal-request
    return send_from_directory("/srv/files", request.args["name"])


def by_table():
    # ok: py-path-traversal-request
    return send_file(PAGES[request.args["page"]])


def fixed_name():
    data = request.get_data()
    # ok: py-path-traversal-request
    Path("/srv/files/last").write_bytes(data)


def unpack(path, target):
    with tarfile.open(path) as archive:
        # ruleid: py-path-traversal-archive
        archive.extractall(target)
    # ruleid: py-path-traversal-archive
    tarfile.open(path).extractall()
    other = tarfile.open(path, "r:gz")
    # ruleid: py-path-traversal-archive
    other.extractall(path=target)
    # ruleid: py-path-traversal-archive
    shutil.unpack_archive(path, target)
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            # ruleid: py-path-traversal-archive
            archive.extract(member, target)


def unpack_with_care(path, target):
    with tarfile.open(path) as archive:
        # ok: py-path-traversal-archive
        archive.extractall(target, filter="data")
    with tarfile.open(path) as archive:
        # ok: py-path-traversal-archive
        archive.extractall(target, members=wanted(archive))
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            place = os.path.realpath(os.path.join(target, member.name))
            if not place.startswith(target + os.sep):
                continue
            # ok: py-path-traversal-archive
            archive.extract(member, target)
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            if member.name.startswith("/") or ".." in member.name:
                raise ValueError(member.name)
        # ok: py-path-traversal-archive
        archive.extractall(target)
    with zipfile.ZipFile(path) as archive:
        # ok: py-path-traversal-archive
        archive.extractall(target)


def members(path, target):
    archive = zipfile.ZipFile(path)
    for name in archive.namelist():
        # ruleid: py-path-traversal-archive-member
        with open(os.path.join(target, name), "wb") as out:
            out.write(archive.read(name))
    for info in archive.infolist():
        full = Path(target) / info.filename
        # ruleid: py-path-traversal-archive-member
        full.write_bytes(archive.read(info))
    for member in tarfile.open(path).getmembers():
        # ruleid: py-path-traversal-archive-member
        with open(f"{target}/{member.name}", "wb") as out:
            out.write(b"")


def members_with_care(path, target):
    archive = zipfile.ZipFile(path)
    for name in archive.namelist():
        # ok: py-path-traversal-archive-member
        with open(os.path.join(target, os.path.basename(name)), "wb") as out:
            out.write(archive.read(name))
    for info in archive.infolist():
        full = (Path(target) / info.filename).resolve()
        if not full.is_relative_to(target):
            raise ValueError(info.filename)
        # ok: py-path-traversal-archive-member
        full.write_bytes(archive.read(info))
    for name in archive.namelist():
        # ok: py-path-traversal-archive-member
        with open("index.txt", "a") as out:
            out.write(name)


def read_report(report_name):
    # ruleid: py-path-traversal-joined-name
    with open(os.path.join("reports", report_name)) as file:
        return file.read()


def store_upload(filename: str, data: bytes):
    target = UPLOAD_DIR / filename
    # ruleid: py-path-traversal-joined-name
    target.write_bytes(data)


def show_page(page="index"):
    path = f"pages/{page}.html"
    # ruleid: py-path-traversal-joined-name
    return open(path).read()


def read_report_checked(report_name):
    base = os.path.realpath("reports")
    path = os.path.realpath(os.path.join(base, report_name))
    if os.path.commonpath([base, path]) != base:
        raise ValueError(report_name)
    # ok: py-path-traversal-joined-name
    return open(path).read()


def store_upload_named(filename: str, data: bytes):
    # ok: py-path-traversal-joined-name
    (UPLOAD_DIR / os.path.basename(filename)).write_bytes(data)


def read_all(file_path):
    # the caller's own file, joined to nothing
    # ok: py-path-traversal-joined-name
    return open(file_path).read()


def read_letters(report_name):
    if not report_name.isalnum():
        raise ValueError(report_name)
    # ok: py-path-traversal-joined-name
    return open(os.path.join("reports", report_name)).read()


def unpack_into(root, entry):
    # ruleid: py-path-traversal-stripped-slash
    target = os.path.join(root, entry.lstrip("/"))
    return target


def mirror(base, url_path):
    # ruleid: py-path-traversal-stripped-slash
    return base / url_path.lstrip("/\\")


def site_file(root, name):
    # ruleid: py-path-traversal-stripped-slash
    return open(os.path.join(root, "site", name.strip("/")))


def unpack_inside(root, entry):
    # ok: py-path-traversal-stripped-slash
    target = os.path.realpath(os.path.join(root, entry.lstrip("/")))
    if not target.startswith(root + os.sep):
        raise ValueError(entry)
    return target


def mirror_plain(base, name):
    # ok: py-path-traversal-stripped-slash
    return os.path.join(base, name.strip())


def mirror_refused(base, name):
    if ".." in name:
        raise ValueError(name)
    # ok: py-path-traversal-stripped-slash
    return os.path.join(base, name.lstrip("/"))


def shown(user_path):
    # ruleid: py-path-traversal-joined-name
    with open(user_path) as file:
        return file.read()


def shown_from_terminal():
    name = input("document: ")
    # ruleid: py-path-traversal-joined-name
    with open("/srv/documents/" + name) as file:
        return file.read()


def shown_inside(user_path, base):
    target = os.path.realpath(user_path)
    if not target.startswith(base + os.sep):
        raise ValueError(user_path)
    # ok: py-path-traversal-joined-name
    with open(target) as file:
        return file.read()


@app.get("/crates/<int:number>")
def typed(number: int):
    # ok: py-path-traversal-request
    return open(f"crates/{number}.txt").read()


def members_below(path, folder):
    root = folder.resolve()
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            place = (root / entry.filename).resolve()
            if root not in place.parents:
                raise ValueError(entry.filename)
            # ok: py-path-traversal-archive-member
            place.write_bytes(archive.read(entry))


def show_picture(request):
    picture = request.FILES["picture"]
    # ok: py-path-traversal-request
    first = PIL.Image.open(picture)
    name = request.POST["name"]
    # ruleid: py-path-traversal-request
    second = PIL.Image.open(name)
    return first, second
