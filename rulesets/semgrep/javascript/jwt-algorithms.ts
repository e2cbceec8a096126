import jwt from "jsonwebtoken";

function check(token, publicKey, pemText, certificate, secret) {
  // ruleid: js-signature-check-jwt-algorithms
  jwt.verify(token, publicKey);
  // ruleid: js-signature-check-jwt-algorithms
  jwt.verify(token, pemText, {});
  // ruleid: js-signature-check-jwt-algorithms
  jwt.verify(token, certificate, (problem, claims) => {
    use(problem, claims);
  });
  // ok: js-signature-check-jwt-algorithms
  jwt.verify(token, secret);
  // ok: js-signature-check-jwt-algorithms
  signer.verify(token, publicKey);
  // ok: js-signature-check-jwt-algorithms
  verify(publicKey);
}

// ruleid: js-signature-check-jwt-algorithms
app.use(expressJwt({ secret: publicKey, requestProperty: "auth" }));
// ruleid: js-signature-check-jwt-algorithms
app.use(expressJwt({ secret: publicKey } as Options));
// ok: js-signature-check-jwt-algorithms
app.use(expressJwt({ secret: process.env.JWT_SECRET }));
