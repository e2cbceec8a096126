import asyncio
import os
import shlex
import subprocess

from flask import Flask, request

app = Flask(__name__)
FORMATS = {"a": "png", "b": "gif"}
CLEANUP = "rm -r /var/cache/app/*"


def direct():
    # ruleid: py-command-injection-request, py-command-injection-shell
    os.system("ping -c 1 " + request.args["host"])


def through_variable():
    name = request.form["name"]
    line = f"convert {name} out.png"
    # ruleid: py-command-injection-request, py-command-injection-shell
    subprocess.run(line, shell=True, check=True)


@app.post("/count")
async def other_api(folder: str):
    # ruleid: py-command-injection-request, py-command-injection-shell
    await asyncio.create_subprocess_shell("ls {}".format(folder))


def program_from_outside():
    # ruleid: py-command-injection-request
    subprocess.Popen([request.json["tool"], "--version"])


def quoted():
    # ok: py-command-injection-request, py-command-injection-shell
    os.system("ping -c 1 " + shlex.quote(request.args["host"]))


def listed():
    # ok: py-command-injection-request, py-command-injection-shell, py-command-injection-argument
    subprocess.run(["ping", "-c", "1", "--", request.args["host"]], check=True)


def number():
    count = int(request.args["count"])
    # ok: py-command-injection-request
    subprocess.run(["ping", "-c", count], check=True)


def from_table():
    kind = FORMATS[request.args["kind"]]
    # ok: py-command-injection-request
    # ruleid: py-command-injection-shell
    os.system("convert in.jpg out." + kind)


def guarded():
    kind = request.args["kind"]
    if kind not in ("png", "gif"):
        return "no", 400
    # ok: py-command-injection-request
    # ruleid: py-command-injection-shell
    os.popen("convert in.jpg out." + kind)


def shells(host, client):
    # ruleid: py-command-injection-shell
    subprocess.check_output("dig " + host, shell=True)
    # ruleid: py-command-injection-shell
    subprocess.run(["bash", "-c", f"dig {host}"], check=True)
    # ruleid: py-command-injection-shell
    client.exec_command("uptime; " + host)


def no_shells(host, client):
    # ok: py-command-injection-shell
    os.system("clear")
    # ok: py-command-injection-shell
    subprocess.run("make clean", shell=True, check=True)
    # ok: py-command-injection-shell
    os.system(CLEANUP)
    # ok: py-command-injection-shell
    subprocess.run(["dig", host], check=True)
    # ok: py-command-injection-shell
    subprocess.run("dig " + host, shell=False, check=True)
    # ok: py-command-injection-shell
    client.exec_command("uptime")
    line = shlex.join(["dig", host])
    # ok: py-command-injection-shell
    subprocess.run(line, shell=True, check=True)
    # ok: py-command-injection-shell
    os.system(f"dig {shlex.quote(host)}")


class Driver:
    def remove(self, name, host):
        # ruleid: py-command-injection-built-command
        self.run_command("lvremove -f %s" % name)
        # ruleid: py-command-injection-command-text
        command = f"rm -rf {name}"
        # ruleid: py-command-injection-built-command
        self.ssh_exec(command, host)
        # ruleid: py-command-injection-built-command
        exec_cmd("chown root {}".format(name))

    def keep(self, name, host):
        # ok: py-command-injection-built-command
        self.run_command("lvs --noheadings")
        # ok: py-command-injection-built-command
        self.ssh_exec("rm -rf %s" % shlex.quote(name), host)
        # ok: py-command-injection-built-command
        self.run_command(["lvremove", "-f", name])
        # ok: py-command-injection-built-command
        self.run_command(f"Restart {name}")
        # ok: py-command-injection-built-command
        self.run_command(shlex.split(f"lvremove -f {name}"))


def arguments():
    name = request.args["name"]
    # ruleid: py-command-injection-argument
    subprocess.run(["git", "log", name], check=True)
    # ruleid: py-command-injection-argument
    subprocess.check_output(["curl", "-s", request.args["url"]])
    # ruleid: py-command-injection-argument
    subprocess.Popen(["tar", "xf", request.form["file"], "-C", "/srv/in"])


def safe_arguments():
    name = request.args["name"]
    # ok: py-command-injection-argument
    subprocess.run(["git", "log", "--", name], check=True)
    # ok: py-command-injection-argument
    subprocess.run(["git", "log", f"refs/heads/{name}"], check=True)
    # ok: py-command-injection-argument
    subprocess.run(["echo", name], check=True)
    if name.startswith("-"):
        raise ValueError(name)
    # ok: py-command-injection-argument
    subprocess.run(["git", "log", name], check=True)


def clone_text(url):
    # ruleid: py-command-injection-command-text
    cmd = f"git clone {url} /srv/work"
    return cmd


def volume_text(self, name):
    # ruleid: py-command-injection-command-text
    ssh_cmd = "lvs --units g %s" % name
    return self.remote(ssh_cmd)


def filled(user):
    # ruleid: py-command-injection-command-text
    return run_later(ADD_COMMAND.format(user))


def clone_list(url):
    # ok: py-command-injection-command-text
    cmd = ["git", "clone", "--", url]
    return cmd


def clone_quoted(url):
    # ok: py-command-injection-command-text
    cmd = f"git clone {shlex.quote(url)} /srv/work"
    return cmd


def titled(name):
    # ok: py-command-injection-command-text
    command = f"Command {name}"
    return command


def run_words(text):
    # ruleid: py-command-injection-split-text
    return subprocess.run(text.split(), check=True)


def run_parsed(text):
    # ruleid: py-command-injection-split-text
    return subprocess.check_output(shlex.split(text))


def run_later_parsed(text):
    arguments = shlex.split(text)
    # ruleid: py-command-injection-split-text
    return subprocess.Popen(arguments)


def run_fixed():
    # ok: py-command-injection-split-text
    return subprocess.run("git status --short".split(), check=True)


def run_list(arguments):
    # ok: py-command-injection-split-text
    return subprocess.run(["git", *arguments], check=True)


def run_setting():
    # ok: py-command-injection-split-text
    return subprocess.run(shlex.split(EDITOR), check=True)


@mcp.tool()
def ping(host: str) -> str:
    # ruleid: py-command-injection-request, py-command-injection-shell
    return subprocess.getoutput(f"ping -c 1 {host}")


class Convert(Resource):
    def post(self, name):
        # ruleid: py-command-injection-request, py-command-injection-shell
        os.system("convert " + name)

    def put(self, name):
        if not is_valid_name(name):
            return "", 400
        # ruleid: py-command-injection-shell
        # ok: py-command-injection-request
        os.system("convert " + name)
