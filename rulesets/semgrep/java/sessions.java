import javax.servlet.http.HttpServletRequest;

// ruleid: java-debug-enabled-security
@EnableWebSecurity(debug = true)
class DebuggedSecurity {
  void fixation(HttpSecurity http) throws Exception {
    // ruleid: java-session-fixation
    http.sessionManagement().sessionFixation().none();
    // ruleid: java-session-fixation
    http.sessionManagement(s -> s.sessionFixation(f -> f.none()));
    // ok: java-session-fixation
    http.sessionManagement().sessionFixation().migrateSession();
    // ok: java-session-fixation
    http.sessionManagement(s -> s.sessionFixation(f -> f.changeSessionId()));
    // ruleid: java-session-long-lifetime
    http.rememberMe().tokenValiditySeconds(31536000);
    // ok: java-session-long-lifetime
    http.rememberMe().tokenValiditySeconds(86400);
  }

  WebSecurityCustomizer customizer() {
    // ruleid: java-debug-enabled-security
    return web -> web.debug(true);
  }

  @Override
  public void configure(WebSecurity web) {
    // ruleid: java-debug-enabled-security
    web.debug(true);
  }

  WebSecurityCustomizer byProperty(boolean debug) {
    // ok: java-debug-enabled-security
    return web -> web.debug(debug);
  }

  void log(Logger logger) {
    // ok: java-debug-enabled-security
    logger.debug("started");
  }
}

// ok: java-debug-enabled-security
@EnableWebSecurity
class PlainSecurity {}

// ok: java-debug-enabled-security
@EnableWebSecurity(debug = false)
class QuietSecurity {}

class LoginServlet extends HttpServlet {
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    User user = users.find(request.getParameter("name"), request.getParameter("password"));
    HttpSession session = request.getSession();
    // ruleid: java-session-fixation, java-trust-boundary-session
    session.setAttribute("user", user);
    // ok: java-session-fixation
    session.setAttribute("theme", "dark");
  }

  void login(HttpServletRequest request, User user) {
    // ruleid: java-session-fixation
    request.getSession(true).setAttribute("userId", user.getId());
  }

  void loginSafely(HttpServletRequest request, User user) {
    request.changeSessionId();
    // ok: java-session-fixation
    request.getSession().setAttribute("userId", user.getId());
  }

  void loginAnew(HttpServletRequest request, User user) {
    HttpSession old = request.getSession(false);
    if (old != null) {
      old.invalidate();
    }
    HttpSession session = request.getSession(true);
    // ok: java-session-fixation
    session.setAttribute("user", user);
    session.setMaxInactiveInterval(1800);
  }

  void profile(HttpServletRequest request, User user) {
    // ok: java-session-fixation
    request.getSession().setAttribute("user", user);
  }

  void lifetime(HttpSession session, int seconds) {
    // ruleid: java-session-long-lifetime
    session.setMaxInactiveInterval(-1);
    // ruleid: java-session-long-lifetime
    session.setMaxInactiveInterval(60 * 60 * 24 * 365);
    // ok: java-session-long-lifetime
    session.setMaxInactiveInterval(60 * 30);
    // ok: java-session-long-lifetime
    session.setMaxInactiveInterval(seconds);
  }

  String token(User user, Key key, Date end) {
    // ruleid: java-session-long-lifetime
    String endless = Jwts.builder().setSubject(user.getName()).signWith(key).compact();
    // ok: java-session-long-lifetime
    String ending = Jwts.builder().setSubject(user.getName()).setExpiration(end).signWith(key).compact();
    // ok: java-session-long-lifetime
    String plain = Jwts.builder().setClaims(claims).setSubject(user.getName()).signWith(key).compact();
    // ruleid: java-session-long-lifetime
    String other = JWT.create().withSubject(user.getName()).withIssuer("shop").sign(algorithm);
    // ok: java-session-long-lifetime
    return JWT.create().withSubject(user.getName()).withExpiresAt(end).sign(algorithm);
  }

  void bind(int port, String host) throws IOException {
    // ruleid: java-bind-all-interfaces
    HttpServer server = HttpServer.create(new InetSocketAddress("0.0.0.0", port), 0);
    // ruleid: java-bind-all-interfaces
    ServerSocket socket = new ServerSocket(port, 50, InetAddress.getByName("0.0.0.0"));
    // ruleid: java-bind-all-interfaces
    jetty.setHost("0.0.0.0");
    // ruleid: java-bind-all-interfaces
    builder.addHttpListener(8080, "0.0.0.0");
    // ok: java-bind-all-interfaces
    server.bind(new InetSocketAddress("127.0.0.1", port), 0);
    // ok: java-bind-all-interfaces
    server.bind(new InetSocketAddress(host, port), 0);
    // ok: java-bind-all-interfaces
    jetty.setHost("localhost");
    // ok: java-bind-all-interfaces
    InetAddress any = InetAddress.getByName("0.0.0.0");
  }
}
