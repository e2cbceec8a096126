package fixtures

import (
	"net"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
	"github.com/rs/cors"
)

func cookies(w http.ResponseWriter, c *gin.Context) {
	// ruleid: go-cookie-flags-off
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: id, Secure: false, HttpOnly: true})
	// ruleid: go-cookie-flags-off
	c.SetCookie("sid", id, 3600, "/", "", false, true)
	cookie := &http.Cookie{Name: "sid", Value: id, HttpOnly: true, Secure: true}
	// ruleid: go-cookie-flags-off
	cookie.HttpOnly = false
	// ok: go-cookie-flags-off
	c.SetCookie("sid", id, 3600, "/", "", true, true)
	// ok: go-cookie-flags-off, go-cookie-flags-absent
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: id, Secure: secure, HttpOnly: true})
	// ok: go-cookie-flags-off
	c.SetCookie("sid", "", -1, "/", "", false, true)
	// ruleid: go-cookie-flags-absent
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: id})
	// ruleid: go-cookie-flags-absent
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: id, HttpOnly: true})
	// ruleid: go-cookie-flags-absent
	second := http.Cookie{Name: "sid", Value: id, Secure: true, Path: "/"}
	// ok: go-cookie-flags-absent
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: "", MaxAge: -1})
	// ok: go-cookie-flags-absent
	request.AddCookie(&http.Cookie{Name: "sid", Value: id})
}

func origins(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-cors-any-origin
	w.Header().Set("Access-Control-Allow-Origin", "*")
	// ruleid: go-cors-any-origin
	a := cors.New(cors.Options{AllowedOrigins: []string{"*"}, AllowCredentials: true})
	// ruleid: go-cors-any-origin
	upgrader := websocket.Upgrader{CheckOrigin: func(r *http.Request) bool { return true }}
	// ok: go-cors-any-origin
	w.Header().Set("Access-Control-Allow-Origin", "https://app.example.org")
	// ok: go-cors-any-origin
	b := cors.New(cors.Options{AllowedOrigins: []string{"https://app.example.org"}})
	// ok: go-cors-any-origin
	other := websocket.Upgrader{CheckOrigin: sameOrigin}
}

func reflected(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-cors-reflected-origin
	w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	origin := r.Header.Get("Origin")
	// ruleid: go-cors-reflected-origin
	w.Header().Add("Access-Control-Allow-Origin", origin)
	// ok: go-cors-reflected-origin
	w.Header().Set("Vary", origin)
	if allowed[origin] {
		// ok: go-cors-reflected-origin
		w.Header().Set("Access-Control-Allow-Origin", origin)
	}
	if origin == "https://app.example.org" {
		// ok: go-cors-reflected-origin
		w.Header().Set("Access-Control-Allow-Origin", origin)
	}
}

func reflectedGin(c *gin.Context) {
	// ruleid: go-cors-reflected-origin
	c.Header("Access-Control-Allow-Origin", c.GetHeader("Origin"))
}

func debugging(router *gin.Engine) {
	// ruleid: go-debug-enabled-server
	gin.SetMode(gin.DebugMode)
	e := echo.New()
	// ruleid: go-debug-enabled-server
	e.Debug = true
	// ok: go-debug-enabled-server
	gin.SetMode(gin.ReleaseMode)
	switch settings.Mode {
	case "development":
		// ok: go-debug-enabled-server
		gin.SetMode(gin.DebugMode)
	}
	if settings.Debug {
		// ok: go-debug-enabled-server
		gin.SetMode(gin.DebugMode)
	}
	// ok: go-debug-enabled-server
	e.Debug = settings.Debug
	// ok: go-debug-enabled-server
	options.Debug = true
}

func listeners() {
	// ruleid: go-bind-all-interfaces
	net.Listen("tcp", "0.0.0.0:8080")
	// ruleid: go-bind-all-interfaces
	net.Listen("tcp", ":8080")
	// ruleid: go-bind-all-interfaces, go-resource-exhaustion-server-timeout
	http.ListenAndServe("0.0.0.0:8080", router)
	// ok: go-bind-all-interfaces
	net.Listen("tcp", "127.0.0.1:8080")
	// ok: go-bind-all-interfaces
	net.Listen("unix", "/run/app.sock")
	// ok: go-bind-all-interfaces
	net.Listen("tcp", address)
}

func servers(listener net.Listener) {
	// ruleid: go-resource-exhaustion-server-timeout
	http.Serve(listener, router)
	// ruleid: go-resource-exhaustion-server-timeout
	a := &http.Server{Addr: address, Handler: router}
	// ok: go-resource-exhaustion-server-timeout
	b := &http.Server{Addr: address, Handler: router, ReadTimeout: limit}
	// ok: go-resource-exhaustion-server-timeout
	c := &http.Server{Addr: address, Handler: router, ReadHeaderTimeout: limit}
	// ok: go-resource-exhaustion-server-timeout
	b.ListenAndServe()
}

func calls(ctx context.Context) {
	// ruleid: go-resource-exhaustion-client-timeout
	http.Get("https://api.example.org")
	// ruleid: go-resource-exhaustion-client-timeout
	http.DefaultClient.Post("https://api.example.org", kind, body)
	// ruleid: go-resource-exhaustion-client-timeout
	client := &http.Client{}
	// ok: go-resource-exhaustion-client-timeout
	limited := &http.Client{Timeout: limit}
	// ok: go-resource-exhaustion-client-timeout
	limited.Get("https://api.example.org")
}

func limitedCall(ctx context.Context) {
	req, err := http.NewRequestWithContext(ctx, "GET", address, nil)
	// ok: go-resource-exhaustion-client-timeout
	client := &http.Client{}
}

func bodies(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-resource-exhaustion-request-body
	io.ReadAll(r.Body)
	// ruleid: go-resource-exhaustion-request-body
	data, err := ioutil.ReadAll(r.Body)
	// ok: go-resource-exhaustion-request-body
	io.ReadAll(io.LimitReader(r.Body, limit))
	// ok: go-resource-exhaustion-request-body
	io.ReadAll(response.Body)
}

var echoBody = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
	// ruleid: go-resource-exhaustion-request-body
	io.ReadAll(req.Body)
})

func limitedBody(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	// ok: go-resource-exhaustion-request-body
	io.ReadAll(r.Body)
}

func sizes(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.FormValue("n"))
	// ruleid: go-resource-exhaustion-size
	rows := make([]row, n)
	// ruleid: go-resource-exhaustion-size
	text := strings.Repeat("x", n)
	// ruleid: go-resource-exhaustion-divisor
	page := total / n
	// ruleid: go-resource-exhaustion-divisor
	rest := total % n
	if n <= 0 || n > 100 {
		return
	}
	// ok: go-resource-exhaustion-size
	limited := make([]row, n)
	// ok: go-resource-exhaustion-divisor
	pages := total / n
	// ok: go-resource-exhaustion-size
	fixed := make([]row, len(r.FormValue("n")))
	// ok: go-resource-exhaustion-divisor
	half := total / 2
}

func sizesGin(c *gin.Context) {
	n, err := strconv.Atoi(c.Query("n"))
	// ruleid: go-resource-exhaustion-size
	rows := make(chan row, n)
	// ruleid: go-resource-exhaustion-divisor
	share := 100 / n
	if n == 0 {
		return
	}
	// ok: go-resource-exhaustion-divisor
	share = 100 / n
	// ok: go-resource-exhaustion-size
	few := make([]row, min(n, 100))
}

func narrowed(text string) {
	n, err := strconv.Atoi(text)
	// ruleid: go-memory-safety-narrowed-number
	a := int32(n)
	big, err := strconv.ParseInt(text, 10, 64)
	// ruleid: go-memory-safety-narrowed-number
	b := uint16(big)
	// ruleid: go-memory-safety-narrowed-number
	c := byte(n)
	small, err := strconv.ParseInt(text, 10, 32)
	// ok: go-memory-safety-narrowed-number
	d := int32(small)
	// ok: go-memory-safety-narrowed-number
	e := int64(n)
	if n > math.MaxInt32 || n < 0 {
		return
	}
	// ok: go-memory-safety-narrowed-number
	f := int32(n)
}

func options(r *http.Request, count string) []Option {
	n, _ := strconv.Atoi(r.FormValue("n"))
	// ruleid: go-resource-exhaustion-size
	keep(make([]int, n))
	// ok: go-resource-exhaustion-size
	keep(make([]int, 0, strings.Count(r.FormValue("list"), ",")+1))
	// ok: go-resource-exhaustion-size
	return []Option{Option(r.FormValue("name"))}
}
