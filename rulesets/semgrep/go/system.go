package fixtures

import "os"

func permissions(path string, data []byte) {
	// ruleid: go-file-permissions-open
	os.Chmod(path, 0777)
	// ruleid: go-file-permissions-open
	os.WriteFile(path, data, 0o666)
	// ruleid: go-file-permissions-open
	os.MkdirAll(path, 0777)
	// ok: go-file-permissions-open
	os.Chmod(path, 0o755)
	// ok: go-file-permissions-open
	os.WriteFile(path, data, 0o644)
	// ok: go-file-permissions-open
	os.MkdirAll(path, os.ModePerm)
	// ruleid: go-file-permissions-secret
	os.WriteFile("server.key", data, 0644)
	// ruleid: go-file-permissions-secret
	os.WriteFile(tokenPath, data, 0o644)
	// ruleid: go-file-permissions-secret
	os.OpenFile("private.pem", os.O_CREATE, 0o644)
	// ok: go-file-permissions-secret
	os.WriteFile("server.key", data, 0600)
	// ok: go-file-permissions-secret
	os.WriteFile("public.key", data, 0644)
	// ok: go-file-permissions-secret
	os.WriteFile("report.txt", data, 0644)
}

func temporary(data []byte) {
	// ruleid: go-temp-file-fixed-name
	os.Create("/tmp/report.txt")
	// ruleid: go-temp-file-fixed-name
	os.WriteFile(filepath.Join(os.TempDir(), "report.txt"), data, 0o600)
	path := "/tmp/cache.db"
	// ruleid: go-temp-file-fixed-name
	os.OpenFile(path, os.O_CREATE, 0o600)
	// ok: go-temp-file-fixed-name
	os.CreateTemp("", "report-*")
	// ok: go-temp-file-fixed-name
	os.Create("/var/lib/app/report.txt")
	folder, err := os.MkdirTemp("", "app-*")
	// ok: go-temp-file-fixed-name
	os.Create(filepath.Join(folder, "report.txt"))
}

func races(path string, data []byte) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		// ruleid: go-race-check-then-use
		os.WriteFile(path, data, 0o600)
	}
	if _, err := os.Stat(path); err == nil {
		// ruleid: go-race-check-then-use
		os.Remove(path)
	}
	info, err := os.Lstat(path)
	// ruleid: go-race-check-then-use
	os.Chmod(path, 0o600)
	// ok: go-race-check-then-use
	os.Open(path)
}

func noRaces(path, other string, data []byte) {
	if _, err := os.Stat(path); err == nil {
		// ok: go-race-check-then-use
		os.WriteFile(other, data, 0o600)
	}
	// ok: go-race-check-then-use
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
}
