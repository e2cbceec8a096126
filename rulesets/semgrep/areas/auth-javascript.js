// ruleid: js-area-auth-middleware
app.use(passport.authenticate("jwt"));

function signIn(req, token, key, hash) {
  // ruleid: js-area-auth-middleware
  jwt.verify(token, key);
  // ruleid: js-area-auth-middleware
  req.session.destroy();
  // ok: js-area-auth-middleware
  token.verify(key);
  // ok: js-area-auth-middleware
  req.session.save();
  // ok: js-area-auth-middleware
  hash.compare(key);
}

// ruleid: js-area-auth-route-guard
app.get("/page", requireAuth, page);
// ruleid: js-area-auth-route-guard
router.post("/item", parse, isAuthenticated, create);
// ruleid: js-area-auth-route-guard
app.use("/api", verifyToken);
// ok: js-area-auth-route-guard
app.get("/open", page);
// ok: js-area-auth-route-guard
app.use(compression);
// ok: js-area-auth-route-guard
app.post("/item", parse, create);

function remember(res, key) {
  // ruleid: js-area-auth-cookie
  res.cookie("seen", "1", { maxAge: 3600 });
  // ruleid: js-area-auth-cookie
  res.clearCookie("seen");
  // ruleid: js-area-auth-cookie
  localStorage.setItem("authToken", key);
  // ok: js-area-auth-cookie
  res.header("seen", "1");
  // ok: js-area-auth-cookie
  localStorage.setItem("theme", key);
  // ok: js-area-auth-cookie
  res.clear("seen");
}
