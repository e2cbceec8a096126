import jwt from "jsonwebtoken";

function tokens(token, key, claims, req) {
  // ruleid: js-signature-check-jwt-off
  jwt.verify(token, key, { algorithms: ["HS256", "none"] });
  // ruleid: js-signature-check-jwt-off
  jwt.sign(claims, null, { algorithm: "none", expiresIn: "15m" });
  // ruleid: js-signature-check-jwt-off
  req.user = jwt.decode(token);
  // ruleid: js-signature-check-jwt-off
  jwt.verify(token, key, { algorithms: ["HS256"], ignoreExpiration: true });
  // ok: js-signature-check-jwt-off
  jwt.verify(token, key, { algorithms: ["RS256"] });
  // ok: js-signature-check-jwt-off, js-signature-check-jwt-decode
  const header = jwt.decode(token, { complete: true }).header;
  // ok: js-signature-check-jwt-off
  jwt.sign(claims, key, { algorithm: "RS256", expiresIn: "15m" });
  return header;
}
