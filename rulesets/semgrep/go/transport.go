package fixtures

import (
	"crypto/tls"
	"net/http"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/crypto/ssh"
)

func clients(pool *x509.CertPool) {
	// ruleid: go-tls-verification-off
	a := &tls.Config{InsecureSkipVerify: true}
	transport := &http.Transport{}
	// ruleid: go-tls-verification-off
	transport.TLSClientConfig.InsecureSkipVerify = true
	// ruleid: go-tls-verification-off
	b := &http.Transport{TLSClientConfig: &tls.Config{ServerName: name, InsecureSkipVerify: true}}
	// ok: go-tls-verification-off
	c := &tls.Config{RootCAs: pool}
	// ok: go-tls-verification-off
	d := &tls.Config{InsecureSkipVerify: false}
	// ok: go-tls-verification-off
	e := &tls.Config{InsecureSkipVerify: true, VerifyPeerCertificate: pinned}
}

func hosts(key ssh.PublicKey) {
	// ruleid: go-tls-verification-host-key
	a := &ssh.ClientConfig{User: "app", HostKeyCallback: ssh.InsecureIgnoreHostKey()}
	b := &ssh.ClientConfig{User: "app"}
	// ruleid: go-tls-verification-host-key
	b.HostKeyCallback = ssh.InsecureIgnoreHostKey()
	// ruleid: go-tls-verification-host-key
	c := &ssh.ClientConfig{HostKeyCallback: func(host string, addr net.Addr, key ssh.PublicKey) error { return nil }}
	// ok: go-tls-verification-host-key
	d := &ssh.ClientConfig{HostKeyCallback: ssh.FixedHostKey(key)}
	callback, err := knownhosts.New(path)
	// ok: go-tls-verification-host-key
	e := &ssh.ClientConfig{HostKeyCallback: callback}
	// ok: go-tls-verification-host-key
	b.HostKeyCallback = callback
}

func versions() {
	// ruleid: go-weak-tls-version
	a := &tls.Config{MinVersion: tls.VersionTLS10}
	// ruleid: go-weak-tls-version
	a.MinVersion = tls.VersionTLS11
	// ruleid: go-weak-tls-version
	b := &tls.Config{CipherSuites: []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}}
	// ok: go-weak-tls-version
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	// ok: go-weak-tls-version
	a.MinVersion = tls.VersionTLS13
	// ok: go-weak-tls-version
	d := &tls.Config{CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}}
}

func addresses(client *http.Client) {
	// ruleid: go-cleartext-transport
	client.Get("http://api.shop.org/prices")
	// ruleid: go-cleartext-transport
	http.NewRequest("POST", "http://api.shop.org/prices", nil)
	// ruleid: go-cleartext-transport
	ldap.DialURL("ldap://directory.shop.org:389")
	// ok: go-cleartext-transport
	client.Get("https://api.shop.org/prices")
	// ok: go-cleartext-transport
	client.Get("http://localhost:8080/health")
	// ok: go-cleartext-transport
	client.Get("http://prices:8080/health")
}

func tokens(text string) {
	// ruleid: go-signature-check-jwt-off
	token, _, err := parser.ParseUnverified(text, jwt.MapClaims{})
	// ruleid: go-signature-check-jwt-off
	signed := jwt.NewWithClaims(jwt.SigningMethodNone, claims)
	// ruleid: go-signature-check-jwt-off
	signed.SignedString(jwt.UnsafeAllowNoneSignatureType)
	// ok: go-signature-check-jwt-off
	jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	// ok: go-signature-check-jwt-off
	parser.ParseWithClaims(text, claims, keyFunc)
	// ok: go-signature-check-jwt-off
	jwt.Parse(text, keyFunc, jwt.WithValidMethods([]string{"HS256"}))
	// ruleid: go-signature-check-jwt-method
	jwt.Parse(text, func(token *jwt.Token) (any, error) {
		return key, nil
	})
	// ruleid: go-signature-check-jwt-method
	jwt.ParseWithClaims(text, &claims{}, func(token *jwt.Token) (interface{}, error) {
		return []byte(os.Getenv("KEY")), nil
	})
	// ruleid: go-signature-check-jwt-method
	parsed, err := jwt.Parse(text, func(t *jwt.Token) (interface{}, error) { return s.key, nil })
	// ruleid: go-signature-check-jwt-method
	jwt.Parse(text, func(token *jwt.Token) (any, error) {
		// token.Method is looked at elsewhere
		log.Print("token.Method and token.Header[alg] are not read")
		return key, nil
	})
	// ok: go-signature-check-jwt-method
	jwt.Parse(text, func(token *jwt.Token) (any, error) {
		if _, ok := token.Method.(*jwt.SigningMethodHMAC); !ok {
			return nil, errMethod
		}
		return key, nil
	})
	// ok: go-signature-check-jwt-method
	jwt.Parse(text, func(token *jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"HS256"}))
	// ok: go-signature-check-jwt-method
	jwt.Parse(text, keyFunc)
}
