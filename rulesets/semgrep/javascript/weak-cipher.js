const crypto = require("crypto");

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

function paddings(key, data) {
  // ruleid: js-weak-cipher-padding
  crypto.publicEncrypt({ key, padding: crypto.constants.RSA_PKCS1_PADDING }, data);
  // ruleid: js-weak-cipher-padding
  crypto.privateDecrypt({ key, padding: crypto.constants.RSA_PKCS1_PADDING }, data);
  // ruleid: js-weak-cipher-padding
  crypto.publicEncrypt({ key, padding: crypto.constants.RSA_NO_PADDING }, data);
  // ok: js-weak-cipher-padding
  crypto.publicEncrypt({ key, padding: crypto.constants.RSA_PKCS1_OAEP_PADDING }, data);
  // ok: js-weak-cipher-padding
  crypto.sign("sha256", data, { key, padding: crypto.constants.RSA_PKCS1_PADDING });
  // ok: js-weak-cipher-padding
  crypto.publicEncrypt(key, data);
}

// ruleid: js-weak-key-size
crypto.generateKeyPairSync("rsa", { modulusLength: 1024 });
// ruleid: js-weak-key-size
crypto.createDiffieHellman(512);
// ruleid: js-weak-key-size
crypto.createECDH("secp160r1");
// ok: js-weak-key-size
crypto.generateKeyPairSync("rsa", { modulusLength: 3072 });
// ok: js-weak-key-size
crypto.createDiffieHellman(2048);
// ok: js-weak-key-size
crypto.createECDH("prime256v1");

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
