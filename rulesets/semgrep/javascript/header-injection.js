app.get("/file", (req, res) => {
  // ruleid: js-header-injection-request
  res.setHeader("X-Name", req.query.name);
  // ruleid: js-header-injection-request
  res.set("Content-Disposition", "attachment; filename=" + req.query.file);
  // ruleid: js-header-injection-request
  res.writeHead(200, { "Content-Type": req.query.type });
  // ok: js-header-injection-request
  res.setHeader("X-Name", encodeURIComponent(req.query.name));
  // ok: js-header-injection-request
  res.setHeader("X-Name", req.query.name.replace(/[\r\n]/g, ""));
  // ok: js-header-injection-request
  res.set("X-Count", Number(req.query.count));
  // ok: js-header-injection-request
  map.set("name", req.query.name);
});
