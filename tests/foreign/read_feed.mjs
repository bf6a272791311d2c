// Reads calendar files with several npm packages and prints what a subscriber of each would see.
//
//     node read_feed.mjs feed.ics...
//
// Prints what read_feed.py prints. `ical.js` is the reader of Thunderbird; `ts-ics` checks what it read against its own
// zod schemata.

import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";
import { convertIcsCalendar } from "ts-ics";
import * as zod from "@ts-ics/schema-zod";

const readers = { "ical.js": withIcalJs, "node-ical": withNodeIcal, "ts-ics": withTsIcs };

console.log(JSON.stringify(process.argv.slice(2).map((path) => read(readFileSync(path, "utf8")))));

function read(text) {
  return Object.fromEntries(Object.entries(readers).map(([name, reader]) => [name, attempt(reader, text)]));
}

function attempt(reader, text) {
  try {
    const entries = reader(text);
    return entries.sort((a, b) => Buffer.compare(Buffer.from(a.uid ?? ""), Buffer.from(b.uid ?? "")));
  } catch (error) {
    return { error: String(error).slice(0, 500) };
  }
}

function withIcalJs(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents("vevent").map((event) => {
    const value = (name) => event.getFirstPropertyValue(name);
    return {
      uid: value("uid"),
      summary: value("summary"),
      start_utc: icalTime(value("dtstart")),
      end_utc: icalTime(value("dtend")),
      status: value("status"),
      sequence: value("sequence") ?? 0,
      location: value("location"),
      description: value("description"),
      categories: event.getAllProperties("categories").flatMap((property) => property.getValues()),
    };
  });
}

function icalTime(value) {
  if (value.isDate) return value.toString();
  if (value.zone === ICAL.Timezone.localTimezone) throw new Error(`a time floats: ${value}`);
  return value.convertToZone(ICAL.Timezone.utcTimezone).toString();
}

function withNodeIcal(text) {
  const found = Object.values(nodeIcal.sync.parseICS(text));
  return found.filter((entry) => entry.type === "VEVENT").map((event) => ({
    uid: event.uid,
    summary: plain(event.summary),
    start_utc: day(event.start, event.datetype),
    end_utc: day(event.end, event.datetype),
    status: plain(event.status),
    sequence: Number(event.sequence ?? 0),
    location: plain(event.location),
    description: plain(event.description),
  }));
}

// A property with parameters is read as an object.
function plain(value) {
  return value?.val ?? value ?? null;
}

// Whole days are read as midnights of the local clock.
function day(at, kind) {
  if (kind !== "date") return second(at);
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function withTsIcs(text) {
  const calendar = convertIcsCalendar(zod.zIcsCalendar, text);
  return (calendar.events ?? []).map((event) => ({
    uid: event.uid,
    summary: event.summary,
    start_utc: tsTime(event.start),
    end_utc: tsTime(event.end),
    status: event.status ?? null,
    sequence: event.sequence ?? 0,
    location: event.location ?? null,
    description: event.description ?? null,
  }));
}

function tsTime(value) {
  return value.type === "DATE" ? value.date.toISOString().slice(0, 10) : second(value.date);
}

function second(at) {
  return at.toISOString().replace(".000Z", "Z");
}
