function merge(target, source) {
  // ruleid: js-object-injection-prototype
  for (const key in source) {
    if (typeof source[key] === "object") {
      merge(target[key], source[key]);
    } else {
      target[key] = source[key];
    }
  }
  return target;
}

function deepExtend(target, source) {
  // ruleid: js-object-injection-prototype
  for (const key of Object.keys(source)) {
    target[key] = source[key];
  }
}

function setPath(object, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  let at = object;
  for (const key of keys) at = at[key];
  // ruleid: js-object-injection-prototype
  at[last] = value;
}

function total(target, source) {
  // ok: js-object-injection-prototype
  for (const key in source) {
    target[key] = source[key];
  }
}

function mergeLists(target, source) {
  // ok: js-object-injection-prototype
  target.push(...source);
  // ok: js-object-injection-prototype
  const both = { ...target, ...source };
  return both;
}

function setProgramInputs(array, offset, value) {
  // ok: js-object-injection-prototype
  array[offset] = value;
}

// the word __proto__ in a comment says nothing about the code
function setDeep(object, path, value) {
  const [first, last] = path;
  // ruleid: js-object-injection-prototype
  object[first][last] = value;
}
