package fixtures

import (
	"net/http"
	"net/url"
	"os"

	"github.com/labstack/echo/v4"
)

func proxy(w http.ResponseWriter, r *http.Request) {
	target := r.URL.Query().Get("url")
	// ruleid: go-ssrf-request
	resp, err := client.Get(target)
	// ruleid: go-ssrf-request
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, "https://"+r.FormValue("host")+"/status", nil)
	// ruleid: go-ssrf-request
	conn, err := net.Dial("tcp", r.FormValue("host"))
	// ok: go-ssrf-request
	client.Get("https://api.example.org/items/" + r.FormValue("id"))
	// ok: go-ssrf-request
	client.Get(fmt.Sprintf("https://api.example.org/items/%s", r.FormValue("id")))
}

func echoProxy(c echo.Context) error {
	// ruleid: go-ssrf-request
	resp, err := client.Get(c.QueryParam("url"))
	link := c.QueryParam("url")
	u, err := url.Parse(link)
	if err != nil || !hosts[u.Hostname()] {
		return c.NoContent(http.StatusBadRequest)
	}
	// ok: go-ssrf-request
	resp, err = client.Get(link)
	// ok: go-ssrf-request
	resp, err = client.Get(u.String())
	return err
}

func fetch(pageURL string) ([]byte, error) {
	// ruleid: go-ssrf-parameter, go-resource-exhaustion-client-timeout
	resp, err := http.Get(pageURL)
	return nil, err
}

func preview(link string) {
	// ruleid: go-ssrf-parameter
	req, err := http.NewRequest("GET", link, nil)
}

func fromArguments() {
	// ruleid: go-ssrf-parameter
	client.Get(os.Args[1])
}

func fetchChecked(pageURL string) ([]byte, error) {
	parsed, err := url.Parse(pageURL)
	if err != nil {
		return nil, err
	}
	host := parsed.Hostname()
	if !strings.HasSuffix(host, ".example.org") {
		return nil, errHost
	}
	// ok: go-ssrf-parameter
	resp, err := client.Get(pageURL)
	return nil, err
}

func fetchPublic(link string) error {
	u, err := url.Parse(link)
	if err != nil {
		return err
	}
	addresses, err := net.LookupIP(u.Hostname())
	for _, address := range addresses {
		if address.IsPrivate() {
			return errHost
		}
	}
	// ok: go-ssrf-parameter
	client.Get(u.String())
	return nil
}

func fetchOther(pageURL, id string) {
	if err := checkURL(pageURL); err != nil {
		return
	}
	// ok: go-ssrf-parameter
	client.Get(pageURL)
	// ok: go-ssrf-parameter
	client.Get("https://api.example.org/items/" + id)
	// ok: go-ssrf-parameter
	cache.Get(pageURL)
}

func login(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	// ruleid: go-open-redirect-request
	http.Redirect(w, r, next, http.StatusFound)
	// ruleid: go-open-redirect-request
	w.Header().Set("Location", r.Header.Get("Referer"))
	// ok: go-open-redirect-request
	http.Redirect(w, r, "/items/"+r.FormValue("id"), http.StatusFound)
	// ok: go-open-redirect-request
	http.Redirect(w, r, "https://"+r.Host+r.RequestURI, http.StatusMovedPermanently)
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		next = "/"
	}
	// ok: go-open-redirect-request
	http.Redirect(w, r, next, http.StatusFound)
}

func back(c echo.Context) error {
	// ruleid: go-open-redirect-request
	return c.Redirect(http.StatusFound, c.QueryParam("next"))
}

func sendTo(w http.ResponseWriter, r *http.Request, target string) {
	// ruleid: go-open-redirect-parameter
	http.Redirect(w, r, target, http.StatusFound)
	// ruleid: go-open-redirect-parameter
	w.Header().Set("Location", target)
	// ok: go-open-redirect-parameter
	http.Redirect(w, r, "/home", http.StatusFound)
	// ok: go-open-redirect-parameter
	http.Redirect(w, r, "/items/"+target, http.StatusFound)
}

func leave(c echo.Context, target string) error {
	// ruleid: go-open-redirect-parameter
	return c.Redirect(http.StatusFound, target)
}

func leaveChecked(w http.ResponseWriter, r *http.Request, target string) {
	u, err := url.Parse(target)
	if err != nil || u.Host != "" {
		target = "/"
	}
	// ok: go-open-redirect-parameter
	http.Redirect(w, r, target, http.StatusFound)
}
