import axios from "axios";
import http from "http";

const ALLOWED = new Set(["a.example"]);
const API_BASE = "https://api.example";

app.get("/call", async (req, res) => {
  // ruleid: js-ssrf-request
  await fetch(req.query.url);
  const target = `https://${req.body.host}/status`;
  // ruleid: js-ssrf-request
  await axios.get(target);
  // ruleid: js-ssrf-request
  await axios({ method: "get", url: req.query.url });
  // ruleid: js-ssrf-request
  http.get("http://" + req.query.host, show);
  // ruleid: js-ssrf-request
  await page.goto(req.body.address);
  // ok: js-ssrf-request
  await fetch(`https://api.example/item/${req.query.id}`);
  // ok: js-ssrf-request
  await fetch(`${API_BASE}/item/${req.query.id}`);
  // ok: js-ssrf-request
  await fetch("https://api.example/item", { body: req.body.text });
  const url = req.query.other;
  if (!ALLOWED.has(new URL(url).hostname)) {
    return res.sendStatus(400);
  }
  // ok: js-ssrf-request
  await fetch(url);
});

app.get("/parsed", async (req, res) => {
  let parsed;
  try {
    parsed = new URL(req.query.url);
  } catch (problem) {
    return res.sendStatus(400);
  }
  if (parsed.protocol !== "https:" || !ALLOWED.has(parsed.hostname)) {
    return res.sendStatus(403);
  }
  // ok: js-ssrf-request
  await fetch(parsed);
});

async function preview(imageUrl) {
  // ruleid: js-ssrf-parameter
  return fetch(imageUrl);
}

const hook = async (webhookUrl: string, data) => {
  // ruleid: js-ssrf-parameter
  await axios.post(webhookUrl, data);
};

function page(host) {
  // ruleid: js-ssrf-parameter
  http.get(`http://${host}/`, show);
}

async function fixed(id, url) {
  // ok: js-ssrf-parameter
  await fetch(`https://api.example/item/${id}`);
  if (!isAllowedUrl(url)) {
    throw new Error("address");
  }
  // ok: js-ssrf-parameter
  await fetch(url);
  // ok: js-ssrf-parameter
  await fetch(API_BASE + id);
}

app.post("/noted", async (req, res) => {
  const url = req.body.imageUrl;
  // a look at the address that lets everything pass
  if (url.match(/(.)*solve(.)*/) !== null) counter.add(1);
  // ruleid: js-ssrf-request
  await fetch(url);
});

app.post("/matched", async (req, res) => {
  const url = req.body.imageUrl;
  if (!url.match(/^https:\/\/images\.example\//)) return res.sendStatus(400);
  // ok: js-ssrf-request
  await fetch(url);
});
