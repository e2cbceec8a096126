app.get("/html", (req, res) => {
  // ruleid: js-xss-response
  res.send("<p>" + req.query.name + "</p>");
  const page = `<h1>${req.params.title}</h1>`;
  // ruleid: js-xss-response
  res.send(page);
  // ruleid: js-xss-response
  res.status(404).send(`No page ${req.query.page}`);
  const { word } = req.query;
  // ruleid: js-xss-response
  res.end("<b>" + word + "</b>");
  // ok: js-xss-response
  res.json({ name: req.query.name });
  // ok: js-xss-response
  res.send("<p>" + escapeHtml(req.query.name) + "</p>");
  // ok: js-xss-response
  res.render("page", { name: req.query.name });
  // ok: js-xss-response
  res.send({ name: req.body.name });
  // ok: js-xss-response
  res.type("text/plain").send(`No page ${req.query.page}`);
});

router.get("/koa", async (ctx) => {
  // ruleid: js-xss-response
  ctx.body = `<h1>${ctx.query.title}</h1>`;
});

function fromAddress(element) {
  // ruleid: js-xss-dom
  element.innerHTML = location.hash.slice(1);
  const name = new URLSearchParams(window.location.search).get("name");
  // ruleid: js-xss-dom
  document.write(name);
  // ruleid: js-xss-dom, js-xss-html-built
  element.insertAdjacentHTML("beforeend", "<b>" + name + "</b>");
  window.addEventListener("message", (event) => {
    if (event.origin !== "https://app.example") return;
    // ok: js-xss-dom
    element.innerHTML = event.data;
  });
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
  // ruleid: js-xss-html-built
  element.innerHTML = html;
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
  // ruleid: js-xss-html-built
  this.sanitizer.bypassSecurityTrustHtml(html);
  return [first, second];
}

function card(name) {
  // ruleid: js-xss-page-built
  return `<div class="card">${name}</div>`;
}

// ruleid: js-xss-page-built
const row = (user) => "<li>" + user.name + "</li>";

function letter(title) {
  let page = "<html>";
  // ruleid: js-xss-page-built
  page += `<h1>${title}</h1>`;
  return page;
}

function greeting(title: string) {
  // ruleid: js-xss-page-built
  const page = `<h1>${title}</h1>`;
  return page;
}

function plain(name, width) {
  const safe = escapeHtml(name);
  // ok: js-xss-page-built
  if (width > 2) return `<div>${safe}</div>`;
  // ok: js-xss-page-built
  if (width > 1) return `<div style="width: ${width}px"></div>`;
  // ok: js-xss-page-built
  return `Hello ${name}`;
}

function filters(html) {
  // ruleid: js-xss-regex-filter
  html.replace(/<script>/g, "");
  // ruleid: js-xss-regex-filter
  html.replace(/<\/?script[^>]*>/gi, "");
  // ruleid: js-xss-regex-filter
  html.replace(/javascript:/i, "");
  // ok: js-xss-regex-filter
  html.replace(/</g, "&lt;");
  // ok: js-xss-regex-filter
  html.replace(/\s+/g, "");
  // ok: js-xss-regex-filter
  html.replace(/script/g, "program");
}

function engines(name, text) {
  // ruleid: js-xss-autoescape-off
  nunjucks.configure("views", { autoescape: false });
  // ruleid: js-xss-autoescape-off
  Handlebars.compile(text, { noEscape: true });
  // ruleid: js-xss-autoescape-off
  new Handlebars.SafeString("<b>" + name + "</b>");
  // ok: js-xss-autoescape-off
  nunjucks.configure("views", { autoescape: true });
  // ok: js-xss-autoescape-off
  Handlebars.compile(text);
  // ok: js-xss-autoescape-off
  new Handlebars.SafeString("<b>" + Handlebars.escapeExpression(name) + "</b>");
}
