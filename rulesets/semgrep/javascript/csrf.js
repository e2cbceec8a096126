// ruleid: js-csrf-disabled
server.route({ path: "/pay", options: { plugins: { crumb: false } } });
// ruleid: js-csrf-disabled
exports.security = { csrf: { enable: false } };
// ruleid: js-csrf-disabled
app.use(csurf({ ignoreMethods: ["GET", "POST"] }));
// ok: js-csrf-disabled
app.use(csurf({ cookie: true }));
// ok: js-csrf-disabled
exports.other = { csrf: { enable: true } };
// ok: js-csrf-disabled
app.use(csurf({ ignoreMethods: ["GET", "HEAD"] }));
