package fixtures

import (
	"encoding/gob"
	"net"
	"net/http"
	"regexp"

	"github.com/antchfx/xmlquery"
	"github.com/antchfx/xpath"
	"github.com/gin-gonic/gin"
	"github.com/go-ldap/ldap/v3"
	"github.com/lestrrat-go/libxml2/parser"
	"go.mongodb.org/mongo-driver/bson"
)

func search(c *gin.Context) {
	var filter map[string]any
	if err := c.ShouldBindJSON(&filter); err != nil {
		return
	}
	// ruleid: go-nosql-injection-request
	people.Find(c, filter)
	// ruleid: go-nosql-injection-request
	people.DeleteMany(c, filter)
	// ruleid: go-nosql-injection-request, go-nosql-injection-built-filter
	people.Find(c, bson.M{"$where": "this.name == '" + c.Query("name") + "'"})
	// ok: go-nosql-injection-request
	people.Find(c, bson.M{"name": c.Query("name")})
	// ok: go-nosql-injection-request
	people.FindOne(c, bson.D{{"name", c.Query("name")}})
	id, err := primitive.ObjectIDFromHex(c.Param("id"))
	// ok: go-nosql-injection-request
	people.FindOne(c, id)
}

func built(name string) {
	// ruleid: go-nosql-injection-built-filter
	bson.UnmarshalExtJSON([]byte(fmt.Sprintf(`{"name": "%s"}`, name)), true, &filter)
	text := `{"name": "` + name + `"}`
	// ruleid: go-nosql-injection-built-filter
	bson.UnmarshalExtJSON([]byte(text), true, &filter)
	// ok: go-nosql-injection-built-filter
	bson.UnmarshalExtJSON([]byte(`{"active": true}`), true, &filter)
	// ok: go-nosql-injection-built-filter
	people.Find(ctx, bson.M{"name": "x" + name})
	// ok: go-nosql-injection-built-filter
	people.Find(ctx, bson.M{"$where": "this.active"})
}

func ldapLogin(conn *ldap.Conn, user, password string) {
	// ruleid: go-ldap-injection-filter
	ldap.NewSearchRequest(baseDN, 2, 0, 1, 0, false, fmt.Sprintf("(uid=%s)", user), nil, nil)
	filter := "(&(objectClass=person)(uid=" + user + "))"
	// ruleid: go-ldap-injection-filter
	ldap.NewSearchRequest(baseDN, 2, 0, 1, 0, false, filter, nil, nil)
	// ruleid: go-ldap-injection-filter
	conn.Bind("uid="+user+",dc=example,dc=org", password)
	// ok: go-ldap-injection-filter
	ldap.NewSearchRequest(baseDN, 2, 0, 1, 0, false, fmt.Sprintf("(uid=%s)", ldap.EscapeFilter(user)), nil, nil)
	safe := ldap.EscapeFilter(user)
	// ok: go-ldap-injection-filter
	ldap.NewSearchRequest(baseDN, 2, 0, 1, 0, false, fmt.Sprintf("(uid=%s)", safe), nil, nil)
	// ok: go-ldap-injection-filter
	ldap.NewSearchRequest(baseDN, 2, 0, 1, 0, false, "(objectClass=person)", nil, nil)
}

func xpathLogin(doc *xmlquery.Node, user string) {
	// ruleid: go-xpath-injection-built
	xmlquery.FindOne(doc, fmt.Sprintf("//user[name='%s']", user))
	expression := "//user[name='" + user + "']"
	// ruleid: go-xpath-injection-built
	xpath.Compile(expression)
	// ruleid: go-xpath-injection-built
	doc.FindElements("//user[@id='" + user + "']")
	// ok: go-xpath-injection-built
	xmlquery.Find(doc, "//user")
	// ok: go-xpath-injection-built
	xmlquery.Find(doc, fmt.Sprintf("//user[%d]", index))
	if !namePattern.MatchString(user) {
		return
	}
	// ok: go-xpath-injection-built
	xmlquery.FindOne(doc, fmt.Sprintf("//user[name='%s']", user))
}

func xml(text string) {
	// ruleid: go-xxe-external-entities
	p := parser.New(parser.XMLParseNoEnt)
	// ruleid: go-xxe-external-entities
	libxml2.ParseString(text, parser.XMLParseDTDLoad)
	// ruleid: go-xxe-external-entities
	reader.SetSubstituteEntities(true)
	// ok: go-xxe-external-entities
	parser.New()
	// ok: go-xxe-external-entities
	reader.SetSubstituteEntities(false)
	// ok: go-xxe-external-entities
	parser.New(parser.XMLParseNoNet)
}

func match(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-redos-request
	re, err := regexp.Compile(r.FormValue("q"))
	// ruleid: go-redos-request
	regexp.MatchString("^"+r.FormValue("q"), text)
	q := r.URL.Query().Get("q")
	// ruleid: go-redos-request
	regexp.MustCompile(q)
	// ok: go-redos-request
	regexp.MustCompile(regexp.QuoteMeta(q))
	// ok: go-redos-request
	regexp.MustCompile("^[a-z]+$").MatchString(q)
	// ok: go-redos-request
	regexp.MatchString("^[a-z]+$", q)
}

func decode(w http.ResponseWriter, r *http.Request, conn net.Conn) {
	// ruleid: go-deserialization-gob
	gob.NewDecoder(r.Body).Decode(&state)
	// ruleid: go-deserialization-gob
	gob.NewDecoder(conn).Decode(&state)
	// ruleid: go-deserialization-gob
	decoder := gob.NewDecoder(bufio.NewReader(conn))
	// ok: go-deserialization-gob
	gob.NewDecoder(http.MaxBytesReader(w, r.Body, 1024)).Decode(&state)
	// ok: go-deserialization-gob
	gob.NewDecoder(file).Decode(&state)
	// ok: go-deserialization-gob
	json.NewDecoder(r.Body).Decode(&state)
}
