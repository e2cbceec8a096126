package fixtures

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/rc4"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/pbkdf2"
	"golang.org/x/crypto/scrypt"
)

func sign(data []byte) {
	// ruleid: go-weak-hash-broken
	md5.Sum(data)
	// ruleid: go-weak-hash-broken
	h := sha1.New()
	// ruleid: go-weak-hash-broken
	hmac.New(md5.New, key)
	// ok: go-weak-hash-broken
	sha256.Sum256(data)
	// ok: go-weak-hash-broken
	hmac.New(sha256.New, key)
}

func etagOf(data []byte) string {
	// ok: go-weak-hash-broken
	return fmt.Sprintf("%x", md5.Sum(data))
}

func register(password string, user account) {
	// ruleid: go-weak-hash-password
	sha256.Sum256([]byte(password))
	// ruleid: go-weak-hash-password, go-weak-hash-broken
	md5.Sum([]byte(user.Password + salt))
	h := sha256.New()
	// ruleid: go-weak-hash-password
	h.Write([]byte(password))
}

func registerSafely(password string) {
	// ok: go-weak-hash-password
	stored, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
}

func derive(password string, data []byte) {
	// ok: go-weak-hash-password
	sha256.Sum256(data)
	// ok: go-weak-hash-password, go-weak-hash-cost
	pbkdf2.Key([]byte(password), salt, 600000, 32, sha256.New)
	// ruleid: go-weak-hash-cost
	pbkdf2.Key([]byte(password), salt, 1000, 32, sha256.New)
	// ruleid: go-weak-hash-cost
	bcrypt.GenerateFromPassword([]byte(password), 4)
	// ruleid: go-weak-hash-cost
	bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	// ok: go-weak-hash-cost
	bcrypt.GenerateFromPassword([]byte(password), 12)
	// ok: go-weak-hash-cost
	scrypt.Key([]byte(password), salt, 32768, 8, 1, 32)
}

func salted(password, salt []byte) {
	fixed := []byte("salt-of-all")
	// ruleid: go-weak-hash-fixed-salt
	pbkdf2.Key(password, fixed, 600000, 32, sha256.New)
	// ruleid: go-weak-hash-fixed-salt
	scrypt.Key(password, []byte("salt"), 32768, 8, 1, 32)
	// ruleid: go-weak-hash-fixed-salt
	argon2.IDKey(password, []byte{1, 2, 3, 4}, 1, 64*1024, 4, 32)
	// ok: go-weak-hash-fixed-salt
	argon2.IDKey(password, salt, 1, 64*1024, 4, 32)
	// ok: go-weak-hash-fixed-salt
	pbkdf2.Key(password, []byte(user.Salt), 600000, 32, sha256.New)
	// ok: go-weak-hash-fixed-salt
	scrypt.Key([]byte("x"), salt, 32768, 8, 1, 32)
}

func ciphers(key []byte) {
	// ruleid: go-weak-cipher-broken
	des.NewCipher(key)
	// ruleid: go-weak-cipher-broken
	des.NewTripleDESCipher(key)
	// ruleid: go-weak-cipher-broken
	rc4.NewCipher(key)
	// ok: go-weak-cipher-broken
	aes.NewCipher(key)
	// ok: go-weak-cipher-broken
	chacha20poly1305.New(key)
	// ok: go-weak-cipher-broken
	factory.NewCipher(key)
}

func ecb(key, data, out []byte) {
	block, err := aes.NewCipher(key)
	for i := 0; i < len(data); i += 16 {
		// ruleid: go-weak-cipher-ecb
		block.Encrypt(out[i:i+16], data[i:i+16])
	}
	// ruleid: go-weak-cipher-ecb
	block.Encrypt(out, data)
	// ruleid: go-weak-cipher-ecb
	block.Decrypt(out, data)
	// ok: go-weak-cipher-ecb
	box.Encrypt(out, data)
}

func gcm(key, data []byte) []byte {
	block, err := aes.NewCipher(key)
	aead, err := cipher.NewGCM(block)
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		return nil
	}
	// ok: go-nonce-reuse-fixed, go-weak-cipher-ecb
	return aead.Seal(nonce, nonce, data, nil)
}

func ctr(key, data []byte) {
	block, err := aes.NewCipher(key)
	// ok: go-weak-cipher-ecb
	stream := cipher.NewCTR(block, iv)
	stream.XORKeyStream(data, data)
}

func fixedNonce(key, data []byte) []byte {
	block, err := aes.NewCipher(key)
	aead, err := cipher.NewGCM(block)
	nonce := make([]byte, 12)
	// ruleid: go-nonce-reuse-fixed
	aead.Seal(nil, nonce, data, nil)
	iv := []byte("0123456789abcdef")
	// ruleid: go-nonce-reuse-fixed
	cipher.NewCBCEncrypter(block, iv)
	// ruleid: go-nonce-reuse-fixed
	cipher.NewCTR(block, key[:aes.BlockSize])
	out := make([]byte, aes.BlockSize+len(data))
	fresh := out[:aes.BlockSize]
	io.ReadFull(rand.Reader, fresh)
	// ok: go-nonce-reuse-fixed
	cipher.NewCBCEncrypter(block, fresh)
	own := make([]byte, 12)
	rand.Read(own)
	// ok: go-nonce-reuse-fixed
	return aead.Seal(nil, own, data, nil)
}

func keys() {
	// ruleid: go-weak-key-size
	rsa.GenerateKey(rand.Reader, 1024)
	// ruleid: go-weak-key-size
	elliptic.P224()
	bits := 512
	// ruleid: go-weak-key-size
	rsa.GenerateKey(rand.Reader, bits)
	// ok: go-weak-key-size
	rsa.GenerateKey(rand.Reader, 3072)
	// ok: go-weak-key-size
	elliptic.P256()
	// ok: go-weak-key-size
	rsa.GenerateKey(rand.Reader, size)
}

func compare(mac, expectedMAC []byte, token string, password, confirmPassword string) bool {
	// ruleid: go-timing-comparison
	if bytes.Equal(mac, expectedMAC) {
		return true
	}
	// ruleid: go-timing-comparison
	if token == user.resetToken {
		return true
	}
	// ruleid: go-timing-comparison
	if r.Header.Get("X-Api-Key") != apiKey {
		return false
	}
	// ok: go-timing-comparison
	if hmac.Equal(mac, expectedMAC) || subtle.ConstantTimeCompare(mac, expectedMAC) == 1 {
		return true
	}
	// ok: go-timing-comparison
	if password == "" || apiKey == "" {
		return false
	}
	// ok: go-timing-comparison
	return password == confirmPassword
}
