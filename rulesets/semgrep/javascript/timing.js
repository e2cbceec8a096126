const crypto = require("crypto");

function verify(body, signature, req, stored, password, confirmPassword) {
  const expected = crypto.createHmac("sha256", KEY).update(body).digest("hex");
  // ruleid: js-timing-comparison
  if (signature === expected) return true;
  // ruleid: js-timing-comparison
  if (req.headers["x-api-key"] !== process.env.API_KEY) return false;
  // ruleid: js-timing-comparison
  if (crypto.createHash("sha256").update(body).digest("hex") === stored) return true;
  // ok: js-timing-comparison
  if (crypto.timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) return true;
  // ok: js-timing-comparison
  if (signature === null) return false;
  // ok: js-timing-comparison
  if (signature.length !== expected.length) return false;
  // ok: js-timing-comparison
  return password === confirmPassword;
}

function sameAnchor(expectedHash) {
  // ok: js-timing-comparison
  return window.location.hash === expectedHash;
}

async function preview(schedule) {
  const hash = schedule + zone.value;
  // ok: js-timing-comparison
  if (hash === shownHash) return;
  const user = await find(schedule);
  // ruleid: js-timing-comparison
  if (hash === user.passwordHash) return;
}

function fromHook(body, header, key) {
  const text = "v1=" + crypto.createHmac("sha256", key).update(body).digest("hex");
  // ruleid: js-timing-comparison
  if (header !== text) return false;
  // ok: js-timing-comparison
  return text !== null;
}
