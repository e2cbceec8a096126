import _ from "lodash";

app.post("/record", async (req, res) => {
  // ruleid: js-object-injection-request
  await User.create(req.body);
  // ruleid: js-object-injection-request
  Object.assign(user, req.body);
  // ruleid: js-object-injection-request
  _.merge(settings, req.body);
  const changes = req.body;
  // ruleid: js-object-injection-request, js-authorization-by-id
  await User.findByIdAndUpdate(req.params.id, changes);
  // ruleid: js-object-injection-request
  await prisma.user.update({ where: { id }, data: req.body });
  // ruleid: js-object-injection-request
  new User({ ...req.body });
  // ok: js-object-injection-request
  await User.create({ name: req.body.name });
  // ok: js-object-injection-request
  Object.assign(user, { name: req.body.name });
  // ok: js-object-injection-request
  _.merge(settings, defaults);
  // ok: js-object-injection-request
  await User.create(_.pick(req.body, ["name"]));
  const { name, mail } = req.body;
  // ok: js-object-injection-request
  await User.create({ name, mail });
});

app.post("/settings", (req, res) => {
  // ruleid: js-object-injection-key
  settings[req.body.key] = req.body.value;
  const { section, value } = req.body;
  // ok: js-object-injection-key
  settings[section].value = value;
  // ruleid: js-object-injection-key
  settings[section][value] = true;
  // ruleid: js-object-injection-key
  _.set(settings, req.body.path, value);
  // ok: js-object-injection-key
  settings.theme = req.body.theme;
  // ok: js-object-injection-key
  store.set(req.body.key, value);
  // ok: js-object-injection-key
  settings["theme"] = req.body.theme;
});
