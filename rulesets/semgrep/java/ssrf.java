import java.net.URI;
import javax.servlet.http.HttpServletRequest;

class Proxy extends HttpServlet {
  public void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String target = request.getParameter("url");
    // ruleid: java-ssrf-request
    new URL(target).openStream();
    // ruleid: java-ssrf-request
    restTemplate.getForObject("https://" + request.getParameter("host") + "/status", String.class);
    // ruleid: java-ssrf-request
    HttpRequest.newBuilder(URI.create(target)).build();
    // ok: java-ssrf-request
    restTemplate.getForObject("https://api.example.org/items/" + request.getParameter("id"), String.class);
    // ok: java-ssrf-request
    restTemplate.getForObject(BASE_URL + request.getParameter("id"), String.class);
    String host = URI.create(target).getHost();
    if (!HOSTS.contains(host)) {
      return;
    }
    // ok: java-ssrf-request
    new URL(target).openStream();
  }

  String fetch(String url, String id) throws Exception {
    // ruleid: java-ssrf-parameter
    new URL(url).openConnection();
    // ruleid: java-ssrf-parameter
    restTemplate.getForObject(url, String.class);
    // ruleid: java-ssrf-parameter
    Jsoup.connect(url).get();
    // ok: java-ssrf-parameter
    restTemplate.getForObject("https://api.example.org/items/" + id, String.class);
    // ok: java-ssrf-parameter
    cache.get(url);
    validateUrl(url);
    // ok: java-ssrf-parameter
    return restTemplate.getForObject(url, String.class);
  }

  public void login(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String next = request.getParameter("next");
    // ruleid: java-open-redirect-request
    response.sendRedirect(next);
    // ruleid: java-open-redirect-request
    response.setHeader("Location", request.getHeader("Referer"));
    // ok: java-open-redirect-request
    response.sendRedirect("/items/" + request.getParameter("id"));
    // ok: java-open-redirect-request
    response.sendRedirect(request.getContextPath() + "/home");
    if (!TARGETS.contains(next)) {
      next = "/";
    }
    // ok: java-open-redirect-request
    response.sendRedirect(next);
  }

  @GetMapping("/go")
  public String go(@RequestParam String next) {
    // ruleid: java-open-redirect-request
    return "redirect:" + next;
  }
}
