// Words of a check in comments and texts are no check: mimetype fileFilter algorithms: [...] csrf sameSite
/*
 regenerate passport timeout: abort signal
 jwt.verify(token) verifyAsync window.origin app.use(requireAuth)
 "__proto__" hasOwnProperty owner tenant signature hmac exp: 1
 import { html } from "lit";
*/
const express = require("express");
const session = require("express-session");
const jwt = require("jsonwebtoken");
const multer = require("multer");
const axios = require("axios");
const app = express();
const hint = "mimetype, fileFilter: csrf and sameSite, algorithms: [], regenerate, timeout: 5, jwt.verify";
const help = `passport, event.origin, app.use(auth), owner: 1, hmac of the body, exp: 3, "__proto__"
  contentType, allowedTypes, hasOwnProperty, abort, lusca`;
const more = 'it\'s the "author" who says: authorization, bearer, cookie-session';

// ruleid: js-csrf-missing
app.use(session({ resave: false, cookie: { secure: true, httpOnly: true, maxAge: 60000 } }));

// ruleid: js-file-upload-unchecked
const upload = multer({ dest: "uploads/" });

app.post("/enter", (req, res) => {
  const found = people.get(req.body.name);
  // ruleid: js-session-fixation
  req.session.userId = found.number;
  res.json({ done: true, hint, help, more });
});

function whoIs(ticket) {
  // ruleid: js-signature-check-jwt-decode
  return jwt.decode(ticket);
}

async function prices() {
  // ruleid: js-resource-exhaustion-no-timeout
  return axios.get("https://prices.example/list");
}

function mergeDeep(target, source) {
  // ruleid: js-object-injection-prototype
  for (const key in source) {
    target[key] = source[key];
  }
}

module.exports = { app, upload, whoIs, prices, mergeDeep, note: hint + help + more };
