const crypto = require("crypto");

function drawn(user) {
  // ruleid: js-weak-random-secret
  const token = Math.random().toString(36).slice(2);
  // ruleid: js-weak-random-secret
  user.resetToken = "r" + Math.random();
  // ruleid: js-weak-random-secret
  const made = { sessionId: Math.floor(Math.random() * 1e9) };
  // ok: js-weak-random-secret
  const safeToken = crypto.randomBytes(32).toString("hex");
  // ok: js-weak-random-secret
  const delay = Math.random() * 100;
  // ok: js-weak-random-secret
  user.color = COLORS[Math.floor(Math.random() * 3)];
  return [token, made, safeToken, delay];
}

function generatePassword(length) {
  let text = "";
  // ruleid: js-weak-random-secret
  for (let i = 0; i < length; i++) text += LETTERS[Math.floor(Math.random() * 62)];
  return text;
}

function timed(user) {
  // ruleid: js-weak-random-time
  const resetToken = Date.now().toString(36);
  // ruleid: js-weak-random-time
  user.apiKey = `key-${Date.now()}`;
  // ruleid: js-weak-random-time
  const session = { sessionId: Date.now().toString() };
  // ok: js-weak-random-time
  const created = Date.now().toString();
  // ok: js-weak-random-time
  const name = `file-${Date.now()}`;
  // ok: js-weak-random-time
  const token = crypto.randomUUID();
  return [resetToken, session, created, name, token];
}

function generateSessionId(weight) {
  // ok: js-weak-random-secret
  if (Math.random() < weight) return null;
  return crypto.randomUUID();
}

async function collected(account) {
  let digits = "";
  // ruleid: js-weak-random-secret
  for (let i = 0; i < 6; i++) digits += Math.floor(Math.random() * 10);
  account.resetCode = digits;
  let row = "";
  // ok: js-weak-random-secret
  for (let i = 0; i < 6; i++) row += Math.floor(Math.random() * 10);
  account.row = row;
}

function generateRowsForSession(list) {
  // ok: js-weak-random-secret
  const row = list[Math.floor(Math.random() * list.length)];
  return row;
}
