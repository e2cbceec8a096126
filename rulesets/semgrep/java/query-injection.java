import java.util.regex.Pattern;
import javax.naming.directory.DirContext;
import javax.servlet.http.HttpServletRequest;
import javax.xml.xpath.XPath;
import org.apache.commons.beanutils.BeanUtils;
import org.bson.Document;

class Queries extends HttpServlet {
  public void ldap(HttpServletRequest request, DirContext context, String user) throws Exception {
    // ruleid: java-ldap-injection-filter
    context.search("ou=people", "(uid=" + request.getParameter("user") + ")", controls);
    String filter = "(&(objectClass=person)(uid=" + user + "))";
    // ruleid: java-ldap-injection-filter
    context.search("ou=people", filter, controls);
    // ruleid: java-ldap-injection-filter
    context.search("ou=people", String.format("(uid=%s)", user), controls);
    // ok: java-ldap-injection-filter
    context.search("ou=people", "(uid={0})", new Object[] {user}, controls);
    // ok: java-ldap-injection-filter
    context.search("ou=people", "(uid=" + LdapEncoder.filterEncode(user) + ")", controls);
    // ok: java-ldap-injection-filter
    context.search("ou=people", "(objectClass=person)", controls);
  }

  public void xpath(HttpServletRequest request, XPath xpath, String user) throws Exception {
    // ruleid: java-xpath-injection-expression
    xpath.evaluate("//user[name='" + request.getParameter("user") + "']", document);
    String expression = "//user[name='" + user + "']";
    // ruleid: java-xpath-injection-expression
    xpath.compile(expression);
    // ruleid: java-xpath-injection-expression
    document.selectNodes(String.format("//user[@id='%s']", user));
    // ok: java-xpath-injection-expression
    xpath.compile("//user[name=$name]");
    // ok: java-xpath-injection-expression
    xpath.evaluate("//user[" + INDEX + "]", document);
    // ok: java-xpath-injection-expression
    xpath.compile(prepared);
  }

  void mongo(String name) {
    // ruleid: java-nosql-injection-built-filter
    Document.parse("{name: '" + name + "'}");
    // ruleid: java-nosql-injection-built-filter
    new BasicQuery(String.format("{name: '%s'}", name));
    // ruleid: java-nosql-injection-built-filter
    new Document("$where", "this.name == '" + name + "'");
    // ok: java-nosql-injection-built-filter
    new Document("name", name);
    // ok: java-nosql-injection-built-filter
    Document.parse("{active: true}");
    // ok: java-nosql-injection-built-filter
    new Document("label", "x" + name);
  }

  public void expressions(HttpServletRequest request, String text) {
    String q = request.getParameter("q");
    // ruleid: java-redos-request
    Pattern.compile(q);
    // ruleid: java-redos-request
    text.matches(request.getParameter("q"));
    // ruleid: java-redos-request
    Pattern.matches("^" + q, text);
    // ok: java-redos-request
    Pattern.compile(Pattern.quote(q));
    // ok: java-redos-request
    Pattern.compile("[a-z]+").matcher(q);
    // ok: java-redos-request
    q.matches("[a-z]+");
  }

  void literals(String text) {
    // ruleid: java-redos-pattern
    Pattern.compile("^(a+)+$");
    // ruleid: java-redos-pattern
    text.matches("(x*)*y");
    // ruleid: java-redos-pattern
    Pattern.matches("([a-z]+)*!", text);
    // ok: java-redos-pattern
    Pattern.compile("^a+$");
    // ok: java-redos-pattern
    text.matches("[a-z]*y");
    // ok: java-redos-pattern
    Pattern.matches("[a-z]{1,20}", text);
  }

  public void binding(HttpServletRequest request, Account account) throws Exception {
    // ruleid: java-object-injection-mass-assignment
    BeanUtils.populate(account, request.getParameterMap());
    // ruleid: java-object-injection-mass-assignment
    mapper.readerForUpdating(account).readValue(request.getInputStream());
    // ruleid: java-object-injection-mass-assignment
    BeanUtils.setProperty(account, request.getParameter("field"), "1");
    // ok: java-object-injection-mass-assignment
    BeanUtils.setProperty(account, "email", request.getParameter("email"));
    // ok: java-object-injection-mass-assignment
    mapper.readValue(request.getInputStream(), AccountForm.class);
    // ok: java-object-injection-mass-assignment
    BeanUtils.populate(account, defaults);
  }
}
