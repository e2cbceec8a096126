const serialize = require("node-serialize");
const yaml = require("js-yaml");
const funcster = require("funcster");

function read(text) {
  // ruleid: js-deserialization-unsafe
  serialize.unserialize(text);
  // ruleid: js-deserialization-unsafe
  yaml.load(text, { schema: yaml.DEFAULT_FULL_SCHEMA });
  // ruleid: js-deserialization-unsafe
  funcster.deepDeserialize(text);
  // ok: js-deserialization-unsafe
  JSON.parse(text);
  // ok: js-deserialization-unsafe
  yaml.load(text);
  // ok: js-deserialization-unsafe
  yaml.load(text, { schema: yaml.JSON_SCHEMA });
  // ok: js-deserialization-unsafe
  serialize.serialize(text);
}
