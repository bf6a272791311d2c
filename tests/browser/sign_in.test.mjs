// Signing in and out in a real browser: its own judgement of our cookies, our forms and our content policy.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const server = process.env.PLENUM_URL;

let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.PLENUM_CHROMIUM });
});

after(() => browser?.close());

/** The link of the demonstration that opens the pages as this role. */
function link(role) {
  const lines = readFileSync(process.env.PLENUM_DEMO_KEYS, "utf8").split("\n");
  const name = `pages-${role} `;
  return new URL(lines.find((line) => line.startsWith(name)).slice(name.length));
}

test("a link of the demonstration signs in by its button, and the button in the bar signs out", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));

  await page.goto(`${server}${link("secretariat").pathname}`);
  const held = async () => (await context.cookies()).filter((cookie) => cookie.name === "__Host-plenum");
  assert.deepEqual(await held(), [], "looking at the link has signed in already");

  await page.getByRole("button", { name: "Sign in" }).click();
  assert.equal(page.url(), `${server}/`);
  assert.ok(await page.getByText("Demo secretariat").isVisible());
  const [cookie] = await held();
  assert.ok(cookie.httpOnly && cookie.secure && cookie.sameSite === "Lax", "the cookie could be read or sent elsewhere");
  assert.equal((await page.request.get(`${server}/api/v1/me`)).status(), 200);

  await page.getByRole("button", { name: "Sign out" }).click();
  assert.equal(page.url(), `${server}/`);
  assert.ok(await page.getByRole("link", { name: "Sign in" }).isVisible());
  assert.deepEqual(await held(), [], "the cookie is still there");
  const again = await page.request.get(`${server}/api/v1/me`, { headers: { Cookie: `__Host-plenum=${cookie.value}` } });
  assert.equal(again.status(), 401, "the old cookie still opens something");
  assert.deepEqual(faults, [], "the page broke its own content policy");
  await context.close();
});

test("a page of another site cannot write with the cookie of somebody who is signed in", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server}${link("admin").pathname}`);
  await page.getByRole("button", { name: "Sign in" }).click();

  // The other site is this machine under its other name.
  const elsewhere = server.replace("127.0.0.1", "localhost");
  await page.goto(`${elsewhere}/problems/`);
  const form = `<form method="post" action="${server}/sign-out"><button>Prize</button></form>`;
  await page.route("**/trap", (route) => route.fulfill({ contentType: "text/html", body: form }));
  await page.goto(`${elsewhere}/trap`);
  await page.getByRole("button", { name: "Prize" }).click();
  // Chromium sends the form without the cookie, so that nobody in particular is signed out and sees the start page.
  await page.waitForURL(`${server}/`);
  await page.goto(`${server}/`);
  assert.ok(await page.getByText("Demo admin").isVisible(), "another site has signed somebody out");
  await context.close();
});

test("everybody of the demonstration gets to the pages as somebody else", async () => {
  const lines = readFileSync(process.env.PLENUM_DEMO_KEYS, "utf8").split("\n");
  const names = lines.filter((line) => line.startsWith("pages-")).map((line) => line.slice("pages-".length).split(" ")[0]);
  assert.ok(["co_chair", "head_of_delegation", "observer"].every((name) => names.includes(name)), names.join());
  for (const name of names) {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${server}${link(name).pathname}`);
    await page.getByRole("button", { name: "Sign in" }).click();
    assert.ok(await page.getByText(`Demo ${name.replaceAll("_", " ")}`, { exact: false }).first().isVisible(), name);
    await context.close();
  }
});
