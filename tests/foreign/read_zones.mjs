// Follows the zones of a calendar file as it defines them, with the npm package `ical.js` (the reader of Thunderbird).
//
//     node read_zones.mjs zones.ics points.json
//
// Prints what read_zones.py prints, but for `unsafe`.

import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const [file, expected] = process.argv.slice(2);
const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
const defined = new Map(calendar.getAllSubcomponents("vtimezone").map((zone) => [zone.getFirstPropertyValue("tzid"), zone]));
let compared = 0;
const different = [];
const missing = [];
for (const [name, points] of Object.entries(JSON.parse(readFileSync(expected, "utf8")))) {
  if (!defined.has(name)) {
    missing.push(name);
    continue;
  }
  const zone = new ICAL.Timezone({ tzid: name, component: defined.get(name) });
  for (const [wall, offset] of points ?? []) {
    const found = zone.utcOffset(ICAL.Time.fromString(wall));
    compared += 1;
    if (found !== offset) different.push([name, wall, offset, found]);
  }
}
console.log(JSON.stringify({ compared, different, missing }));
