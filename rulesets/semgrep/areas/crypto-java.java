class Keys {
    void run(Connection connection, byte[] key, Verifier verifier) {
        // ruleid: java-area-crypto-call
        KeyStore store = KeyStore.getInstance("PKCS12");
        // ruleid: java-area-crypto-call
        Object spec = new SecretKeySpec(key, "AES");
        // ruleid: java-area-crypto-call
        connection.setHostnameVerifier(verifier);
        // ok: java-area-crypto-call
        Calendar calendar = Calendar.getInstance();
        // ok: java-area-crypto-call
        Object other = new KeySpecification(key);
        // ok: java-area-crypto-call
        connection.setVerifier(verifier);
    }
}
