const crypto = require("crypto");

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

function rounds(password, salt) {
  // ruleid: js-weak-hash-rounds
  bcrypt.hash(password, 4);
  // ruleid: js-weak-hash-rounds
  bcrypt.genSaltSync(5);
  // ruleid: js-weak-hash-rounds
  crypto.pbkdf2Sync(password, salt, 10000, 32, "sha256");
  // ok: js-weak-hash-rounds
  bcrypt.hash(password, 12);
  // ok: js-weak-hash-rounds
  bcrypt.genSaltSync(10);
  // ok: js-weak-hash-rounds
  crypto.pbkdf2Sync(password, salt, 600000, 32, "sha256");
}

function salts(password, salt) {
  // ruleid: js-weak-hash-salt
  crypto.scryptSync(password, "salt", 32);
  // ruleid: js-weak-hash-salt
  crypto.pbkdf2Sync(password, "grain", 600000, 32, "sha256");
  const fixed = "a1b2c3d4";
  // ruleid: js-weak-hash-salt
  crypto.scryptSync(password, fixed, 32);
  // ok: js-weak-hash-salt
  crypto.scryptSync(password, salt, 32);
  // ok: js-weak-hash-salt
  crypto.pbkdf2Sync(password, crypto.randomBytes(16), 600000, 32, "sha256");
  // ok: js-weak-hash-salt
  bcrypt.hash(password, 12);
}
