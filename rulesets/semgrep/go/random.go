package fixtures

import "math/rand"

func newToken(n int) string {
	b := make([]byte, n)
	for i := range b {
		// ruleid: go-weak-random-secret
		b[i] = letters[rand.Intn(len(letters))]
	}
	return string(b)
}

func login() {
	// ruleid: go-weak-random-secret
	otp := fmt.Sprintf("%06d", rand.Intn(1000000))
	// ruleid: go-weak-random-secret
	user.sessionID = strconv.Itoa(rand.Int())
	// ok: go-weak-random-secret
	delay := rand.Intn(100)
	// ok: go-weak-random-secret
	passwordLength := 8 + rand.Intn(4)
	// ok: go-weak-random-secret
	order := rand.Perm(10)
}

func seeds() {
	// ruleid: go-weak-random-fixed-seed
	rand.Seed(42)
	// ruleid: go-weak-random-fixed-seed
	rand.Seed(time.Now().UnixNano())
	// ruleid: go-weak-random-fixed-seed
	r := rand.New(rand.NewSource(1))
	// ok: go-weak-random-fixed-seed
	rand.Seed(seed)
	// ok: go-weak-random-fixed-seed
	rand.Shuffle(len(cards), swap)
	// ok: go-weak-random-fixed-seed
	s := rand.NewSource(fromSystem())
}
