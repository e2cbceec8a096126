const fs = require("fs");
const os = require("os");
const path = require("path");

function files(target, data) {
  // ruleid: js-temp-file-name
  fs.writeFileSync("/tmp/report.txt", data);
  // ruleid: js-temp-file-name
  fs.writeFileSync(path.join(os.tmpdir(), "report.txt"), data);
  const place = path.join(os.tmpdir(), "lock");
  // ruleid: js-temp-file-name
  fs.writeFileSync(place, data);
  // ok: js-temp-file-name
  fs.writeFileSync(path.join(fs.mkdtempSync(path.join(os.tmpdir(), "app-")), "report.txt"), data);
  // ok: js-temp-file-name
  fs.readFileSync("/tmp/report.txt");
  // ok: js-temp-file-name
  fs.writeFileSync("/srv/report.txt", data);

  // ruleid: js-file-permissions-open
  fs.chmodSync(target, 0o777);
  // ruleid: js-file-permissions-open
  fs.chmod(target, "0666", show);
  // ruleid: js-file-permissions-open
  fs.mkdirSync(target, { mode: 0o777 });
  // ok: js-file-permissions-open
  fs.chmodSync(target, 0o600);
  // ok: js-file-permissions-open
  fs.chmodSync(target, 0o755);
  // ok: js-file-permissions-open
  fs.mkdirSync(target, { recursive: true });
}

function races(target, data) {
  // ruleid: js-race-check-then-use
  if (!fs.existsSync(target)) {
    fs.writeFileSync(target, data);
  }
  // ruleid: js-race-check-then-use
  if (fs.existsSync(target)) {
    fs.unlinkSync(target);
  }
  // ruleid: js-race-check-then-use
  fs.access(target, fs.constants.W_OK, (problem) => {
    fs.writeFileSync(target, data);
  });
  // ok: js-race-check-then-use
  if (!fs.existsSync(target)) {
    throw new Error("missing");
  }
  // ok: js-race-check-then-use
  if (fs.existsSync(target)) {
    read(target);
  }
  // ok: js-race-check-then-use
  fs.writeFileSync(target, data, { flag: "wx" });
}

// ruleid: js-bind-all-interfaces
server.listen(3000, "0.0.0.0");
// ruleid: js-bind-all-interfaces
server.listen({ port: 3000, host: "0.0.0.0" });
// ruleid: js-bind-all-interfaces
new WebSocketServer({ port: 8080, host: "0.0.0.0" });
// ok: js-bind-all-interfaces
server.listen(3000, "127.0.0.1");
// ok: js-bind-all-interfaces
server.listen(3000);
// ok: js-bind-all-interfaces
check("0.0.0.0");
