const express = require("express");
const axios = require("axios");
const bodyParser = require("body-parser");

app.get("/many", (req, res) => {
  // ruleid: js-resource-exhaustion-request
  Buffer.alloc(Number(req.query.size));
  const count = parseInt(req.query.count);
  // ruleid: js-resource-exhaustion-request
  "x".repeat(count);
  // ruleid: js-resource-exhaustion-request
  new Array(req.body.size);
  // ok: js-resource-exhaustion-request
  Buffer.alloc(Math.min(Number(req.query.size), 100));
  const bounded = Number(req.query.other);
  if (bounded > 100) {
    return res.sendStatus(400);
  }
  // ok: js-resource-exhaustion-request
  Buffer.alloc(bounded);
  // ok: js-resource-exhaustion-request
  Buffer.alloc(100);
});

// ruleid: js-resource-exhaustion-body-limit
app.use(express.json({ limit: "500mb" }));
// ruleid: js-resource-exhaustion-body-limit
app.use(bodyParser.raw({ limit: "1gb" }));
// ruleid: js-resource-exhaustion-body-limit
app.use(express.text({ limit: Infinity }));
// ok: js-resource-exhaustion-body-limit
app.use(express.json({ limit: "100kb" }));
// ok: js-resource-exhaustion-body-limit
app.use(express.json());
// ok: js-resource-exhaustion-body-limit
app.use(page({ limit: "500mb" }));

async function call(id) {
  // ruleid: js-resource-exhaustion-no-timeout
  await axios.get("https://api.example/items");
  // ruleid: js-resource-exhaustion-no-timeout
  await axios.post("https://api.example/items", { id });
  // ruleid: js-resource-exhaustion-no-timeout
  await axios({ url: "https://api.example/items" });
  // ok: js-resource-exhaustion-no-timeout
  cache.get("https://api.example/items");
  // ok: js-resource-exhaustion-no-timeout
  axios.isCancel(id);
}
