import vm from "vm";
import serialize from "node-serialize";
import yaml from "js-yaml";

const OPERATIONS = { add: (a, b) => a + b };

app.get("/code", (req, res) => {
  // ruleid: js-code-injection-request, js-code-injection-eval
  eval(req.query.sum);
  const body = "return " + req.body.rule;
  // ruleid: js-code-injection-request, js-code-injection-eval
  new Function("x", body);
  // ruleid: js-code-injection-request, js-code-injection-eval
  vm.runInNewContext(req.body.code, {});
  // ruleid: js-code-injection-request, js-code-injection-eval
  setTimeout("show('" + req.query.name + "')", 10);
  // ruleid: js-code-injection-request
  require(req.query.plugin);
  // ok: js-code-injection-request, js-code-injection-eval
  JSON.parse(req.body.code);
  // ok: js-code-injection-request, js-code-injection-eval
  setTimeout(() => work(req.query.sum), 10);
  // ok: js-code-injection-request, js-code-injection-eval
  vm.runInNewContext("a + b", { a: req.query.a });
  // ok: js-code-injection-request
  OPERATIONS[req.query.name](1, 2);
});

function local(name, text) {
  // ruleid: js-code-injection-eval
  setTimeout("show('" + name + "')", 10);
  // ruleid: js-code-injection-eval
  eval("(" + text + ")");
  // ruleid: js-code-injection-eval
  new vm.Script(text);
  // ok: js-code-injection-eval
  eval("1 + 1");
  // ok: js-code-injection-eval
  setTimeout(() => show(`name ${name}`), 10);
  // ok: js-code-injection-eval
  evaluate(text);
}

function load(plugin, handlerName, lang) {
  // ruleid: js-code-injection-module
  const one = require("./plugins/" + plugin);
  // ruleid: js-code-injection-module
  const two = require(`./handlers/${handlerName}.js`);
  // ok: js-code-injection-module
  const three = require("./plugins/default");
  // ok: js-code-injection-module
  const four = require(`./locales/${lang}`);
  // ok: js-code-injection-module
  const five = PLUGINS[plugin];
  return [one, two, three, four, five];
}

function command(commandName) {
  // ruleid: js-code-injection-module
  return require("./commands/" + commandName);
}
