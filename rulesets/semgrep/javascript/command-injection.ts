import { exec, execFile, execFileSync, execSync, spawn } from "child_process";
import readline from "readline";
import util from "util";

const FORMATS = ["png", "gif"];
const TOOL = "convert";
const run = util.promisify(exec);

app.get("/command", (req, res) => {
  // ruleid: js-command-injection-request, js-command-injection-shell
  exec("ping -c 1 " + req.query.host);
  const line = `convert ${req.body.name} out.png`;
  // ruleid: js-command-injection-request, js-command-injection-shell
  execSync(line);
  // ruleid: js-command-injection-request
  spawn("sh", ["-c", req.query.line]);
  // ruleid: js-command-injection-request
  spawn("ls " + req.query.folder, { shell: true });
  // ruleid: js-command-injection-request
  spawn(req.body.program, ["-v"]);
  // ok: js-command-injection-request, js-command-injection-shell
  execFile("ping", ["-c", "1", "--", req.query.host]);
  // ruleid: js-command-injection-shell
  // ok: js-command-injection-request
  exec("ping -c " + Number(req.query.count) + " localhost");
  const kind = req.query.kind;
  if (!FORMATS.includes(kind)) return res.sendStatus(400);
  // ruleid: js-command-injection-shell
  // ok: js-command-injection-request
  exec(`convert in.jpg out.${kind}`);
});

app.get("/checked", async (req, res) => {
  const { host, name } = req.query;
  if (typeof host !== "string" || !/^[a-z0-9.-]+$/.test(host)) {
    return res.status(400).json({ error: "host" });
  }
  // ok: js-command-injection-request
  await run(`nslookup ${host}`);
  // ruleid: js-command-injection-request
  await run(`nslookup ${name}`);
  // ok: js-command-injection-request
  await run(`echo ${quote([name])}`);
});

socket.on("convert", (job) => {
  // ruleid: js-command-injection-request, js-command-injection-shell, js-command-injection-parameter
  exec(`convert ${job.from} ${job.to}`);
});

function ping(host) {
  // ruleid: js-command-injection-parameter
  return run("ping -c 1 " + host);
}

const archive = async (folder: string) => {
  // ruleid: js-command-injection-parameter
  spawn("tar czf out.tgz " + folder, { shell: true });
};

function checked(host, count) {
  if (!isValidHost(host)) {
    throw new Error("host");
  }
  // ok: js-command-injection-parameter
  run("ping -c 1 " + host);
  // ok: js-command-injection-parameter
  run("ping -c " + parseInt(count, 10) + " localhost");
  // ok: js-command-injection-parameter, js-command-injection-shell
  execFileSync("ping", ["-c", "1", "--", host]);
}

const rl = readline.createInterface({ input: process.stdin });
rl.question("host? ", (answer) => {
  // ruleid: js-command-injection-parameter
  run("nslookup " + answer);
});
// ruleid: js-command-injection-parameter
run("ls " + process.argv[2]);

function shells(host) {
  // ok: js-command-injection-shell
  execSync("uptime");
  // ok: js-command-injection-shell
  execSync(`uptime`);
  // ok: js-command-injection-shell
  execSync(`${TOOL} -version`);
  // ok: js-command-injection-shell
  pattern.exec(host);
}

app.get("/argument", (req, res) => {
  // ruleid: js-command-injection-argument
  execFile("git", ["clone", req.query.url, "copy"]);
  const file = req.body.file;
  // ruleid: js-command-injection-argument
  spawn("tar", ["xf", file]);
  // ruleid: js-command-injection-argument
  execFileSync("curl", [req.query.address]);
  // ok: js-command-injection-argument
  execFile("git", ["clone", "--", req.query.url, "copy"]);
  // ok: js-command-injection-argument
  execFile("curl", [`https://api.example/${req.query.id}`]);
  // ok: js-command-injection-argument
  execFile("uptime", [req.query.flag]);
});
