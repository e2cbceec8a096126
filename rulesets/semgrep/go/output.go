package fixtures

import (
	"html"
	"html/template"
	"log"
	"net/http"
	"net/smtp"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

func hello(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: go-xss-request
	fmt.Fprintf(w, "<h1>Hello %s</h1>", name)
	// ruleid: go-xss-request
	w.Write([]byte("Hello " + r.FormValue("name")))
	// ruleid: go-xss-request
	io.WriteString(w, r.FormValue("name"))
	// ok: go-xss-request
	fmt.Fprintf(w, "<h1>Hello %s</h1>", html.EscapeString(name))
	number, _ := strconv.Atoi(r.FormValue("n"))
	// ok: go-xss-request
	fmt.Fprintf(w, "<h1>%d</h1>", number)
	// ok: go-xss-request
	json.NewEncoder(w).Encode(name)
}

func plainText(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// ok: go-xss-request
	fmt.Fprintf(w, "Hello %s", r.FormValue("name"))
}

func decodedHello(w http.ResponseWriter, r *http.Request) {
	var form greeting
	if err := json.NewDecoder(r.Body).Decode(&form); err != nil {
		return
	}
	// ruleid: go-xss-request
	fmt.Fprintf(w, "<p>%s</p>", form.Name)
}

func helloEcho(c echo.Context) error {
	// ruleid: go-xss-request
	return c.HTML(http.StatusOK, "<p>"+c.QueryParam("name")+"</p>")
}

func card(title, body string) string {
	// ruleid: go-xss-built-html
	head := "<h2>" + title + "</h2>"
	// ruleid: go-xss-built-html
	return head + fmt.Sprintf("<div class=\"card\">%s</div>", body)
}

func row(w io.Writer, text string) {
	// ruleid: go-xss-built-html
	fmt.Fprintf(w, "<td>%s</td>", text)
	// ok: go-xss-built-html
	fmt.Fprintf(w, "<td>%s</td>", html.EscapeString(text))
	// ok: go-xss-built-html
	fmt.Fprintf(w, "usage: %s <name>", text)
}

func count(n int, text string) string {
	// ok: go-xss-built-html
	return fmt.Sprintf("<b>%d</b>", n)
}

func bio(text string) template.HTML {
	// ruleid: go-xss-escaping-off
	return template.HTML(text)
}

func (p *post) Body() template.HTML {
	// ruleid: go-xss-escaping-off
	return template.HTML(p.body)
}

func script(text string) any {
	// ok: go-xss-escaping-off
	clean := template.HTML(policy.Sanitize(text))
	// ok: go-xss-escaping-off
	fixed := template.HTML("<br>")
	// ok: go-xss-escaping-off
	escaped := template.HTML(html.EscapeString(text))
	// ruleid: go-xss-escaping-off
	return template.JS("show(" + text + ")")
}

func page(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-template-injection-request, go-template-injection-built
	t, err := template.New("page").Parse("<p>" + r.FormValue("text") + "</p>")
	// ruleid: go-template-injection-request
	template.Must(template.New("page").Parse(r.FormValue("text")))
	// ok: go-template-injection-request, go-template-injection-built
	t, err = template.New("page").Parse("<p>{{.}}</p>")
	// ok: go-template-injection-request
	t.Execute(w, r.FormValue("text"))
	// ok: go-template-injection-request
	when, err := time.Parse(time.RFC3339, r.FormValue("text"))
}

func mailText(c *gin.Context) {
	layout := c.PostForm("layout")
	tmpl := template.New("mail")
	// ruleid: go-template-injection-request
	tmpl.Parse(layout)
}

func greeting(name string) {
	text := fmt.Sprintf("Dear %s, {{.Body}}", name)
	// ruleid: go-template-injection-built
	template.New("mail").Parse(text)
	// ruleid: go-template-injection-built
	template.New("mail").Funcs(funcs).Parse("Dear " + name)
	// ok: go-template-injection-built
	template.New("mail").Parse(LAYOUT)
	// ok: go-template-injection-built
	template.New("mail").Parse(fmt.Sprintf("{{.Body}} %d", count))
}

func contact(w http.ResponseWriter, r *http.Request) {
	subject := r.FormValue("subject")
	// ruleid: go-header-injection-mail
	smtp.SendMail(server, auth, from, to, []byte("Subject: "+subject+"\r\n\r\nhello"))
	message := fmt.Sprintf("From: %s\r\n\r\nhello", r.FormValue("from"))
	// ruleid: go-header-injection-mail
	smtp.SendMail(server, auth, from, to, []byte(message))
	// ok: go-header-injection-mail
	smtp.SendMail(server, auth, from, to, []byte("Subject: contact\r\n\r\nhello"))
	safe := strings.NewReplacer("\r", "", "\n", "").Replace(subject)
	// ok: go-header-injection-mail
	smtp.SendMail(server, auth, from, to, []byte("Subject: "+safe+"\r\n\r\nhello"))
}

func contactGin(c *gin.Context) {
	var b strings.Builder
	b.WriteString("Subject: ")
	b.WriteString(c.PostForm("subject"))
	// ruleid: go-header-injection-mail
	smtp.SendMail(server, auth, from, to, []byte(b.String()))
	kind, _ := strconv.Atoi(c.PostForm("kind"))
	// ok: go-header-injection-mail
	smtp.SendMail(server, auth, from, to, []byte(subjects[kind]))
}

func headers(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-header-injection-response
	w.Header().Set("X-Name", r.FormValue("name"))
	// ruleid: go-header-injection-response
	w.Header().Add("Content-Disposition", "attachment; filename="+r.FormValue("file"))
	// ruleid: go-header-injection-response
	w.Header().Set(r.FormValue("header"), "1")
	// ok: go-header-injection-response
	w.Header().Set("X-Name", "fixed")
	// ok: go-header-injection-response
	w.Header().Set("X-Name", url.QueryEscape(r.FormValue("name")))
	number, _ := strconv.Atoi(r.FormValue("n"))
	// ok: go-header-injection-response
	w.Header().Set("X-Number", strconv.Itoa(number))
}

func logging(w http.ResponseWriter, r *http.Request) {
	user := r.FormValue("user")
	// ruleid: go-log-injection-request
	log.Printf("login of %s", user)
	// ruleid: go-log-injection-request
	log.Println("login of", r.Header.Get("X-User"))
	// ruleid: go-log-injection-request
	logger.Infof("login of %v", user)
	// ok: go-log-injection-request
	log.Printf("login of %q", user)
	// ok: go-log-injection-request
	slog.Info("login", "user", user)
	// ok: go-log-injection-request
	log.Printf("login of %s", strings.ReplaceAll(user, "\n", ""))
}

func failing(w http.ResponseWriter, r *http.Request) {
	err := work()
	// ruleid: go-information-exposure-error
	http.Error(w, err.Error(), http.StatusInternalServerError)
	// ruleid: go-information-exposure-error
	http.Error(w, "failed: "+err.Error(), 500)
	// ruleid: go-information-exposure-error
	w.Write(debug.Stack())
	// ok: go-information-exposure-error
	http.Error(w, "internal error", http.StatusInternalServerError)
	// ok: go-information-exposure-error
	http.Error(w, err.Error(), http.StatusBadRequest)
	// ok: go-information-exposure-error
	log.Print(err.Error())
}

func failingGin(c *gin.Context) {
	err := work()
	// ruleid: go-information-exposure-error
	c.JSON(http.StatusInternalServerError, gin.H{"error": err.Error()})
}

func secrets(user *account, password string, token string) {
	// ruleid: go-information-exposure-secret-in-log
	log.Printf("user %s signs in with %s", user.Name, password)
	// ruleid: go-information-exposure-secret-in-log
	logger.Info("token received: " + token, token)
	// ruleid: go-information-exposure-secret-in-log
	slog.Debug("login", "password", user.Password)
	// ok: go-information-exposure-secret-in-log
	log.Printf("user %s signs in", user.Name)
	// ok: go-information-exposure-secret-in-log
	log.Printf("token received: %t", token != "")
	// ok: go-information-exposure-secret-in-log
	log.Printf("length %d", len(password))
}

func failing(w http.ResponseWriter, err error) {
	if unknown(err) {
		w.WriteHeader(http.StatusNotFound)
		// ok: go-information-exposure-error
		json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
		return
	}
	w.WriteHeader(http.StatusInternalServerError)
	// ruleid: go-information-exposure-error
	json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
	// ruleid: go-information-exposure-error
	w.Write([]byte(err.Error()))
	// ok: go-information-exposure-error
	json.NewEncoder(w).Encode(map[string]string{"error": "internal error"})
}
