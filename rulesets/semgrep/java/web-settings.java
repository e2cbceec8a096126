import org.springframework.web.bind.annotation.CrossOrigin;

class Settings {
  void cookies(HttpServletResponse response) {
    Cookie cookie = new Cookie("sid", id);
    // ruleid: java-cookie-flags-off
    cookie.setSecure(false);
    // ruleid: java-cookie-flags-off
    cookie.setHttpOnly(false);
    response.addCookie(cookie);
    // ruleid: java-cookie-flags-off
    ResponseCookie.from("sid", id).secure(false).build();
    Cookie good = new Cookie("sid", id);
    // ok: java-cookie-flags-off
    good.setSecure(true);
    // ok: java-cookie-flags-off
    good.setHttpOnly(secure);
    // ok: java-cookie-flags-absent
    response.addCookie(good);
    // ok: java-cookie-flags-off
    panel.setSecure(false);
  }

  void absent(HttpServletResponse response) {
    Cookie first = new Cookie("sid", id);
    // ruleid: java-cookie-flags-absent
    response.addCookie(first);
    javax.servlet.http.Cookie second = new javax.servlet.http.Cookie("sid", id);
    second.setPath("/");
    // ruleid: java-cookie-flags-absent
    response.addCookie(second);
    Cookie third = new Cookie("sid", id);
    third.setHttpOnly(true);
    // ruleid: java-cookie-flags-absent
    response.addCookie(third);
    Cookie gone = new Cookie("sid", "");
    gone.setMaxAge(0);
    // ok: java-cookie-flags-absent
    response.addCookie(gone);
    // ok: java-cookie-flags-absent
    response.addCookie(made());
  }

  void security(HttpSecurity http) throws Exception {
    // ruleid: java-csrf-disabled
    http.csrf().disable();
    // ruleid: java-csrf-disabled
    http.csrf(csrf -> csrf.disable());
    // ruleid: java-csrf-disabled
    http.csrf(AbstractHttpConfigurer::disable);
    // ok: java-csrf-disabled
    http.csrf(Customizer.withDefaults());
    // ok: java-csrf-disabled
    http.csrf().csrfTokenRepository(repository);
    // ok: java-csrf-disabled
    http.formLogin(AbstractHttpConfigurer::disable);
    // ruleid: java-authorization-permit-all
    http.authorizeHttpRequests(auth -> auth.anyRequest().permitAll());
    // ruleid: java-authorization-permit-all
    http.authorizeRequests().antMatchers("/**").permitAll();
    // ruleid: java-authorization-permit-all
    exchanges.anyExchange().permitAll();
    // ok: java-authorization-permit-all
    http.authorizeHttpRequests(auth -> auth.anyRequest().authenticated());
    // ok: java-authorization-permit-all
    http.authorizeRequests().antMatchers("/css/**").permitAll();
    // ok: java-authorization-permit-all
    exchanges.anyExchange().authenticated();
  }

  void origins(HttpServletResponse response, CorsConfiguration config) {
    // ruleid: java-cors-any-origin
    response.setHeader("Access-Control-Allow-Origin", "*");
    // ruleid: java-cors-any-origin
    config.addAllowedOrigin("*");
    // ruleid: java-cors-any-origin
    registry.addMapping("/**").allowedOrigins("*");
    // ok: java-cors-any-origin
    response.setHeader("Access-Control-Allow-Origin", "https://app.example.org");
    // ok: java-cors-any-origin
    config.setAllowedOrigins(List.of("https://app.example.org"));
    // ok: java-cors-any-origin
    registry.addMapping("/**").allowedOrigins(origins);
  }

  // ruleid: java-cors-any-origin
  @CrossOrigin(origins = "*")
  public Item item() {
    return null;
  }

  // ok: java-cors-any-origin
  @CrossOrigin(origins = "https://app.example.org")
  public Item other() {
    return null;
  }
}
