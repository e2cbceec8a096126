const jwt = require("jsonwebtoken");

app.post("/login", (req, res) => {
  // ruleid: js-session-fixation
  req.session.userId = found.id;
  // ruleid: js-session-fixation
  req.session.user = found;
  // ruleid: js-session-fixation
  req.session.loggedIn = true;
  // ok: js-session-fixation
  req.session.theme = "dark";
  // ok: js-session-fixation
  req.session.userId = null;
  // ok: js-session-fixation
  store.session.userId = found.id;
});

function tokens(claims, key) {
  // ruleid: js-session-lifetime
  jwt.sign(claims, key, { expiresIn: "10y" });
  // ruleid: js-session-lifetime
  jwt.sign(claims, key, { expiresIn: "365d" });
  // ruleid: js-session-lifetime
  jwt.sign(claims, key, { expiresIn: "9000h" });
  // ok: js-session-lifetime
  jwt.sign(claims, key, { expiresIn: "15m" });
  // ok: js-session-lifetime
  jwt.sign(claims, key, { expiresIn: "7d" });
  // ok: js-session-lifetime
  jwt.sign(claims, key, settings);
}
