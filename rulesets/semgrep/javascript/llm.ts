async function modelText(client, prompt, element) {
  const answer = await client.chat.completions.create({ messages: prompt });
  // ruleid: js-llm-output-sink, js-code-injection-eval
  eval(answer.choices[0].message.content);
  // ruleid: js-llm-output-sink
  element.innerHTML = answer.choices[0].message.content;
  const { text } = await generateText({ prompt });
  // ruleid: js-llm-output-sink, js-command-injection-parameter
  execSync(text);
  const sql = await llm.invoke("write the query");
  // ruleid: js-llm-output-sink
  await db.query(sql.content);
  // ok: js-llm-output-sink
  element.textContent = answer.choices[0].message.content;
  // ok: js-llm-output-sink
  element.innerHTML = DOMPurify.sanitize(text);
  // ok: js-llm-output-sink
  await db.query("INSERT INTO reply VALUES ($1)", [text]);
}
