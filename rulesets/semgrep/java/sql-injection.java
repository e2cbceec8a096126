import jakarta.servlet.http.HttpServletRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;

class Items extends HttpServlet {
  static final Set<String> SORTABLE = Set.of("name", "price");
  static final Map<String, String> COLUMNS = Map.of("n", "name");

  public void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String id = request.getParameter("id");
    // ruleid: java-sql-injection-request, java-sql-injection-built-query
    statement.executeQuery("SELECT name FROM item WHERE id = " + id);
    StringBuilder text = new StringBuilder("SELECT name FROM item WHERE id = '");
    text.append(id).append("'");
    // ruleid: java-sql-injection-request, java-sql-injection-built-query
    connection.prepareStatement(text.toString());
    Map<String, String> values = new HashMap<>();
    values.put("id", request.getHeader("X-Id"));
    // ruleid: java-sql-injection-request
    statement.addBatch(values.get("id"));
    // ok: java-sql-injection-request, java-sql-injection-built-query
    PreparedStatement prepared = connection.prepareStatement("SELECT name FROM item WHERE id = ?");
    prepared.setString(1, id);
    // ok: java-sql-injection-request, java-sql-injection-built-query
    prepared.executeQuery();
    int number = Integer.parseInt(id);
    // ok: java-sql-injection-request, java-sql-injection-built-query
    statement.executeQuery("SELECT name FROM item WHERE id = " + number);
    // ok: java-sql-injection-request
    statement.executeQuery(COLUMNS.get(request.getParameter("sort")));
  }

  public void cookies(javax.servlet.http.HttpServletRequest request) throws Exception {
    for (javax.servlet.http.Cookie cookie : request.getCookies()) {
      String sort = cookie.getValue();
      // ruleid: java-sql-injection-request, java-sql-injection-built-query
      jdbcTemplate.queryForList("SELECT * FROM item ORDER BY " + sort);
      if (!SORTABLE.contains(sort)) {
        return;
      }
      // ok: java-sql-injection-request
      jdbcTemplate.queryForList(sort);
    }
  }

  @GetMapping("/items/{owner}")
  public List<Item> items(@PathVariable String owner, @RequestParam int page) {
    // ruleid: java-sql-injection-request, java-sql-injection-built-query
    return entityManager.createQuery("FROM Item WHERE owner = '" + owner + "'").getResultList();
  }

  List<Item> find(Connection connection, String owner, long page) throws Exception {
    Statement statement = connection.createStatement();
    String query = "SELECT * FROM item WHERE owner = '" + owner + "'";
    // ruleid: java-sql-injection-built-query
    statement.executeQuery(query);
    // ruleid: java-sql-injection-built-query
    statement.executeUpdate(String.format("DELETE FROM item WHERE owner = '%s'", owner));
    // ok: java-sql-injection-built-query
    statement.executeUpdate("DELETE FROM item WHERE page = " + page);
    // ok: java-sql-injection-built-query
    statement.executeQuery("SELECT * FROM " + ITEM_TABLE);
    // ok: java-sql-injection-built-query
    jdbcTemplate.query("SELECT * FROM item WHERE owner = ?", mapper, owner);
    return null;
  }

  void run(String sql) {
    // ok: java-sql-injection-built-query
    jdbcTemplate.execute(sql);
  }
}

interface ItemMapper {
  // ruleid: java-sql-injection-mapper
  @Select("SELECT * FROM item WHERE name = '${name}'")
  Item byName(String name);

  // ruleid: java-sql-injection-mapper
  @Select("SELECT * FROM item ORDER BY ${column}")
  List<Item> sorted(String column);

  // ruleid: java-sql-injection-mapper
  @Delete({"DELETE FROM item", "WHERE name = ${name}"})
  void remove(String name);

  // ok: java-sql-injection-mapper
  @Select("SELECT * FROM item WHERE name = #{name}")
  Item bound(String name);

  // ok: java-sql-injection-mapper
  @Value("${items.folder}")
  String folder();

  // ok: java-sql-injection-mapper
  @Delete("DELETE FROM item")
  void clear();
}
