const jwt = require("jsonwebtoken");
const session = require("express-session");

// ruleid: js-hardcoded-secret-named
const dbPassword = "Tr0ub4dor&3";
// ruleid: js-hardcoded-secret-named
const config = { apiKey: "@alnum:32@" };
// ruleid: js-hardcoded-secret-named
config.clientSecret = "@alnum:24@";
// ruleid: js-hardcoded-secret-named
const jwtSecret = process.env.JWT_SECRET || "super-s3cret";
// ok: js-hardcoded-secret-named
const apiKey = process.env.API_KEY;
// ok: js-hardcoded-secret-named
const passwordField = "password1";
// ok: js-hardcoded-secret-named
const secret = "your-secret-1";

function check(password, apiToken, typeName) {
  // ruleid: js-hardcoded-secret-compared
  if (password === "letmein99") return true;
  // ruleid: js-hardcoded-secret-compared
  if (apiToken.secret == "abc-123") return true;
  // ruleid: js-hardcoded-secret-compared
  if (config.adminToken !== "@alnum:16@") return false;
  // ok: js-hardcoded-secret-compared
  if (password === "") return false;
  // ok: js-hardcoded-secret-compared
  if (typeName === "password") return false;
  // ruleid: js-timing-comparison
  // ok: js-hardcoded-secret-compared
  return password === process.env.PASSWORD;
}

// ruleid: js-hardcoded-secret-credentials, js-hardcoded-secret-named
mysql.createConnection({ host: "db", user: "app", password: "s3cr3t-pw" });
// ruleid: js-hardcoded-secret-credentials, js-hardcoded-secret-named
const pool = new Pool({ user: "app", host: "db", password: "s3cr3t-pw" });
// ruleid: js-hardcoded-secret-credentials
mongoose.connect("mongodb://app:s3cr3t-pw@db.shop.net/orders");
// ok: js-hardcoded-secret-credentials
mysql.createConnection({ host: "db", user: "app", password: process.env.DB_PASSWORD });
// ok: js-hardcoded-secret-credentials
mongoose.connect("mongodb://localhost/orders");
// ok: js-hardcoded-secret-credentials
mysql.createConnection({ host: "db", user: "app", password: "your-password" });

// ruleid: js-hardcoded-secret-token-shape, cfg-hardcoded-secret-token-shape
const pushed = "ghp_@alnum:36@";
// ruleid: js-hardcoded-secret-token-shape, cfg-hardcoded-secret-token-shape
const cloud = { id: "AKIA@upper:16@" };
// ruleid: js-hardcoded-secret-token-shape, cfg-hardcoded-secret-token-shape
client.connect("sk_live_@alnum:24@");
// ok: js-hardcoded-secret-token-shape
const short = "ghp_short";
// ok: js-hardcoded-secret-token-shape
const shown = "AKIAIOSFODNN7EXAMPLE";
// ok: js-hardcoded-secret-token-shape
const named = "sk_live_" + suffix;

function signed(claims, token, publicKey) {
  // ruleid: js-hardcoded-secret-signing-key
  jwt.sign(claims, "secret", { expiresIn: "15m" });
  // ruleid: js-hardcoded-secret-signing-key
  app.use(session({ secret: "keyboard cat", resave: false }));
  // ruleid: js-hardcoded-secret-signing-key
  crypto.createHmac("sha256", "abc");
  // ruleid: js-hardcoded-secret-signing-key
  CryptoJS.AES.encrypt(claims, "pass phrase");
  // ok: js-hardcoded-secret-signing-key
  jwt.sign(claims, process.env.JWT_KEY, { expiresIn: "15m" });
  // ok: js-hardcoded-secret-signing-key
  app.use(session({ secret: process.env.SECRET }));
  // ok: js-hardcoded-secret-signing-key
  jwt.verify(token, publicKey, { algorithms: ["RS256"] });
}
