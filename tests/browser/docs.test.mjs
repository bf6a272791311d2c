// The reference page in a real browser: it shows the operations, and it asks nobody but this server for anything.
// scripts/browser starts the server and says where it is.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const server = process.env.PLENUM_URL;
const screenshot = process.env.PLENUM_SCREENSHOT;

let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.PLENUM_CHROMIUM });
});

after(() => browser?.close());

/** Opens a page that can reach this server only, and lists what it tried to reach besides. */
async function offlinePage() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  const elsewhere = [];
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url.startsWith("data:") || new URL(url).origin === new URL(server).origin) return route.continue();
    elsewhere.push(url);
    return route.abort();
  });
  return { page, elsewhere };
}

/** What stands after `name` in the file that says how to look at the demo. */
function demo(name) {
  const lines = readFileSync(process.env.PLENUM_DEMO_KEYS, "utf8").split("\n");
  return lines.find((line) => line.startsWith(`${name} `)).slice(name.length + 1);
}

test("a sign-in link of the demo opens the reference with the rights of its role, and leaves no key behind", async () => {
  const { page } = await offlinePage();
  const address = new URL(demo("sign-in-auditor"));
  const sent = [];
  page.on("request", (request) => sent.push(request));

  await page.goto(`${server}${address.pathname}${address.hash}`);
  await page.locator(".opblock").first().waitFor();
  await page.locator(".btn.authorize.locked").waitFor();
  assert.equal(page.url(), `${server}/docs`, "the key is still in the address bar");

  const operation = page.locator("#operations-Keys-list_keys");
  await operation.locator(".opblock-summary-control").click();
  await operation.locator("button.try-out__btn").click();
  const [answer] = await Promise.all([
    page.waitForResponse((response) => new URL(response.url()).pathname === "/api/v1/keys"),
    operation.locator("button.execute").click(),
  ]);
  assert.equal(answer.status(), 200);
  assert.equal(await answer.request().headerValue("authorization"), `Bearer ${demo("auditor")}`);
  assert.ok(sent.every((request) => !request.url().includes("wgk_")), "the key was sent in an address");
});

test("the reference page lists the operations without any other host", async () => {
  const { page, elsewhere } = await offlinePage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));

  const response = await page.goto(`${server}/docs`);
  assert.equal(response.status(), 200);
  const operations = page.locator(".opblock");
  await operations.first().waitFor();
  if (screenshot) await page.screenshot({ path: screenshot });

  assert.ok((await operations.count()) > 0, "no operation is shown");
  assert.deepEqual(faults, [], "the page's script failed");
  assert.deepEqual(elsewhere, [], "the page asked other hosts");
});
