package fixtures

import "net/http"

// ruleid: go-debug-enabled-server
import _ "net/http/pprof"

func main() {
	server := http.Server{Addr: address}
	server.ListenAndServe()
}
