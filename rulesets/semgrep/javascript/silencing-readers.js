// algorithms: ["RS256"], exp: 1, event.origin, origin: "x"
const jwt = require("jsonwebtoken");
const hint = `algorithms: ["RS256"], exp: 60,
  event.origin, owner, role, app.use(requireAuth)`;

// ruleid: js-signature-check-jwt-algorithms
const claims = (ticket) => jwt.verify(ticket, publicKey);

// ruleid: js-cors-message-origin
window.addEventListener("message", (event) => {
  document.title = event.data.title + hint;
});

// ruleid: js-session-lifetime
const ticket = (person) => jwt.sign({ sub: person }, readKey());

router.get("/papers/:id", login, async (req, res) => {
  // ruleid: js-authorization-by-id
  const paper = await Paper.findById(req.params.id);
  res.json(paper);
});

router.put("/papers/:id", requireAuth, change);
// ruleid: js-authentication-missing-route
router.delete("/papers/:id", (req, res) => {
  remove(req.params.id);
  res.end();
});
