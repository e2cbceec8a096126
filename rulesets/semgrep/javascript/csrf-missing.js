const session = require("express-session");

// ruleid: js-csrf-missing
app.use(session({ secret: process.env.SECRET, resave: false }));
// ruleid: js-csrf-missing
admin.use(session({ secret: process.env.SECRET }));
// ruleid: js-csrf-missing
shop.use(session(options));
// ok: js-csrf-missing
app.use(compression({ level: 6 }));
// ok: js-csrf-missing
app.use(express.urlencoded({ extended: false }));
// ok: js-csrf-missing
const made = session({ secret: process.env.SECRET });
app.post("/transfer", (req, res) => {
  res.redirect("/");
});
