import { exec, execFile, execSync, spawn } from "child_process";
import fs from "fs";
import path from "path";
import vm from "vm";
import ejs from "ejs";
import _ from "lodash";

const BASE = "/srv/files";
const SORTS = { name: "name", age: "created" };
const ALLOWED = new Set(["a.example"]);
const FORMATS = ["png", "gif"];

app.get("/sql", async (req, res) => {
  // ruleid: js-sql-injection-request, js-sql-injection-built-query
  await db.query("SELECT * FROM item WHERE name = '" + req.query.name + "'");
  const id = req.params.id;
  const sql = `DELETE FROM item WHERE id = ${id}`;
  // ruleid: js-sql-injection-request, js-sql-injection-built-query
  await pool.execute(sql);
  // ruleid: js-sql-injection-request, js-sql-injection-built-query
  await prisma.$queryRawUnsafe(`SELECT * FROM item WHERE name = '${req.body.name}'`);
  // ok: js-sql-injection-request, js-sql-injection-built-query
  await db.query("SELECT * FROM item WHERE name = $1", [req.query.name]);
  // ok: js-sql-injection-request, js-sql-injection-built-query
  await prisma.$queryRaw`SELECT * FROM item WHERE name = ${req.body.name}`;
  const count = parseInt(req.query.n, 10);
  // ok: js-sql-injection-request
  // todook: js-sql-injection-built-query
  await db.query(`SELECT * FROM item LIMIT ${count}`);
  // ok: js-sql-injection-request, js-sql-injection-built-query
  await db.query("SELECT id " + "FROM item");
});

app.post("/nosql", async (req, res) => {
  // ruleid: js-nosql-injection-request
  await User.findOne({ name: req.body.name });
  const filter = req.query;
  // ruleid: js-nosql-injection-request
  await User.find(filter);
  const { id } = req.body;
  // ruleid: js-nosql-injection-request
  await db.collection("item").deleteMany({ id });
  // ok: js-nosql-injection-request
  await User.findOne({ name: String(req.body.name) });
  // ok: js-nosql-injection-request
  await User.findOne({ name: { $eq: req.body.name } });
  // ok: js-nosql-injection-request
  [1, 2].find((n) => n === req.body.n);
});

app.get("/command", (req, res) => {
  // ruleid: js-command-injection-request, js-command-injection-shell
  exec("ping -c 1 " + req.query.host);
  const line = `convert ${req.body.name} out.png`;
  // ruleid: js-command-injection-request, js-command-injection-shell
  execSync(line);
  // ruleid: js-command-injection-request
  spawn("sh", ["-c", req.query.line]);
  // ok: js-command-injection-request, js-command-injection-shell
  execFile("ping", ["-c", "1", "--", req.query.host]);
  // ok: js-command-injection-request
  // ruleid: js-command-injection-shell
  exec("ping -c " + Number(req.query.count) + " localhost");
  const kind = req.query.kind;
  if (!FORMATS.includes(kind)) return res.sendStatus(400);
  // ok: js-command-injection-request
  // ruleid: js-command-injection-shell
  exec(`convert in.jpg out.${kind}`);
});

function shells(host) {
  // ok: js-command-injection-shell
  execSync("uptime");
  // ok: js-command-injection-shell
  execSync(`uptime`);
  // ok: js-command-injection-shell
  pattern.exec(host);
}

app.get("/code", (req, res) => {
  // ruleid: js-code-injection-request, js-code-injection-eval
  eval(req.query.sum);
  const body = "return " + req.body.rule;
  // ruleid: js-code-injection-request, js-code-injection-eval
  new Function("x", body);
  // ruleid: js-code-injection-request
  vm.runInNewContext(req.body.code, {});
  // ok: js-code-injection-request, js-code-injection-eval
  JSON.parse(req.body.code);
  // ok: js-code-injection-request, js-code-injection-eval
  setTimeout(() => work(req.query.sum), 10);
  // ok: js-code-injection-request
  vm.runInNewContext("a + b", { a: req.query.a });
});

function local(name) {
  // ruleid: js-code-injection-eval
  setTimeout("show('" + name + "')", 10);
  // ok: js-code-injection-eval
  eval("1 + 1");
  // ok: js-code-injection-eval
  setTimeout(() => show(`name ${name}`), 10);
  return name;
}

app.get("/file", (req, res) => {
  // ruleid: js-path-traversal-request
  fs.readFileSync("/srv/files/" + req.query.name);
  const full = path.join(BASE, req.params.name);
  // ruleid: js-path-traversal-request
  res.sendFile(full);
  // ruleid: js-path-traversal-request
  fs.createWriteStream(path.resolve(BASE, req.body.name));
  // ok: js-path-traversal-request
  fs.readFileSync(path.join(BASE, path.basename(req.query.name)));
  const checked = path.resolve(BASE, req.query.name);
  if (!checked.startsWith(BASE + path.sep)) {
    return res.sendStatus(404);
  }
  // ok: js-path-traversal-request
  fs.readFileSync(checked);
  // ok: js-path-traversal-request
  res.sendFile(req.query.name, { root: BASE });
});

app.get("/call", async (req, res) => {
  // ruleid: js-ssrf-request
  await fetch(req.query.url);
  const target = `https://${req.body.host}/status`;
  // ruleid: js-ssrf-request
  await axios.get(target);
  // ruleid: js-ssrf-request
  await axios({ method: "get", url: req.query.url });
  // ok: js-ssrf-request
  await fetch(`https://api.example/item/${req.query.id}`);
  // ok: js-ssrf-request
  await fetch("https://api.example/item", { body: req.body.text });
  const url = req.query.other;
  if (!ALLOWED.has(new URL(url).hostname)) {
    return res.sendStatus(400);
  }
  // ok: js-ssrf-request
  await fetch(url);
});

app.get("/go", (req, res) => {
  // ruleid: js-open-redirect-request
  res.redirect(req.query.next);
  const next = req.body.next || "/";
  // ruleid: js-open-redirect-request
  res.redirect(303, next);
  // ruleid: js-open-redirect-request
  res.setHeader("Location", "//" + req.query.host);
  // ok: js-open-redirect-request
  res.redirect("/item/" + req.query.id);
  // ok: js-open-redirect-request
  res.redirect(`https://docs.example/${req.query.page}`);
  // ok: js-open-redirect-request
  res.redirect(req.originalUrl);
});

app.get("/template", (req, res) => {
  // ruleid: js-template-injection-request
  ejs.render(req.body.template);
  const text = "<p>" + req.query.name + "</p>";
  // ruleid: js-template-injection-request
  ejs.compile(text);
  // ruleid: js-template-injection-request
  _.template(`Hello ${req.query.name}`);
  // ok: js-template-injection-request
  ejs.render("<p><%= name %></p>", { name: req.query.name });
  // ok: js-template-injection-request
  ejs.render(TEMPLATES[req.query.page]);
  // ok: js-template-injection-request
  res.render("page", { name: req.query.name });
});

app.post("/record", async (req, res) => {
  // ruleid: js-object-injection-request
  await User.create(req.body);
  // ruleid: js-object-injection-request
  Object.assign(user, req.body);
  // ruleid: js-object-injection-request
  _.merge(settings, req.body);
  // ok: js-object-injection-request
  await User.create({ name: req.body.name });
  // ok: js-object-injection-request
  Object.assign(user, { name: req.body.name });
  // ok: js-object-injection-request
  _.merge(settings, defaults);
});

app.get("/search", (req, res) => {
  // ruleid: js-redos-request-pattern
  new RegExp(req.query.q).test(text);
  const wanted = "^" + req.query.q;
  // ruleid: js-redos-request-pattern
  new RegExp(wanted, "i");
  // ruleid: js-redos-request-pattern
  RegExp(`(${req.body.word})`);
  // ok: js-redos-request-pattern
  new RegExp(_.escapeRegExp(req.query.q));
  // ok: js-redos-request-pattern
  new RegExp("^[a-z]+$").test(req.query.q);
  // ok: js-redos-request-pattern
  text.includes(req.query.q);
});
