import jakarta.servlet.http.HttpServletRequest;
import java.io.PrintWriter;

class Hello extends HttpServlet {
  public void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String name = request.getParameter("name");
    // ruleid: java-xss-request
    response.getWriter().println("<h1>Hello " + name + "</h1>");
    PrintWriter out = response.getWriter();
    // ruleid: java-xss-request
    out.write(request.getHeader("Referer"));
    Object[] parts = {"a", name};
    // ruleid: java-xss-request
    out.printf("<p>%s %s</p>", parts);
    // ok: java-xss-request
    out.println("<h1>" + Encode.forHtml(name) + "</h1>");
    // ok: java-xss-request
    out.println("<h1>Hello</h1>");
    // ok: java-xss-request
    out.println(Integer.parseInt(name));
  }

  public void json(HttpServletRequest request, HttpServletResponse response) throws Exception {
    response.setContentType("application/json");
    // ok: java-xss-request
    response.getWriter().print(request.getParameter("name"));
  }

  String card(String title, int count) {
    // ruleid: java-xss-built-html
    String head = "<h2>" + title + "</h2>";
    // ruleid: java-xss-built-html
    String body = String.format("<div>%s</div>", title);
    // ruleid: java-xss-built-html
    String wide = "<b>" + title;
    // ok: java-xss-built-html
    String safe = "<h2>" + HtmlUtils.htmlEscape(title) + "</h2>";
    // ok: java-xss-built-html
    String number = "<h2>" + count + "</h2>";
    // ok: java-xss-built-html
    return "List<" + title + ">";
  }

  public void headers(HttpServletRequest request, HttpServletResponse response) {
    // ruleid: java-header-injection-response
    response.setHeader("X-Name", request.getParameter("name"));
    // ruleid: java-header-injection-response
    response.addHeader("Content-Disposition", "attachment; filename=" + request.getParameter("file"));
    String value = request.getHeader("X-Trace");
    // ruleid: java-header-injection-response
    response.addHeader("X-Trace", value);
    // ok: java-header-injection-response
    response.setHeader("X-Name", "fixed");
    // ok: java-header-injection-response
    response.setHeader("X-Name", URLEncoder.encode(value, "UTF-8"));
    // ok: java-header-injection-response
    response.setHeader("X-Name", value.replaceAll("[^a-z]", ""));
  }

  public void logs(HttpServletRequest request) {
    String user = request.getParameter("user");
    // ruleid: java-log-injection-request
    log.info("login of {}", user);
    // ruleid: java-log-injection-request
    logger.warn("login of " + request.getRemoteUser() + request.getHeader("X-User"));
    // ruleid: java-log-injection-request
    LOGGER.severe(user);
    // ok: java-log-injection-request
    log.info("login of {}", user.replaceAll("[\r\n]", "_"));
    // ok: java-log-injection-request
    log.info("login");
    // ok: java-log-injection-request
    log.info("page {}", Integer.parseInt(user));
  }

  public void errors(HttpServletResponse response) throws Exception {
    try {
      work();
    } catch (Exception e) {
      // ruleid: java-information-exposure-error
      e.printStackTrace(response.getWriter());
      // ruleid: java-information-exposure-error
      response.getWriter().println("failed: " + e.getMessage());
      // ruleid: java-information-exposure-error
      response.sendError(500, e.getMessage());
      // ok: java-information-exposure-error
      response.sendError(500, "internal error");
      // ok: java-information-exposure-error
      log.error("failed", e);
      // ok: java-information-exposure-error
      response.sendError(400, e.getMessage());
    }
  }

  void secrets(String password, String token, Account account) {
    // ruleid: java-information-exposure-secret-in-log
    log.info("login with {}", password);
    // ruleid: java-information-exposure-secret-in-log
    System.out.println("token: " + token);
    // ruleid: java-information-exposure-secret-in-log
    logger.debug("account {}", account.getPassword());
    // ok: java-information-exposure-secret-in-log
    log.info("login of {}", account.getName());
    // ok: java-information-exposure-secret-in-log
    log.info("token received: {}", token != null);
    // ok: java-information-exposure-secret-in-log
    log.info("password length {}", password.length());
  }

  public void session(HttpServletRequest request, HttpSession session) {
    String role = request.getParameter("role");
    // ruleid: java-trust-boundary-session
    session.setAttribute("role", role);
    // ruleid: java-trust-boundary-session
    request.getSession().setAttribute(role, "1");
    // ruleid: java-trust-boundary-session
    request.getSession().putValue("role", role);
    // ok: java-trust-boundary-session
    session.setAttribute("seen", "1");
    // ok: java-trust-boundary-session
    session.setAttribute("page", Integer.parseInt(role));
    if (!ROLES.contains(role)) {
      return;
    }
    // ok: java-trust-boundary-session
    session.setAttribute("role", role);
  }
}

@RestController
class Greetings {
  @GetMapping("/hello")
  public String hello(@RequestParam String name) {
    // ruleid: java-xss-returned, java-xss-built-html
    return "<h1>Hello " + name + "</h1>";
  }

  @GetMapping("/bye")
  public ResponseEntity<String> bye(@RequestParam String name) {
    // ruleid: java-xss-returned
    return ResponseEntity.ok("Bye " + name);
  }

  @GetMapping("/late")
  public String late(@RequestParam String name) {
    // ruleid: java-xss-built-html
    String text = String.format("<p>%s</p>", name);
    // ruleid: java-xss-returned
    return text;
  }

  @GetMapping("/safe")
  public String safe(@RequestParam String name) {
    // ok: java-xss-returned
    return "<h1>Hello " + HtmlUtils.htmlEscape(name) + "</h1>";
  }

  @GetMapping(value = "/plain", produces = "text/plain")
  public String plain(@RequestParam String name) {
    // ok: java-xss-returned
    return "Hello " + name;
  }

  @GetMapping("/json")
  public Greeting json(@RequestParam String name) {
    // ok: java-xss-returned
    return new Greeting(name);
  }
}
