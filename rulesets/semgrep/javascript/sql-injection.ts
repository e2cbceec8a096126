import { Pool } from "pg";
import mysql from "mysql2/promise";

const SORTS = { name: "name", age: "created" };
const COLUMNS = ["name", "created"];

app.get("/item", async (req, res) => {
  // ruleid: js-sql-injection-request, js-sql-injection-built-query
  await db.query("SELECT * FROM item WHERE name = '" + req.query.name + "'");
  const id = req.params.id;
  const sql = `DELETE FROM item WHERE id = ${id}`;
  // ruleid: js-sql-injection-request, js-sql-injection-built-query
  await pool.execute(sql);
  // ruleid: js-sql-injection-request, js-sql-injection-built-query
  await prisma.$queryRawUnsafe(`SELECT * FROM item WHERE name = '${req.body.name}'`);
  // ruleid: js-sql-injection-request, js-sql-injection-built-query
  await sequelize.query("SELECT * FROM item WHERE owner = " + req.headers["x-owner"]);
  // ok: js-sql-injection-built-query
  await knex("item").whereRaw(`name = '${req.query.name}'`);
  // ruleid: js-sql-injection-request, js-sql-injection-built-query
  await knex.raw("UPDATE item SET seen = 1 WHERE id = " + req.query.id);
  // ruleid: js-sql-injection-request, js-sql-injection-built-query
  await client.query({ text: `SELECT * FROM item WHERE id = ${req.query.id}` });
  // ok: js-sql-injection-request, js-sql-injection-built-query
  await db.query("SELECT * FROM item WHERE name = $1", [req.query.name]);
  // ok: js-sql-injection-request, js-sql-injection-built-query
  await prisma.$queryRaw`SELECT * FROM item WHERE name = ${req.body.name}`;
  const count = parseInt(req.query.n, 10);
  // ok: js-sql-injection-request, js-sql-injection-built-query
  await db.query(`SELECT * FROM item LIMIT ${count}`);
  // ok: js-sql-injection-request, js-sql-injection-built-query
  await db.query("SELECT id " + "FROM item");
});

app.get("/sorted", async (req, res) => {
  const order = req.query.order;
  if (!COLUMNS.includes(order)) {
    return res.status(400).end();
  }
  // ok: js-sql-injection-request, js-sql-injection-built-query
  await db.query(`SELECT * FROM item ORDER BY ${order}`);
  const sort = SORTS[req.query.sort] || "name";
  // ok: js-sql-injection-request, js-sql-injection-built-query
  await db.query(`SELECT * FROM item ORDER BY ${sort}`);
});

http.createServer((request, response) => {
  let text = "";
  request.on("data", (chunk) => {
    text += chunk;
  });
  request.on("end", () => {
    const form = JSON.parse(text);
    // ruleid: js-sql-injection-request, js-sql-injection-built-query
    pool.query("SELECT * FROM member WHERE mail = '" + form.mail + "'");
  });
});

router.get("/other", async (r, w) => {
  // ruleid: js-sql-injection-request, js-sql-injection-built-query
  pool.query("SELECT * FROM member WHERE id = " + r.params.id);
});

@Controller("items")
export class Items {
  @Get(":id")
  async one(@Param("id") id: string) {
    // ruleid: js-sql-injection-request, js-sql-injection-built-query
    return this.manager.query(`SELECT * FROM item WHERE id = '${id}'`);
  }
}

export const resolvers = {
  Query: {
    // ruleid: js-sql-injection-request, js-sql-injection-built-query
    item: async (_, { name }) => db.query("SELECT * FROM item WHERE name = '" + name + "'"),
  },
};

function find(name, table, page) {
  // ruleid: js-sql-injection-built-query
  db.get("SELECT * FROM item WHERE name = '" + name + "'", show);
  const query = `INSERT INTO item (name) VALUES ('${name}')`;
  // ruleid: js-sql-injection-built-query
  db.run(query);
  let text = "SELECT * FROM item WHERE 1 = 1";
  text += ` AND name = '${name}'`;
  // ruleid: js-sql-injection-built-query
  db.all(text, show);
  // ok: js-sql-injection-built-query
  db.all("SELECT * FROM item WHERE name = ?", [name], show);
  // ok: js-sql-injection-built-query
  db.all("SELECT * FROM item LIMIT 10 OFFSET " + Number(page));
  // ok: js-sql-injection-built-query
  db.all(`SELECT * FROM ${TABLE} WHERE name = ?`, [name]);
  // ok: js-sql-injection-built-query
  db.all("SELECT * FROM item WHERE name = " + mysql.escape(name));
  return [table];
}
