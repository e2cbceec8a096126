import fs from "fs";
import path from "path";
import AdmZip from "adm-zip";
import unzipper from "unzipper";

const BASE = "/srv/files";

app.get("/file", (req, res) => {
  // ruleid: js-path-traversal-request
  fs.readFileSync("/srv/files/" + req.query.name);
  const full = path.join(BASE, req.params.name);
  // ruleid: js-path-traversal-request
  res.sendFile(full);
  // ruleid: js-path-traversal-request
  fs.createWriteStream(path.resolve(BASE, req.body.name));
  // ruleid: js-path-traversal-request
  fs.rename("/tmp/upload", `/srv/files/${req.body.name}`, done);
  // ruleid: js-path-traversal-request
  res.download(req.query.file);
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

app.get("/related", async (req, res) => {
  const target = path.join(BASE, req.params.name);
  const relative = path.relative(BASE, target);
  if (relative.startsWith("..") || path.isAbsolute(relative)) {
    return res.sendStatus(403);
  }
  // ok: js-path-traversal-request
  await fs.promises.readFile(target);
  const plain = req.query.name.replace(/[^a-z0-9]/g, "");
  // ok: js-path-traversal-request
  await fs.promises.readFile(path.join(BASE, plain));
  const once = req.query.name.replace("../", "");
  // ruleid: js-path-traversal-request
  await fs.promises.readFile(path.join(BASE, once));
});

export async function GET(request: Request, { params }: { params: { name: string } }) {
  // ruleid: js-path-traversal-request
  return new Response(await fs.promises.readFile(path.join(BASE, params.name)));
}

function read(filename) {
  // ruleid: js-path-traversal-parameter
  return fs.readFileSync(path.join(BASE, filename));
}

const save = (fileName: string, data: Buffer) => {
  // ruleid: js-path-traversal-parameter
  fs.writeFileSync(`${BASE}/${fileName}`, data);
};

function remove(user_file) {
  const full = "uploads/" + user_file;
  // ruleid: js-path-traversal-parameter
  fs.unlinkSync(full);
}

function readChecked(filename, configPath) {
  // ok: js-path-traversal-parameter
  fs.readFileSync(path.join(BASE, path.basename(filename)));
  // ok: js-path-traversal-parameter
  fs.readFileSync(path.join(configPath, "settings.json"));
  const full = path.resolve(BASE, filename);
  if (!full.startsWith(BASE)) {
    throw new Error("outside");
  }
  // ok: js-path-traversal-parameter
  return fs.readFileSync(full);
}

function unpack(zip, folder) {
  for (const entry of zip.getEntries()) {
    // ruleid: js-path-traversal-archive
    fs.writeFileSync(path.join(folder, entry.entryName), entry.getData());
    const target = folder + "/" + entry.entryName;
    // ruleid: js-path-traversal-archive
    fs.mkdirSync(target);
    // ok: js-path-traversal-archive
    fs.writeFileSync(path.join(folder, path.basename(entry.entryName)), entry.getData());
  }
}

function stream(archive, folder) {
  archive.on("entry", (entry) => {
    // ruleid: js-path-traversal-archive
    entry.pipe(fs.createWriteStream(path.join(folder, entry.path)));
    const target = path.resolve(folder, entry.path);
    if (!target.startsWith(folder + path.sep)) {
      return;
    }
    // ok: js-path-traversal-archive
    entry.pipe(fs.createWriteStream(target));
    // ok: js-path-traversal-archive
    entry.pipe(fs.createWriteStream("/srv/copy"));
  });
}

function whole(file, folder) {
  // ruleid: js-path-traversal-extract
  new AdmZip(file).extractAllTo(folder, true);
  // ruleid: js-path-traversal-extract
  fs.createReadStream(file).pipe(unzipper.Extract({ path: folder }));
  const zip = new AdmZip(file);
  // ruleid: js-path-traversal-extract
  zip.extractAllToAsync(folder);
  // ok: js-path-traversal-extract
  zip.getEntries();
  // ok: js-path-traversal-extract
  zip.extractEntryTo("a.txt", folder);
  // ok: js-path-traversal-extract
  fs.createReadStream(file).pipe(unzipper.Parse());
}

app.get("/kept/:name", (req, res) => {
  // ok: js-path-traversal-request
  res.download(req.params.name, { root: FILES });
});
