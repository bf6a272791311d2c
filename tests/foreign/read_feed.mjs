// Reads a calendar file with the npm package `ical.js` (the reader of Thunderbird) and prints what a subscriber sees.
//
//     node read_feed.mjs feed.ics
//
// Prints a JSON array, sorted by uid, of {uid, summary, start_utc, end_utc, status, sequence, location}. Instants are
// written 2019-10-07T00:00:00Z, whole days 2019-10-07; what an entry lacks is null. Ends with an error when the file
// cannot be read or when a time floats, that is, has neither zone nor UTC.

import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
const entries = calendar.getAllSubcomponents("vevent").map(entry);
entries.sort((a, b) => Buffer.compare(Buffer.from(a.uid), Buffer.from(b.uid)));
console.log(JSON.stringify(entries, null, 1));

function entry(event) {
  const value = (name) => event.getFirstPropertyValue(name);
  return {
    uid: value("uid"),
    summary: value("summary"),
    start_utc: time(value("dtstart")),
    end_utc: time(value("dtend")),
    status: value("status"),
    sequence: value("sequence") ?? 0,
    location: value("location"),
  };
}

function time(value) {
  if (value.isDate) return value.toString();
  if (value.zone === ICAL.Timezone.localTimezone) throw new Error(`a time floats: ${value}`);
  return value.convertToZone(ICAL.Timezone.utcTimezone).toString();
}
