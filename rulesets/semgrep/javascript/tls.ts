import https from "https";
import tls from "tls";

function agents(ca, options, strict) {
  // ruleid: js-tls-verification-disabled
  new https.Agent({ rejectUnauthorized: false });
  // ruleid: js-tls-verification-disabled
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  // ruleid: js-tls-verification-disabled
  options.rejectUnauthorized = false;
  // ruleid: js-tls-verification-disabled
  tls.connect({ checkServerIdentity: () => undefined });
  // ok: js-tls-verification-disabled
  new https.Agent({ rejectUnauthorized: true });
  // ok: js-tls-verification-disabled
  new https.Agent({ ca });
  // ok: js-tls-verification-disabled
  options.rejectUnauthorized = strict;
}

// ruleid: js-weak-tls-version
https.createServer({ minVersion: "TLSv1" });
// ruleid: js-weak-tls-version
https.createServer({ secureProtocol: "TLSv1_1_method" });
// ruleid: js-weak-tls-version
tls.DEFAULT_MIN_VERSION = "TLSv1.1";
// ok: js-weak-tls-version
https.createServer({ minVersion: "TLSv1.2" });
// ok: js-weak-tls-version
https.createServer({ secureProtocol: "TLS_method" });
// ok: js-weak-tls-version
tls.DEFAULT_MIN_VERSION = "TLSv1.3";

// ruleid: js-cleartext-transport
fetch("http://api.shop.com/items");
// ruleid: js-cleartext-transport
new WebSocket("ws://live.shop.com/feed");
// ruleid: js-cleartext-transport, js-resource-exhaustion-no-timeout
axios.post("http://login.shop.com/session", form);
// ok: js-cleartext-transport
fetch("https://api.shop.com/items");
// ok: js-cleartext-transport
fetch("http://localhost:3000/items");
// ok: js-cleartext-transport
fetch("http://cache.internal/items");
