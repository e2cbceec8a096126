app.use((err, req, res, next) => {
  // ruleid: js-information-exposure-error-detail
  res.status(500).send(err.stack);
  // ruleid: js-information-exposure-error-detail
  res.status(500).json({ error: err });
  // ruleid: js-information-exposure-error-detail
  res.json({ ok: false, detail: err.stack });
  // ruleid: js-information-exposure-error-detail
  res.status(500).json({ error: err.message });
  // ok: js-information-exposure-error-detail
  res.status(500).json({ error: "internal error" });
  // ok: js-information-exposure-error-detail
  logger.error(err.stack);
  // ok: js-information-exposure-error-detail
  res.status(err.status).send("failed");
});

function signIn(user, password, passwordLength, apiKey) {
  // ruleid: js-information-exposure-log
  console.log("sign-in", user, password);
  // ruleid: js-information-exposure-log
  logger.info(`key ${apiKey}`);
  // ruleid: js-information-exposure-log
  logger.debug("token: " + user.accessToken);
  // ok: js-information-exposure-log
  logger.debug({ user });
  // ok: js-information-exposure-log
  console.log("sign-in", user);
  // ok: js-information-exposure-log
  console.log("length", passwordLength);
  // ok: js-information-exposure-log
  console.log("token_count", user.tokenCount);
}

async function ask(client, apiKey, question, user) {
  // ruleid: js-information-exposure-prompt
  await client.chat.completions.create({ messages: [{ role: "user", content: `Use ${apiKey} to call` }] });
  // ruleid: js-information-exposure-prompt
  await model.generateContent(`Password: ${user.password}`);
  // ruleid: js-information-exposure-prompt
  await generateText({ model, prompt: `Key ${user.apiKey}: ${question}` });
  // ok: js-information-exposure-prompt
  await client.chat.completions.create({ messages: [{ role: "user", content: `${question}` }] });
  // ok: js-information-exposure-prompt
  await generateText({ model, apiKey, prompt: `${question}` });
  // ok: js-information-exposure-prompt
  await model.generateContent(`At most ${user.maxTokenCount} words`);
}

// ruleid: js-information-exposure-graphql
new ApolloServer({ typeDefs, resolvers, introspection: true });
// ruleid: js-information-exposure-graphql
app.use("/graphql", graphqlHTTP({ schema, graphiql: true }));
// ruleid: js-information-exposure-graphql
GraphQLModule.forRoot({ autoSchemaFile: true, playground: true });
// ok: js-information-exposure-graphql
new ApolloServer({ typeDefs, resolvers });
// ok: js-information-exposure-graphql
app.use("/graphql", graphqlHTTP({ schema, graphiql: process.env.NODE_ENV !== "production" }));
// ok: js-information-exposure-graphql
GraphQLModule.forRoot({ autoSchemaFile: true, playground: false });

// ruleid: js-debug-enabled-error-pages
app.use(errorhandler());
// ruleid: js-debug-enabled-error-pages
process.env.NODE_ENV = "development";
app.get("/env", (req, res) => {
  // ruleid: js-debug-enabled-error-pages
  res.json(process.env);
});
if (process.env.NODE_ENV === "development") {
  // ok: js-debug-enabled-error-pages
  app.use(errorhandler());
}
// ok: js-debug-enabled-error-pages
process.env.NODE_ENV = "production";
// ok: js-debug-enabled-error-pages
app.use(errorHandler);

const serveIndex = require("serve-index");
// ruleid: js-information-exposure-directory-listing
app.use("/files", serveIndex("files", { icons: true }));
// ruleid: js-information-exposure-directory-listing
app.use("/logs", require("serve-index")("logs"));
// ruleid: js-information-exposure-directory-listing
server.register(fastifyStatic, { root: folder, prefix: "/files/", list: true });
// ok: js-information-exposure-directory-listing
server.register(fastifyStatic, { root: folder, prefix: "/files/", list: false });
// ok: js-information-exposure-directory-listing
app.use("/public", express.static("public"));
// ok: js-information-exposure-directory-listing
show({ list: true });
