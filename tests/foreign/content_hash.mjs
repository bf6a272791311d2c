// Computes the SHA-256 of the content of a frozen statement as canonical JSON (RFC 8785), as a partner would who wants
// to know that nobody has touched it:
//
//   curl .../statements/ID/versions/1 | node content_hash.mjs
//
// RFC 8785 takes its rules for strings and numbers from ECMAScript, so JSON.stringify follows them; what is left to do
// is to sort the members.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).toSorted().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}

const { content } = JSON.parse(readFileSync(0, "utf8"));
console.log(createHash("sha256").update(canonical(content), "utf8").digest("hex"));
