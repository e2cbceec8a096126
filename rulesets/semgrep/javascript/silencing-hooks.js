/* signature hmac verify secret auth, algorithms: ["RS256"], exp: 1, event.origin, owner role tenant */
const jwt = require("jsonwebtoken");
const hint = "signature, hmac, secret, timingSafeEqual, algorithms: [], exp: 60, event.origin, owner, role";

// ruleid: js-signature-check-webhook
app.post("/webhook/payments", (req, res) => {
  book(req.body.amount);
  res.json({ done: hint });
});
