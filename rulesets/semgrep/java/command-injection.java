import javax.script.ScriptEngine;
import javax.servlet.http.HttpServletRequest;

class Tools extends HttpServlet {
  public void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String name = request.getParameter("name");
    // ruleid: java-command-injection-request
    Runtime.getRuntime().exec("convert " + name);
    Runtime runtime = Runtime.getRuntime();
    String[] line = {"sh", "-c", "convert " + name};
    // ruleid: java-command-injection-request
    runtime.exec(line);
    List<String> words = new ArrayList<>();
    words.add("sh");
    words.add(request.getParameterValues("name")[0]);
    // ruleid: java-command-injection-request
    new ProcessBuilder(words).start();
    String[] variables = {"LANG=" + name};
    // ruleid: java-command-injection-request
    runtime.exec("uptime", variables);
    // ok: java-command-injection-request
    new ProcessBuilder("uptime").start();
    int count = Integer.parseInt(name);
    // ok: java-command-injection-request
    Runtime.getRuntime().exec("head -n " + count);
    if (!name.matches("[a-z]+")) {
      return;
    }
    // ok: java-command-injection-request
    Runtime.getRuntime().exec("convert " + name);
  }

  String ping(String host) throws Exception {
    // ruleid: java-command-injection-parameter
    Process process = Runtime.getRuntime().exec("ping -c 1 " + host);
    // ruleid: java-command-injection-parameter
    new ProcessBuilder("sh", "-c", "ping " + host).start();
    // ok: java-command-injection-parameter
    new ProcessBuilder("ping", "-c", "1", host).start();
    // ok: java-command-injection-parameter
    Runtime.getRuntime().exec(new String[] {"ping", "-c", "1", host});
    return null;
  }

  void console() throws Exception {
    Scanner scanner = new Scanner(System.in);
    String command = scanner.nextLine();
    // ruleid: java-command-injection-parameter
    Runtime.getRuntime().exec(command);
  }

  void checked(String host) throws Exception {
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException();
    }
    // ok: java-command-injection-parameter
    Runtime.getRuntime().exec("ping -c 1 " + host);
  }

  public void pingHost(HttpServletRequest request) throws Exception {
    String host = request.getParameter("host");
    if (host == null || !HOST.matcher(host).matches()) {
      return;
    }
    // ok: java-command-injection-request
    new ProcessBuilder("ping", "-c", "1", host).start();
  }

  void scripts(HttpServletRequest request, ScriptEngine engine) throws Exception {
    String text = request.getParameter("text");
    // ruleid: java-code-injection-request
    engine.eval(text);
    // ruleid: java-code-injection-request
    parser.parseExpression(request.getHeader("X-Rule")).getValue();
    // ruleid: java-code-injection-request
    Class.forName(text).newInstance();
    // ok: java-code-injection-request
    engine.eval("1 + 1");
    // ok: java-code-injection-request
    parser.parseExpression("name").getValue(text);
    // ok: java-code-injection-request
    Class.forName("org.example.Action");
  }

  Object evaluate(String rule, ScriptEngine engine) throws Exception {
    // ruleid: java-code-injection-parameter
    engine.eval(rule);
    // ruleid: java-code-injection-parameter
    new SpelExpressionParser().parseExpression("#{" + rule + "}").getValue();
    // ruleid: java-code-injection-parameter
    Ognl.getValue(rule, root);
    // ok: java-code-injection-parameter
    engine.eval("1 + 1");
    // ok: java-code-injection-parameter
    model.eval(rule);
    if (!KNOWN.contains(rule)) {
      return null;
    }
    // ok: java-code-injection-parameter
    return engine.eval(rule);
  }

  void templates(HttpServletRequest request) throws Exception {
    String text = request.getParameter("text");
    // ruleid: java-template-injection-request
    new Template("page", new StringReader(text), configuration);
    // ruleid: java-template-injection-request
    Velocity.evaluate(context, out, "page", text);
    // ruleid: java-template-injection-request
    loader.putTemplate("page", "<p>" + text + "</p>");
    // ok: java-template-injection-request
    new Template("page", new StringReader("<p>${text}</p>"), configuration);
    // ok: java-template-injection-request
    context.put("text", text);
    // ok: java-template-injection-request
    loader.putTemplate("page", "<p>${text}</p>");
  }
}
