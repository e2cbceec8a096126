import _ from "lodash";

app.get("/search", (req, res) => {
  // ruleid: js-redos-request-pattern
  new RegExp(req.query.q).test(text);
  const wanted = "^" + req.query.q;
  // ruleid: js-redos-request-pattern
  new RegExp(wanted, "i");
  // ruleid: js-redos-request-pattern
  RegExp(`(${req.body.word})`);
  // ruleid: js-redos-request-pattern, js-nosql-injection-request
  Item.aggregate([{ $match: { name: { $regex: req.query.q } } }]);
  // ok: js-redos-request-pattern
  new RegExp(_.escapeRegExp(req.query.q));
  // ok: js-redos-request-pattern
  new RegExp("^[a-z]+$").test(req.query.q);
  // ok: js-redos-request-pattern
  text.includes(req.query.q);
});

function search(keyword, items) {
  // ruleid: js-redos-parameter-pattern
  return items.filter((item) => new RegExp(keyword, "i").test(item));
}

// ruleid: js-redos-parameter-pattern
const find = (query: string) => new RegExp("^" + query);

function count(userInput, text) {
  // ruleid: js-redos-parameter-pattern
  text.match(new RegExp(`\\b${userInput}\\b`, "g"));
  // ok: js-redos-parameter-pattern
  new RegExp(escapeRegExp(userInput));
  // ok: js-redos-parameter-pattern
  text.split(userInput);
  // ok: js-redos-parameter-pattern
  new RegExp("^[a-z]+$");
}

// ruleid: js-redos-literal
const slow = /^([a-zA-Z0-9]+)+@example$/;
// ruleid: js-redos-literal
const slower = /^(\w+\s?)*$/;
// ruleid: js-redos-literal
const slowest = new RegExp("^(a+)+$");
// ruleid: js-redos-literal
const host = /^[a-z]([-.\w]*[0-9a-z])*@/;
// ruleid: js-redos-literal
const word = /^([a-z-]*[a-z])+$/;
// ok: js-redos-literal
const mixed = /^([a-z-]*[0-9])+$/;
// ok: js-redos-literal
const fast = /^[a-zA-Z0-9]+@example$/;
// ok: js-redos-literal
const list = /^(?:[a-z]+,)*[a-z]+$/;
// ok: js-redos-literal
const many = /^(ab)+$/;
