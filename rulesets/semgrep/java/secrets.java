import java.sql.DriverManager;
import javax.crypto.spec.SecretKeySpec;

class Secrets {
  // ruleid: java-hardcoded-secret-named
  private static final String DB_PASSWORD = "s3cr3t-horse-9";

  // ruleid: java-hardcoded-secret-named
  String apiKey = "Zq81-kLp0-77ab";

  // ok: java-hardcoded-secret-named
  String passwordField = "user-password-1";

  void named() {
    // ruleid: java-hardcoded-secret-named
    String clientSecret = "Zq81kLp077ab";
    // ok: java-hardcoded-secret-named
    String token = System.getenv("APP_TOKEN_1");
    // ok: java-hardcoded-secret-named
    String secret = "<your-secret-1>";
  }

  void calls() throws Exception {
    // ruleid: java-hardcoded-secret-in-call
    DriverManager.getConnection(url, "app", "hunter22");
    // ruleid: java-hardcoded-secret-in-call
    dataSource.setPassword("hunter22");
    // ruleid: java-hardcoded-secret-in-call
    environment.put(Context.SECURITY_CREDENTIALS, "hunter22");
    // ok: java-hardcoded-secret-in-call
    DriverManager.getConnection(url, "app", password);
    // ok: java-hardcoded-secret-in-call
    dataSource.setPassword(System.getenv("DB_TEXT"));
    // ok: java-hardcoded-secret-in-call
    dataSource.setPassword("${db.text}");
  }

  void keys(String given) throws Exception {
    // ruleid: java-hardcoded-secret-key
    new SecretKeySpec("0123456789abcdef".getBytes(), "AES");
    String text = "signing-text-of-the-shop";
    // ruleid: java-hardcoded-secret-key
    Algorithm.HMAC256(text);
    // ruleid: java-hardcoded-secret-key
    Jwts.builder().signWith(SignatureAlgorithm.HS256, "signing-text-of-the-shop");
    // ok: java-hardcoded-secret-key
    new SecretKeySpec(given.getBytes(), "AES");
    // ok: java-hardcoded-secret-key
    Algorithm.HMAC256(System.getenv("SIGNING_TEXT"));
    // ok: java-hardcoded-secret-key
    new SecretKeySpec(keyStore.load("app"), "AES");
  }
}
