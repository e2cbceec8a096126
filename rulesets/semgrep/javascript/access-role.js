app.post("/users", (req, res) => {
  // ruleid: js-authorization-client-role
  if (req.body.isAdmin === true) grant();
  // ruleid: js-authorization-client-role
  if (req.headers["x-role"] === "admin") grant();
  // ruleid: js-authorization-client-role
  if (req.query.role !== "admin") return res.end();
  // ok: js-authorization-client-role
  if (req.user.role === "admin") grant();
  // ok: js-authorization-client-role
  if (req.body.role === "reader") grant();
  // ok: js-authorization-client-role
  if (req.session.isAdmin === true) grant();
});
