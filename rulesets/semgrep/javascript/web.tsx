import https from "https";
import jwt from "jsonwebtoken";

app.get("/html", (req, res) => {
  // ruleid: js-xss-response
  res.send("<p>" + req.query.name + "</p>");
  const page = `<h1>${req.params.title}</h1>`;
  // ruleid: js-xss-response
  res.send(page);
  // ruleid: js-xss-response
  res.status(404).send(`No page ${req.query.page}`);
  // ok: js-xss-response
  res.json({ name: req.query.name });
  // ok: js-xss-response
  res.send("<p>" + escapeHtml(req.query.name) + "</p>");
  // ok: js-xss-response
  res.render("page", { name: req.query.name });
  // ok: js-xss-response
  res.send({ name: req.body.name });
});

function fromAddress(element) {
  // ruleid: js-xss-dom
  element.innerHTML = location.hash.slice(1);
  const name = new URLSearchParams(window.location.search).get("name");
  // ruleid: js-xss-dom
  document.write(name);
  // ruleid: js-xss-dom, js-xss-html-built
  element.insertAdjacentHTML("beforeend", "<b>" + name + "</b>");
  // ok: js-xss-dom
  element.textContent = location.hash;
  // ok: js-xss-dom
  element.innerHTML = DOMPurify.sanitize(location.hash);
  // ok: js-xss-dom
  element.innerHTML = "<b>hello</b>";
}

function built(element, name, html) {
  // ruleid: js-xss-html-built
  element.innerHTML = `<b>${name}</b>`;
  // ruleid: js-xss-html-built
  element.outerHTML = "<b>" + name + "</b>";
  // ok: js-xss-html-built
  element.innerHTML = `<b>${escapeHtml(name)}</b>`;
  // ok: js-xss-html-built
  element.innerHTML = "";
  // ok: js-xss-html-built
  element.textContent = `<b>${name}</b>`;
  // ruleid: js-xss-html-built
  const first = <div dangerouslySetInnerHTML={{ __html: html }} />;
  // ok: js-xss-html-built
  const second = <div dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(html) }} />;
  return [first, second];
}

app.use((err, req, res, next) => {
  // ruleid: js-information-exposure-error-detail
  res.status(500).send(err.stack);
  // ruleid: js-information-exposure-error-detail
  res.status(500).json({ error: err });
  // ruleid: js-information-exposure-error-detail
  res.json({ ok: false, detail: err.stack });
  // ok: js-information-exposure-error-detail
  res.status(500).json({ error: "internal error" });
  // ok: js-information-exposure-error-detail
  logger.error(err.stack);
  // ok: js-information-exposure-error-detail
  res.status(err.status).send("failed");
});

function tokens(token, key, claims, req) {
  // ruleid: js-signature-check-jwt-off
  jwt.verify(token, key, { algorithms: ["HS256", "none"] });
  // ruleid: js-signature-check-jwt-off
  jwt.sign(claims, null, { algorithm: "none" });
  // ruleid: js-signature-check-jwt-off
  req.user = jwt.decode(token);
  // ok: js-signature-check-jwt-off
  jwt.verify(token, key, { algorithms: ["RS256"] });
  // ok: js-signature-check-jwt-off
  const header = jwt.decode(token, { complete: true }).header;
  // ok: js-signature-check-jwt-off
  jwt.sign(claims, key, { algorithm: "RS256" });
  return header;
}

function agents(ca, options, strict) {
  // ruleid: js-tls-verification-disabled
  new https.Agent({ rejectUnauthorized: false });
  // ruleid: js-tls-verification-disabled
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  // ruleid: js-tls-verification-disabled
  options.rejectUnauthorized = false;
  // ok: js-tls-verification-disabled
  new https.Agent({ rejectUnauthorized: true });
  // ok: js-tls-verification-disabled
  new https.Agent({ ca });
  // ok: js-tls-verification-disabled
  options.rejectUnauthorized = strict;
}

function origins(req, res) {
  // ruleid: js-cors-any-origin-credentials
  app.use(cors({ origin: true, credentials: true }));
  // ruleid: js-cors-any-origin-credentials
  app.use(cors({ credentials: true, origin: "*" }));
  // ruleid: js-cors-any-origin-credentials
  res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
  // ok: js-cors-any-origin-credentials
  app.use(cors({ origin: "https://a.example", credentials: true }));
  // ok: js-cors-any-origin-credentials
  app.use(cors());
  // ok: js-cors-any-origin-credentials
  res.setHeader("Access-Control-Allow-Origin", "https://a.example");
}

function cookies(res, value, secure) {
  // ruleid: js-cookie-flags-off
  res.cookie("session", value, { secure: false, httpOnly: true });
  // ruleid: js-cookie-flags-off
  app.use(session({ secret: value, cookie: { httpOnly: false } }));
  const options = { httpOnly: false };
  // ruleid: js-cookie-flags-off
  res.cookie("session", value, options);
  // ok: js-cookie-flags-off
  res.cookie("session", value, { secure: true, httpOnly: true, sameSite: "lax" });
  // ok: js-cookie-flags-off
  res.cookie("session", value, { secure, httpOnly: true });
  // ok: js-cookie-flags-off
  res.cookie("theme", value);
}

async function modelText(client, prompt, element) {
  const answer = await client.chat.completions.create({ messages: prompt });
  // ruleid: js-llm-output-sink, js-code-injection-eval
  eval(answer.choices[0].message.content);
  // ruleid: js-llm-output-sink
  element.innerHTML = answer.choices[0].message.content;
  const { text } = await generateText({ prompt });
  // ruleid: js-llm-output-sink
  execSync(text);
  // ok: js-llm-output-sink
  element.textContent = answer.choices[0].message.content;
  // ok: js-llm-output-sink
  element.innerHTML = DOMPurify.sanitize(text);
  // ok: js-llm-output-sink
  await db.query("INSERT INTO reply VALUES ($1)", [text]);
}
