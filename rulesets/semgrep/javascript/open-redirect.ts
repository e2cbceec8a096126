const PATHS = ["/home", "/items"];

app.get("/go", (req, res) => {
  // ruleid: js-open-redirect-request
  res.redirect(req.query.next);
  const next = req.body.next || "/";
  // ruleid: js-open-redirect-request
  res.redirect(303, next);
  // ruleid: js-open-redirect-request
  res.setHeader("Location", "//" + req.query.host);
  // ruleid: js-open-redirect-request
  res.writeHead(302, { Location: req.query.to });
  // ok: js-open-redirect-request
  res.redirect("/item/" + req.query.id);
  // ok: js-open-redirect-request
  res.redirect(`https://docs.example/${req.query.page}`);
  // ok: js-open-redirect-request
  res.redirect(req.originalUrl);
});

app.get("/checked", (req, res) => {
  const target = req.query.target;
  if (!target.startsWith("/") || target.startsWith("//")) {
    return res.redirect("/");
  }
  // ok: js-open-redirect-request
  res.redirect(target);
});

app.get("/listed", (req, res) => {
  const target = req.query.target;
  // ok: js-open-redirect-request
  res.redirect(PATHS.includes(target) ? target : "/");
});

function browser(params) {
  // ruleid: js-open-redirect-browser
  window.location = new URLSearchParams(location.search).get("next");
  const next = location.hash.slice(1);
  // ruleid: js-open-redirect-browser
  window.location.href = next;
  // ruleid: js-open-redirect-browser
  location.assign(document.referrer);
  // ok: js-open-redirect-browser
  window.location.href = "/items" + location.search;
  // ok: js-open-redirect-browser
  location.assign("/home");
  // ok: js-open-redirect-browser
  location.replace(location.pathname);
}

export async function GET(request) {
  const wanted = request.nextUrl.searchParams.get("to") ?? "/";
  // ruleid: js-open-redirect-request
  if (!wanted) return NextResponse.redirect(new URL(wanted, request.url));
  const safe = wanted.startsWith("/") && !wanted.startsWith("//") ? wanted : "/";
  // ok: js-open-redirect-request
  return NextResponse.redirect(new URL(safe, request.url));
}
