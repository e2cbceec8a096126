const ldap = require("ldapjs");

app.post("/login", (req, res) => {
  // ruleid: js-ldap-injection-request, js-ldap-injection-built
  client.search("dc=shop", { filter: `(uid=${req.body.name})` }, show);
  // ruleid: js-ldap-injection-request, js-ldap-injection-built
  client.bind("uid=" + req.body.name + ",dc=shop", "", show);
  const filter = "(&(mail=" + req.query.mail + ")(active=1))";
  // ruleid: js-ldap-injection-request, js-ldap-injection-built
  client.search("dc=shop", { scope: "sub", filter }, show);
  // ok: js-ldap-injection-request, js-ldap-injection-built
  client.search("dc=shop", { filter: new ldap.EqualityFilter({ attribute: "uid", value: req.body.name }) }, show);
  // ok: js-ldap-injection-request, js-ldap-injection-built
  client.search("dc=shop", { filter: `(uid=${escapeFilter(req.body.name)})` }, show);
  // ok: js-ldap-injection-request, js-ldap-injection-built
  client.search("dc=shop", { filter: "(uid=app)" }, show);
});

function find(name) {
  // ruleid: js-ldap-injection-built
  client.search("dc=shop", { filter: `(cn=${name})` }, show);
}
