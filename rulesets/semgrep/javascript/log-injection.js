app.get("/search", (req, res) => {
  // ruleid: js-log-injection-request
  console.log("search " + req.query.word);
  // ruleid: js-log-injection-request
  logger.info(`sign-in of ${req.body.name}`);
  const word = req.params.word;
  // ruleid: js-log-injection-request
  logger.warn("no result for", word);
  // ok: js-log-injection-request
  logger.info({ word: req.query.word }, "search");
  // ok: js-log-injection-request
  console.log("search " + req.query.word.replace(/\n|\r/g, ""));
  // ok: js-log-injection-request
  console.log("search " + JSON.stringify(req.query.word));
  // ok: js-log-injection-request
  console.log(req.method + " " + req.path);
});
