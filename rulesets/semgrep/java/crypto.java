import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import org.apache.commons.codec.digest.DigestUtils;

class Crypto {
  void hashes(Properties properties, byte[] data) throws Exception {
    // ruleid: java-weak-hash-broken
    MessageDigest.getInstance("MD5");
    String algorithm = properties.getProperty("hash", "SHA1");
    // ruleid: java-weak-hash-broken
    java.security.MessageDigest.getInstance("SHA-1", provider);
    // ruleid: java-weak-hash-broken
    MessageDigest.getInstance(algorithm);
    // ruleid: java-weak-hash-broken
    DigestUtils.md5Hex(data);
    // ok: java-weak-hash-broken
    MessageDigest.getInstance("SHA-256");
    String strong = properties.getProperty("hash2", "SHA-512");
    // ok: java-weak-hash-broken
    MessageDigest.getInstance(strong);
    // ok: java-weak-hash-broken
    DigestUtils.sha256Hex(data);
  }

  String etagOf(byte[] data) throws Exception {
    // ok: java-weak-hash-broken
    return hex(MessageDigest.getInstance("MD5").digest(data));
  }

  void passwords(String password, MessageDigest digest, byte[] data) throws Exception {
    // ruleid: java-weak-hash-password
    digest.update(password.getBytes());
    // ruleid: java-weak-hash-password
    MessageDigest.getInstance("SHA-256").digest(password.getBytes());
    // ruleid: java-weak-hash-password
    DigestUtils.sha256Hex(salt + password);
    // ok: java-weak-hash-password
    digest.update(data);
    // ok: java-weak-hash-password
    encoder.encode(password);
    // ok: java-weak-hash-password
    DigestUtils.sha256Hex(data);
    // ruleid: java-weak-hash-cost
    new PBEKeySpec(password.toCharArray(), salt, 1000, 256);
    // ruleid: java-weak-hash-cost
    new BCryptPasswordEncoder(4);
    // ruleid: java-weak-hash-cost
    NoOpPasswordEncoder.getInstance();
    // ok: java-weak-hash-cost
    new PBEKeySpec(password.toCharArray(), salt, 600000, 256);
    // ok: java-weak-hash-cost
    new BCryptPasswordEncoder();
    // ok: java-weak-hash-cost
    new BCryptPasswordEncoder(12);
  }

  void ciphers(Properties properties) throws Exception {
    // ruleid: java-weak-cipher-transformation
    Cipher.getInstance("DES/CBC/PKCS5Padding");
    // ruleid: java-weak-cipher-transformation
    Cipher.getInstance("AES");
    // ruleid: java-weak-cipher-transformation
    javax.crypto.Cipher.getInstance("AES/ECB/PKCS5Padding", provider);
    // ruleid: java-weak-cipher-transformation
    KeyGenerator.getInstance("DES");
    String weak = properties.getProperty("cipher", "DESede/CBC/NoPadding");
    // ruleid: java-weak-cipher-transformation
    javax.crypto.Cipher.getInstance(weak);
    // ok: java-weak-cipher-transformation
    Cipher.getInstance("AES/GCM/NoPadding");
    // ok: java-weak-cipher-transformation
    Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
    // ok: java-weak-cipher-transformation
    KeyGenerator.getInstance("AES");
  }

  void keys() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    // ruleid: java-weak-key-size
    rsa.initialize(1024);
    KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
    // ruleid: java-weak-key-size
    curve.initialize(160);
    // ruleid: java-weak-key-size
    new RSAKeyGenParameterSpec(512, RSAKeyGenParameterSpec.F4);
    // ok: java-weak-key-size
    rsa.initialize(3072);
    // ok: java-weak-key-size
    curve.initialize(256);
    KeyGenerator aes = KeyGenerator.getInstance("AES");
    // ok: java-weak-key-size
    aes.init(256);
  }

  void vectors(SecureRandom random) throws Exception {
    byte[] zero = new byte[16];
    // ruleid: java-nonce-reuse-fixed
    new IvParameterSpec(zero);
    // ruleid: java-nonce-reuse-fixed
    new IvParameterSpec("0123456789abcdef".getBytes());
    byte[] fixed = {1, 2, 3, 4};
    // ruleid: java-nonce-reuse-fixed
    new GCMParameterSpec(128, new byte[] {1, 2, 3});
    byte[] fresh = new byte[16];
    random.nextBytes(fresh);
    // ok: java-nonce-reuse-fixed
    new IvParameterSpec(fresh);
    // ok: java-nonce-reuse-fixed
    new GCMParameterSpec(128, received);
    // ok: java-nonce-reuse-fixed
    new IvParameterSpec(cipher.getIV());
  }

  String newToken() {
    Random random = new Random();
    // ruleid: java-weak-random-secret
    return Integer.toString(random.nextInt());
  }

  void draws(SecureRandom strong) {
    // ruleid: java-weak-random-secret
    String otp = String.valueOf(Math.random());
    // ruleid: java-weak-random-secret
    int resetCode = new Random().nextInt(1000000);
    // ok: java-weak-random-secret
    int token = strong.nextInt();
    // ok: java-weak-random-secret
    int delay = new Random().nextInt(100);
    // ok: java-weak-random-secret
    int tokenCount = new Random().nextInt(100);
  }

  public void visits(HttpServletRequest request, HttpSession session, SecureRandom strong) {
    String number = Double.toString(Math.random());
    // ruleid: java-weak-random-cookie
    Cookie cookie = new Cookie("visitor", number);
    // ruleid: java-weak-random-cookie
    session.setAttribute("visitor", new java.util.Random().nextLong());
    byte[] bytes = new byte[16];
    new java.util.Random().nextBytes(bytes);
    // ruleid: java-weak-random-cookie
    request.getSession().setAttribute("visitor", bytes);
    // ok: java-weak-random-cookie
    Cookie other = new Cookie("visitor", Long.toString(strong.nextLong()));
    // ok: java-weak-random-cookie
    session.setAttribute("page", page);
    // ok: java-weak-random-cookie
    model.setAttribute("order", Math.random());
  }

  boolean compare(byte[] signature, byte[] expectedSignature, String apiKey, String password, String confirmPassword) {
    // ruleid: java-timing-comparison
    if (Arrays.equals(signature, expectedSignature)) {
      return true;
    }
    // ruleid: java-timing-comparison
    if (apiKey.equals(settings.getKey())) {
      return true;
    }
    // ruleid: java-timing-comparison
    if (user.getPassword().equals(password)) {
      return true;
    }
    // ok: java-timing-comparison
    if (MessageDigest.isEqual(signature, expectedSignature)) {
      return true;
    }
    // ok: java-timing-comparison
    if (password.equals("")) {
      return false;
    }
    // ok: java-timing-comparison
    return password.equals(confirmPassword);
  }
}
