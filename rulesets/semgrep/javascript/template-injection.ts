import ejs from "ejs";
import pug from "pug";
import _ from "lodash";

const TEMPLATES = { page: "<p><%= name %></p>" };

app.get("/template", (req, res) => {
  // ruleid: js-template-injection-request
  ejs.render(req.body.template);
  const text = "<p>" + req.query.name + "</p>";
  // ruleid: js-template-injection-request, js-template-injection-built
  ejs.compile(text);
  // ruleid: js-template-injection-request, js-template-injection-built
  _.template(`Hello ${req.query.name}`);
  // ok: js-template-injection-request, js-template-injection-built
  ejs.render("<p><%= name %></p>", { name: req.query.name });
  // ok: js-template-injection-request
  ejs.render(TEMPLATES[req.query.page]);
  // ok: js-template-injection-request
  res.render("page", { name: req.query.name });
});

function letter(name, folder) {
  // ruleid: js-template-injection-built
  pug.compile("p Hello " + name);
  const text = `<p>${name}</p>`;
  // ruleid: js-template-injection-built
  Handlebars.compile(text);
  // ruleid: js-template-injection-built
  nunjucks.renderString("Hello " + name, {});
  // ok: js-template-injection-built
  pug.compile("p Hello #{name}");
  // ok: js-template-injection-built
  Handlebars.compile(fs.readFileSync(`${folder}/letter.hbs`, "utf8"));
  // ok: js-template-injection-built
  nunjucks.renderString("Hello {{ name }}", { name });
}
