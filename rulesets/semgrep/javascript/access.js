// ok: js-authentication-missing-route
router.post("/items", requireAuth, (req, res) => {
  res.end();
});
// ruleid: js-authentication-missing-route
router.delete("/items/:id", (req, res) => {
  res.end();
});
// ruleid: js-authentication-missing-route
router.put("/items/:id", async (req, res) => {
  res.end();
});
// ruleid: js-authentication-missing-route
router.patch("/items/:id", function (req, res) {
  res.end();
});
// ok: js-authentication-missing-route
router.post("/login", (req, res) => {
  res.end();
});
// ok: js-authentication-missing-route
router.get("/items", (req, res) => {
  res.end();
});
