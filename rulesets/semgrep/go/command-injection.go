package fixtures

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/mux"
	"golang.org/x/crypto/ssh"
)

func convert(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: go-command-injection-request, go-command-injection-built-command
	exec.Command("sh", "-c", "convert "+name+" out.png").Run()
	// ruleid: go-command-injection-request
	exec.CommandContext(r.Context(), name).Run()
	// ruleid: go-command-injection-request
	exec.Command("bash", "-c", mux.Vars(r)["script"]).Run()
	// ok: go-command-injection-request, go-command-injection-parameter
	exec.Command("convert", "--", name, "out.png").Run()
}

type job struct {
	Line string `json:"line"`
}

func decoded(w http.ResponseWriter, r *http.Request) {
	var j job
	if err := json.NewDecoder(r.Body).Decode(&j); err != nil {
		return
	}
	// ruleid: go-command-injection-request
	exec.Command("/bin/sh", "-c", j.Line).Run()
	// ruleid: go-resource-exhaustion-request-body
	body, _ := io.ReadAll(r.Body)
	var k job
	json.Unmarshal(body, &k)
	// ruleid: go-command-injection-request
	exec.Command("/bin/sh", "-c", k.Line).Run()
}

func routes(e *gin.Engine, session *ssh.Session) {
	e.POST("/run", func(c *gin.Context) {
		var j job
		if err := c.ShouldBindJSON(&j); err != nil {
			return
		}
		// ruleid: go-command-injection-request
		session.Output(j.Line)
		// ruleid: go-command-injection-request, go-command-injection-built-command
		exec.Command("sh", "-c", fmt.Sprintf("du -sh %s", c.Query("dir"))).Run()
		count, _ := strconv.Atoi(c.Query("count"))
		// ok: go-command-injection-request
		exec.Command("sh", "-c", strconv.Itoa(count)).Run()
	})
}

var tools = map[string]string{"a": "uptime"}

func chosen(w http.ResponseWriter, r *http.Request) {
	// ok: go-command-injection-request
	exec.Command("sh", "-c", tools[r.FormValue("tool")]).Run()
	host := r.FormValue("host")
	if !hostPattern.MatchString(host) {
		http.Error(w, "host", http.StatusBadRequest)
		return
	}
	// ok: go-command-injection-request
	exec.Command("sh", "-c", host).Run()
	unit := r.FormValue("unit")
	switch unit {
	case "web", "mail":
	default:
		return
	}
	// ok: go-command-injection-request
	exec.Command("sh", "-c", unit).Run()
}

func shell(line string) ([]byte, error) {
	// ruleid: go-command-injection-parameter
	return exec.Command("sh", "-c", line).CombinedOutput()
}

func (s *server) backup(dir string, session *ssh.Session) error {
	var b strings.Builder
	b.WriteString("tar czf backup.tgz ")
	b.WriteString(dir)
	// ruleid: go-command-injection-parameter
	return session.Run(b.String())
}

func words(line string) error {
	parts := strings.Fields(line)
	// ruleid: go-command-injection-parameter
	return exec.Command(parts[0], parts[1:]...).Run()
}

func fromInput() {
	line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	// ruleid: go-command-injection-parameter
	exec.Command("cmd", "/C", line).Run()
	// ruleid: go-command-injection-parameter, go-command-injection-built-command
	exec.Command("sh", "-c", "ls "+os.Args[1]).Run()
}

func checked(host string, lines int) error {
	if err := validateHost(host); err != nil {
		return err
	}
	// ok: go-command-injection-parameter
	exec.Command("sh", "-c", host).Run()
	// ok: go-command-injection-parameter
	exec.Command("sh", "-c", strconv.Itoa(lines)).Run()
	// ok: go-command-injection-parameter
	return exec.Command("ping", "-c", "1", host).Run()
}

func built(dir string) {
	target := lookup()
	// ruleid: go-command-injection-built-command
	exec.Command("bash", "-c", "rm -rf "+target+"/cache").Run()
	// ok: go-command-injection-built-command
	exec.Command("bash", "-c", "rm -rf /var/cache/app").Run()
	// ok: go-command-injection-built-command
	exec.Command("bash", "-c", "rm -rf "+shellescape.Quote(target)).Run()
	// ok: go-command-injection-built-command
	exec.Command("rm", "-rf", target+"/cache").Run()
}

func history(w http.ResponseWriter, r *http.Request) {
	ref := r.FormValue("ref")
	// ruleid: go-command-injection-argument
	exec.Command("git", "log", ref).Run()
	// ruleid: go-command-injection-argument
	exec.CommandContext(r.Context(), "curl", "-s", r.FormValue("file")).Run()
	// ruleid: go-command-injection-argument
	exec.Command("tar", "xf", mux.Vars(r)["name"]).Run()
	// ok: go-command-injection-argument
	exec.Command("git", "log", "--", ref).Run()
	// ok: go-command-injection-argument
	exec.Command("git", "log", "refs/heads/"+ref).Run()
	// ok: go-command-injection-argument
	exec.Command("ping", "-c", "1", ref).Run()
	if strings.HasPrefix(ref, "-") {
		return
	}
	// ok: go-command-injection-argument
	exec.Command("git", "log", ref).Run()
}
