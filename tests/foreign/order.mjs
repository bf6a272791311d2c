// Puts names in the order of a language as ICU for C++ does it, through Node's Intl.Collator: a second opinion on
// the order the server computes with another implementation of the same rules.
//
//   echo '{"language":"pl","items":[{"code":"PL","sort":"Polska"},{"code":"AF","sort":"Afganistan"}]}' | node order.mjs
//
// `sort` is what the list is sorted by (the sort key where there is one, else the list name); the code decides between
// equal names. Prints the codes in order as a JSON array. Ends with 2 if this Node has no rules for the language.

import { readFileSync } from "node:fs";

const { language, items } = JSON.parse(readFileSync(0, "utf8"));
if (Intl.Collator.supportedLocalesOf([language]).length === 0) {
  console.error(`This Node has no collation rules for '${language}'; install one with full ICU data.`);
  process.exit(2);
}
const { compare } = new Intl.Collator(language);
const byCode = (a, b) => (a.code < b.code ? -1 : Number(a.code > b.code));
const sorted = items.toSorted((a, b) => compare(a.sort, b.sort) || byCode(a, b));
console.log(JSON.stringify(sorted.map((item) => item.code)));
