package fixtures

import (
	"database/sql"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jmoiron/sqlx"
	"gorm.io/gorm"
)

func items(w http.ResponseWriter, r *http.Request, db *sql.DB) {
	id := r.URL.Query().Get("id")
	// ruleid: go-sql-injection-request, go-sql-injection-built-query
	db.Query("SELECT name FROM item WHERE id = " + id)
	query := fmt.Sprintf("SELECT name FROM item WHERE id = '%s'", r.FormValue("id"))
	// ruleid: go-sql-injection-request, go-sql-injection-built-query
	db.QueryRowContext(r.Context(), query)
	cookie, _ := r.Cookie("sort")
	// ruleid: go-sql-injection-request
	db.Exec(cookie.Value)
	// ok: go-sql-injection-request, go-sql-injection-built-query
	db.Query("SELECT name FROM item WHERE id = ?", id)
	number, err := strconv.Atoi(id)
	if err != nil {
		return
	}
	// ok: go-sql-injection-request, go-sql-injection-built-query
	db.Query(fmt.Sprintf("SELECT name FROM item WHERE id = %d", number))
}

func listing(c *gin.Context, db *gorm.DB) {
	// ruleid: go-sql-injection-request
	db.Order(c.Query("sort")).Find(&rows)
	// ruleid: go-sql-injection-request, go-sql-injection-built-query
	db.Raw("SELECT * FROM item ORDER BY " + c.DefaultQuery("sort", "name")).Scan(&rows)
	// ok: go-sql-injection-request
	db.Where("name = ?", c.Query("name")).Find(&rows)
	sort := c.Query("sort")
	if !sortable[sort] {
		return
	}
	// ok: go-sql-injection-request
	db.Order(sort).Find(&rows)
}

func find(ctx context.Context, conn *pgx.Conn, name string) {
	// ruleid: go-sql-injection-built-query
	conn.Query(ctx, "SELECT id FROM person WHERE name = '"+name+"'")
	// ok: go-sql-injection-built-query
	conn.Query(ctx, "SELECT id FROM person WHERE name = $1", name)
}

func get(db *sqlx.DB, owner string, placeholders string) {
	var one item
	// ruleid: go-sql-injection-built-query
	db.Get(&one, fmt.Sprintf("DELETE FROM job WHERE owner = '%s'", owner))
	// ok: go-sql-injection-built-query
	db.Get(&one, "DELETE FROM job WHERE owner = ?", owner)
	// ok: go-sql-injection-built-query
	db.Exec(fmt.Sprintf("SELECT id FROM job WHERE owner IN (%s)", placeholders), args...)
	// ok: go-sql-injection-built-query
	db.Exec("SELECT id FROM " + JOB_TABLE)
	// ok: go-sql-injection-built-query
	log.Println("Select one from the list: " + owner)
}

func direction(db *sql.DB, descending bool) {
	order := "ASC"
	if descending {
		order = "DESC"
	}
	// ok: go-sql-injection-built-query
	db.Query(fmt.Sprintf("SELECT id FROM job ORDER BY name %s", order))
}

func pieces(db *sql.DB, owner string) {
	var b strings.Builder
	b.WriteString("SELECT id FROM job WHERE owner = '")
	b.WriteString(owner)
	b.WriteString("'")
	// ruleid: go-sql-injection-built-query
	db.Query(b.String())
}

func conditions(db *gorm.DB, name string, age int) {
	// ruleid: go-sql-injection-condition
	db.Where(fmt.Sprintf("name = '%s'", name)).Find(&rows)
	// ruleid: go-sql-injection-condition
	db.Where("name = '" + name + "'").Find(&rows)
	// ruleid: go-sql-injection-condition
	db.Not("title LIKE '%" + name + "%'").Find(&rows)
	// ok: go-sql-injection-condition
	db.Where("name = ?", name).Find(&rows)
	// ok: go-sql-injection-condition
	db.Where(fmt.Sprintf("age > %d", age)).Find(&rows)
	// ok: go-sql-injection-condition
	db.Where(map[string]any{"name": name}).Find(&rows)
}

func listed(db *sql.DB, ids []string, marks []string) {
	// ruleid: go-sql-injection-built-query
	db.Query(fmt.Sprintf("SELECT name FROM person WHERE id IN (%s)", strings.Join(ids, ",")))
	// ok: go-sql-injection-built-query
	db.Query(fmt.Sprintf("SELECT name FROM person WHERE id IN (%s)", strings.Join(marks, ",")), ids)
}
