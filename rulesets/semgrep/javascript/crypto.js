const crypto = require("crypto");
const jwt = require("jsonwebtoken");

function digests(data, password, user, salt) {
  // ruleid: js-weak-hash-digest
  crypto.createHash("md5").update(data);
  // ruleid: js-weak-hash-digest
  crypto.subtle.digest("SHA-1", data);
  // ruleid: js-weak-hash-digest
  CryptoJS.MD5(data);
  // ok: js-weak-hash-digest
  crypto.createHash("sha256").update(data);
  // ok: js-weak-hash-digest
  crypto.createHmac("sha1", data);
  // ok: js-weak-hash-digest
  crypto.createHash(user.algorithm);
  // ruleid: js-weak-hash-password
  crypto.createHash("sha256").update(password).digest("hex");
  // ruleid: js-weak-hash-password
  sha256(user.password);
  // ruleid: js-weak-hash-password
  crypto.createHash("sha512").update(salt + user.password);
  // ok: js-weak-hash-password
  bcrypt.hash(password, 12);
  // ok: js-weak-hash-password
  crypto.scryptSync(password, salt, 64);
  // ok: js-weak-hash-password
  crypto.createHash("sha256").update(data);
}

function ciphers(key, iv) {
  // ruleid: js-weak-cipher-algorithm
  crypto.createCipheriv("des-ede3-cbc", key, iv);
  // ruleid: js-weak-cipher-algorithm
  crypto.createCipheriv("aes-128-ecb", key, null);
  // ruleid: js-weak-cipher-algorithm
  crypto.createCipher("aes-256-cbc", key);
  // ok: js-weak-cipher-algorithm
  crypto.createCipheriv("aes-256-gcm", key, iv);
  // ok: js-weak-cipher-algorithm
  crypto.createCipheriv("chacha20-poly1305", key, iv);
  // ok: js-weak-cipher-algorithm
  crypto.createCipheriv("aes-256-cbc", key, iv);
}

function nonces(key) {
  // ruleid: js-nonce-reuse-constant
  crypto.createCipheriv("aes-256-cbc", key, "0123456789abcdef");
  // ruleid: js-nonce-reuse-constant
  crypto.createCipheriv("aes-256-gcm", key, Buffer.alloc(12));
  const iv = Buffer.from("abcdefabcdef");
  // ruleid: js-nonce-reuse-constant
  crypto.createCipheriv("aes-256-gcm", key, iv);
  // ok: js-nonce-reuse-constant
  crypto.createCipheriv("aes-256-gcm", key, crypto.randomBytes(12));
  const fresh = crypto.randomBytes(12);
  // ok: js-nonce-reuse-constant
  crypto.createCipheriv("aes-256-gcm", key, fresh);
  // ok: js-nonce-reuse-constant
  crypto.createDecipheriv("aes-256-gcm", key, fresh);
}

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

// ruleid: js-hardcoded-secret-named
const dbPassword = "Tr0ub4dor&3";
// ruleid: js-hardcoded-secret-named
const config = { apiKey: "@alnum:32@" };
// ruleid: js-hardcoded-secret-named
config.clientSecret = "@alnum:24@";
// ok: js-hardcoded-secret-named
const apiKey = process.env.API_KEY;
// ok: js-hardcoded-secret-named
const passwordField = "password1";
// ok: js-hardcoded-secret-named
const secret = "your-secret-1";

function signed(claims, token, publicKey) {
  // ruleid: js-hardcoded-secret-signing-key
  jwt.sign(claims, "secret");
  // ruleid: js-hardcoded-secret-signing-key
  app.use(session({ secret: "keyboard cat", resave: false }));
  // ruleid: js-hardcoded-secret-signing-key
  crypto.createHmac("sha256", "abc");
  // ok: js-hardcoded-secret-signing-key
  jwt.sign(claims, process.env.JWT_KEY);
  // ok: js-hardcoded-secret-signing-key
  app.use(session({ secret: process.env.SECRET }));
  // ok: js-hardcoded-secret-signing-key
  jwt.verify(token, publicKey, { algorithms: ["RS256"] });
}
