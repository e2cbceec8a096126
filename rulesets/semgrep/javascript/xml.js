const libxmljs = require("libxmljs");
const xpath = require("xpath");

function read(text, options) {
  // ruleid: js-xxe-parser
  libxmljs.parseXml(text, { noent: true });
  // ruleid: js-xxe-parser
  libxmljs.parseXmlString(text, { nonet: true, noent: true });
  // ruleid: js-xxe-parser
  options.noent = true;
  // ok: js-xxe-parser
  libxmljs.parseXml(text);
  // ok: js-xxe-parser
  libxmljs.parseXml(text, { noent: false });
  // ok: js-xxe-parser
  new DOMParser().parseFromString(text, "text/xml");
  // ruleid: js-xxe-entities-expanded
  new XMLParser({ processEntities: true });
  // ruleid: js-xxe-entities-expanded
  new XMLParser({ trimValues: true, processEntities: true });
  // ruleid: js-xxe-entities-expanded
  libxmljs.parseXml(text, { huge: true });
  // ok: js-xxe-entities-expanded
  new XMLParser({ processEntities: false });
  // ok: js-xxe-entities-expanded
  new XMLParser();
  // ok: js-xxe-entities-expanded
  libxmljs.parseXml(text, { huge: false });
}

app.get("/find", (req, res) => {
  // ruleid: js-xpath-injection-request, js-xpath-injection-built
  xpath.select("//user[@name='" + req.query.name + "']", tree);
  // ruleid: js-xpath-injection-request
  xpath.evaluate(req.query.path, tree);
  const path = `//item[@id=${req.params.id}]`;
  // ruleid: js-xpath-injection-request, js-xpath-injection-built
  xpath.select1(path, tree);
  // ok: js-xpath-injection-request
  xpath.select("//user", tree);
  // ok: js-xpath-injection-request, js-xpath-injection-built
  xpath.parse("//user[@name=$name]").select({ node: tree, variables: { name: req.query.name } });
  // ok: js-xpath-injection-request
  xpath.select(`//item[@id=${Number(req.params.id)}]`, tree);
});

function find(tree, name) {
  // ruleid: js-xpath-injection-built
  xpath.select(`//user[@name='${name}']`, tree);
  // ok: js-xpath-injection-built
  xpath.select("//user[@name='a']", tree);
  // ok: js-xpath-injection-built
  xpath.select(`//user[@name='${escapeXpath(name)}']`, tree);
}
