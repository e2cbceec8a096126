const SITES = ["https://a.example"];

function origins(req, res) {
  // ruleid: js-cors-any-origin-credentials
  app.use(cors({ origin: true, credentials: true }));
  // ruleid: js-cors-any-origin-credentials
  app.use(cors({ credentials: true, origin: "*" }));
  // ruleid: js-cors-any-origin-credentials
  res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
  // ok: js-cors-any-origin-credentials, js-cors-any-origin
  app.use(cors({ origin: "https://a.example", credentials: true }));
  // ok: js-cors-any-origin-credentials, js-cors-any-origin
  app.use(cors());
  // ok: js-cors-any-origin-credentials, js-cors-any-origin
  res.setHeader("Access-Control-Allow-Origin", "https://a.example");
  if (SITES.includes(req.headers.origin)) {
    // ok: js-cors-any-origin-credentials
    res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
  }
  // ruleid: js-cors-any-origin
  res.setHeader("Access-Control-Allow-Origin", "*");
  // ruleid: js-cors-any-origin
  app.use(cors({ origin: "*" }));
  // ruleid: js-cors-any-origin
  new Server(httpServer, { cors: { origin: "*" } });
}
