import jwt from "jsonwebtoken";

export function role(token) {
  // ruleid: js-signature-check-jwt-decode
  const claims = jwt.decode(token);
  return claims.role;
}

export function user(token) {
  // ruleid: js-signature-check-jwt-decode
  return JSON.parse(Buffer.from(token.split(".")[1], "base64").toString("utf8")).sub;
}

export function mail(token) {
  // ruleid: js-signature-check-jwt-decode
  return jose.decodeJwt(token).mail;
}

export function other(text, token) {
  // ok: js-signature-check-jwt-decode
  he.decode(text);
  // ok: js-signature-check-jwt-decode
  JSON.parse(Buffer.from(text, "base64").toString("utf8"));
  // ok: js-signature-check-jwt-decode
  return new TextDecoder().decode(text);
}
