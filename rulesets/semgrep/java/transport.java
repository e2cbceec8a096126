import javax.net.ssl.X509TrustManager;

class Trusting implements X509TrustManager {
  // ruleid: java-tls-verification-off
  public void checkServerTrusted(X509Certificate[] chain, String type) {}

  void clients() {
    // ruleid: java-tls-verification-off
    connection.setHostnameVerifier((host, session) -> true);
    // ruleid: java-tls-verification-off
    builder.setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE);
    // ok: java-tls-verification-off
    connection.setHostnameVerifier(verifier);
    // ok: java-tls-verification-off
    builder.setSSLHostnameVerifier(new DefaultHostnameVerifier());
  }
}

class Checking implements X509TrustManager {
  // ok: java-tls-verification-off
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    inner.checkServerTrusted(chain, type);
  }

  void versions() throws Exception {
    // ruleid: java-weak-tls-version
    SSLContext.getInstance("SSLv3");
    // ruleid: java-weak-tls-version
    SSLContext.getInstance("TLSv1.1", provider);
    // ruleid: java-weak-tls-version
    socket.setEnabledProtocols(new String[] {"TLSv1"});
    // ok: java-weak-tls-version
    SSLContext.getInstance("TLSv1.3");
    // ok: java-weak-tls-version
    SSLContext.getInstance("TLS");
    // ok: java-weak-tls-version
    socket.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
  }

  void addresses() throws Exception {
    // ruleid: java-cleartext-transport
    new URL("http://api.shop.org/prices").openStream();
    // ruleid: java-cleartext-transport
    restTemplate.getForObject("http://api.shop.org/prices", String.class);
    // ruleid: java-cleartext-transport
    environment.put(Context.PROVIDER_URL, "ldap://directory.shop.org:389");
    // ok: java-cleartext-transport
    new URL("https://api.shop.org/prices").openStream();
    // ok: java-cleartext-transport
    restTemplate.getForObject("http://localhost:8080/health", String.class);
    // ok: java-cleartext-transport
    restTemplate.getForObject("http://prices:8080/health", String.class);
  }

  void tokens(String text) {
    // ruleid: java-signature-check-jwt-off
    JWT.create().sign(Algorithm.none());
    // ruleid: java-signature-check-jwt-off
    builder.setSkipSignatureVerification();
    // ruleid: java-signature-check-jwt-off
    parser.parseClaimsJwt(text);
    // ok: java-signature-check-jwt-off
    JWT.require(Algorithm.HMAC256(key)).build().verify(text);
    // ok: java-signature-check-jwt-off
    parser.parseSignedClaims(text);
    DecodedJWT decoded = JWT.decode(text);
    // ok: java-signature-check-jwt-off
    verifier.verify(decoded);
  }
}
