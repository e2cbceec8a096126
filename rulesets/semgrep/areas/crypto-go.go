package web

func Work(key []byte, data []byte) {
	// ruleid: go-area-crypto-primitive
	aes.NewCipher(key)
	// ruleid: go-area-crypto-primitive
	hmac.Equal(key, data)
	// ruleid: go-area-crypto-primitive
	config := tls.Config{MinVersion: tls.VersionTLS12}
	// ok: go-area-crypto-primitive
	sha256.Sum256(data)
	// ok: go-area-crypto-primitive
	bytes.Equal(key, data)
	// ok: go-area-crypto-primitive
	other := log.Config{}
	show(config, other)
}
