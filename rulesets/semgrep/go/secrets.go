package fixtures

import (
	"crypto/aes"
	"crypto/hmac"
	"database/sql"
	"net/http"

	"github.com/golang-jwt/jwt/v5"
)

// ruleid: go-hardcoded-secret-named
const dbPassword = "s3cr3t-horse-9"

// ruleid: go-hardcoded-secret-named
var apiKey = "Zq81-kLp0-77ab"

// ok: go-hardcoded-secret-named
const passwordField = "user-password-1"

func named() {
	// ruleid: go-hardcoded-secret-named
	settings := config{User: "app", ClientSecret: "Zq81kLp077ab"}
	// ok: go-hardcoded-secret-named
	token := os.Getenv("APP_TOKEN_1")
	// ok: go-hardcoded-secret-named
	secret := "<your-secret-1>"
	// ok: go-hardcoded-secret-named
	tokenType := "bearer-v2"
}

func calls(req *http.Request) {
	// ruleid: go-hardcoded-secret-in-call
	req.SetBasicAuth("app", "hunter22")
	// ruleid: go-hardcoded-secret-in-call
	sql.Open("mysql", "app:hunter22@tcp(db:3306)/shop")
	// ruleid: go-hardcoded-secret-in-call
	dsn := "postgres://app:hunter22@db/shop"
	// ok: go-hardcoded-secret-in-call
	req.SetBasicAuth("app", password)
	// ok: go-hardcoded-secret-in-call
	sql.Open("mysql", os.Getenv("DSN"))
	// ok: go-hardcoded-secret-in-call
	other := "postgres://db/shop"
}

func keys(password []byte) {
	// ruleid: go-hardcoded-secret-key
	aes.NewCipher([]byte("0123456789abcdef"))
	key := []byte("signing-text-of-the-shop")
	// ruleid: go-hardcoded-secret-key
	hmac.New(sha256.New, key)
	// ruleid: go-hardcoded-secret-key
	signed, err := token.SignedString(key)
	// ok: go-hardcoded-secret-key
	token.SignedString([]byte(os.Getenv("SIGNING_TEXT")))
	// ok: go-hardcoded-secret-key
	aes.NewCipher(scrypt.Key(password, salt, 32768, 8, 1, 32))
	// ok: go-hardcoded-secret-key
	hmac.New(sha256.New, load())
}
