package fixtures

import (
	"net/http"
	"text/template"
)

func shown(w http.ResponseWriter, r *http.Request) {
	t := template.Must(template.New("page").Parse(pageText))
	// ruleid: go-xss-text-template
	t.Execute(w, data)
	// ruleid: go-xss-text-template
	t.ExecuteTemplate(w, "main", data)
	var buffer bytes.Buffer
	// ok: go-xss-text-template
	t.Execute(&buffer, data)
	// ok: go-xss-text-template
	t.Execute(os.Stdout, data)
}

var handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-xss-text-template
	pages.Execute(w, data)
})

func robots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	// ok: go-xss-text-template
	pages.Execute(w, data)
}
