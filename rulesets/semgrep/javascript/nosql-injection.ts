import { ObjectId } from "mongodb";
import User from "./user";

app.post("/session", async (req, res) => {
  // ruleid: js-nosql-injection-request
  await User.findOne({ name: req.body.name });
  const filter = req.query;
  // ruleid: js-nosql-injection-request
  await User.find(filter);
  const { id } = req.body;
  // ruleid: js-nosql-injection-request
  await db.collection("item").deleteMany({ id });
  // ok: js-nosql-injection-request
  await User.findOne({ name: String(req.body.name) });
  // ok: js-nosql-injection-request
  await User.findOne({ name: { $eq: req.body.name } });
  // ok: js-nosql-injection-request
  await User.findOne({ _id: new ObjectId(req.body.id) });
  // ok: js-nosql-injection-request
  [1, 2].find((n) => n === req.body.n);
});

app.post("/typed", async (req, res) => {
  const { mail } = req.body;
  if (typeof mail !== "string") {
    return res.status(400).end();
  }
  // ok: js-nosql-injection-request
  await User.findOne({ mail });
  const input = schema.parse(req.body);
  // ok: js-nosql-injection-request
  await User.findOne({ mail: input.mail });
});

async function where(items, name, age) {
  // ruleid: js-nosql-injection-where
  await items.find({ $where: `this.name === '${name}'` });
  // ruleid: js-nosql-injection-where
  await items.find({ $where: "this.age > " + age });
  // ruleid: js-nosql-injection-where
  await Item.find().$where("this.name == '" + name + "'");
  // ok: js-nosql-injection-where
  await items.find({ name: { $eq: name } });
  // ok: js-nosql-injection-where
  await items.find({ $where: "this.a > this.b" });
  // ok: js-nosql-injection-where
  await items.find({ $where: "this.a" + " > this.b" });
}

app.post("/wallet", async (req, res) => {
  // ok: js-nosql-injection-request
  const wallet = await WalletModel.findOne({ where: { UserId: req.body.UserId } });
  // ruleid: js-nosql-injection-request
  await db.reviewsCollection.update({ _id: req.body.id }, { $set: { message: "x" } });
  res.json(wallet);
});
