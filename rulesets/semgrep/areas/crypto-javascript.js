function work(key, data, a, b) {
  // ruleid: js-area-crypto-primitive
  crypto.createHmac("sha256", key);
  // ruleid: js-area-crypto-primitive
  crypto.timingSafeEqual(a, b);
  // ruleid: js-area-crypto-primitive
  crypto.randomBytes(32);
  // ok: js-area-crypto-primitive
  crypto.createHash("sha256");
  // ok: js-area-crypto-primitive
  cache.key(data);
  // ok: js-area-crypto-primitive
  Buffer.from(data);
}
