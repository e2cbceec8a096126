function cookies(res, value, secure) {
  // ruleid: js-cookie-flags-off
  res.cookie("session", value, { secure: false, httpOnly: true, sameSite: "lax" });
  // ruleid: js-cookie-flags-off
  app.use(session({ secret: value, cookie: { httpOnly: false } }));
  const options = { httpOnly: false };
  // ruleid: js-cookie-flags-off
  res.cookie("session", value, options);
  // ok: js-cookie-flags-off, js-cookie-flags-missing
  res.cookie("session", value, { secure: true, httpOnly: true, sameSite: "lax" });
  // ok: js-cookie-flags-off, js-cookie-flags-missing
  res.cookie("session", value, { secure, httpOnly: true });
  // ok: js-cookie-flags-off, js-cookie-flags-missing
  res.cookie("theme", value);
  // ruleid: js-cookie-flags-missing
  res.cookie("token", value);
  // ruleid: js-cookie-flags-missing
  res.cookie("session_id", value, { maxAge: 1000 });
  // ruleid: js-cookie-flags-missing
  res.setHeader("Set-Cookie", `session=${value}; Path=/`);
  // ok: js-cookie-flags-missing
  res.setHeader("Set-Cookie", `session=${value}; Path=/; HttpOnly; Secure`);
}
