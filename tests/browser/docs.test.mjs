// The reference page in a real browser: it shows the operations, and it asks nobody but this server for anything.
// scripts/browser starts the server and says where it is.

import assert from "node:assert/strict";
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
