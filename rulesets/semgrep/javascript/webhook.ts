// ruleid: js-signature-check-webhook
app.post("/webhook", (req, res) => {
  orders.paid(req.body.order);
  res.sendStatus(200);
});
// ruleid: js-signature-check-webhook
app.post("/webhooks/repository", async (req, res) => {
  build(req.body.commit);
  res.end();
});
// ruleid: js-signature-check-webhook
router.post("/api/chat-webhook", function (req, res) {
  res.end();
});
// ok: js-signature-check-webhook
app.get("/webhook", (req, res) => {
  res.end();
});
// ok: js-signature-check-webhook
app.post("/orders", (req, res) => {
  res.end();
});
// ok: js-signature-check-webhook
fetch("/webhook");
