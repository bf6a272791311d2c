// Passkeys in a real browser with an authenticator of its own (the DevTools protocol's virtual one): a judge of our
// options, our bytes and our content policy that nobody here wrote. scripts/browser says where the server is; it needs
// an address with a name, because browsers make no passkeys for others.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const server = process.env.PLENUM_PASSKEYS_URL;

let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.PLENUM_CHROMIUM });
});

after(() => browser?.close());

/** The path of the link of the demonstration that opens the pages as this role. */
function link(role) {
  const lines = readFileSync(process.env.PLENUM_PASSKEYS_KEYS, "utf8").split("\n");
  const name = `pages-${role} `;
  return new URL(lines.find((line) => line.startsWith(name)).slice(name.length)).pathname;
}

/** A page in a browser with an authenticator that checks its owner, or one that cannot. */
async function withAuthenticator(isUserVerified = true) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => /Content Security Policy/.test(message.text()) && faults.push(message.text()));
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true };
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { ...options, isUserVerified, automaticPresenceSimulation: true },
  });
  const credentials = async () => (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
  return { context, page, faults, devtools, authenticatorId, credentials };
}

async function signInByLink(page, role) {
  await page.goto(`${server}${link(role)}`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${server}/`);
}

async function addPasskey(page, name) {
  await page.goto(`${server}/me`);
  await page.getByLabel("Name of the new passkey").fill(name);
  await page.getByRole("button", { name: "Add a passkey" }).click();
}

test("a passkey is registered, signs in after signing out, and no more once it is deleted", async () => {
  const { context, page, faults, credentials } = await withAuthenticator();
  await signInByLink(page, "delegate");
  await addPasskey(page, "Test device");
  await page.getByRole("rowheader", { name: "Test device" }).waitFor();
  assert.ok((await credentials())[0].isResidentCredential, "the passkey does not name its account");

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(`${server}/sign-in?return_to=/me`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL(`${server}/me`);
  assert.ok(await page.getByRole("heading", { name: "Demo delegate" }).isVisible());
  assert.ok((await credentials())[0].signCount > 0, "the authenticator has signed nothing");
  const listed = await (await page.request.get(`${server}/api/v1/me/sign-ins`)).json();
  assert.equal(listed.items.find((one) => one.current).method, "passkey");

  await page.getByRole("button", { name: "Delete passkey Test device" }).click();
  await page.getByText("You have none yet").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(`${server}/sign-in`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("did not sign you in").waitFor();
  const cookies = (await context.cookies()).map((cookie) => cookie.name);
  assert.ok(!cookies.includes("__Host-plenum"), "a deleted passkey has signed in");
  assert.deepEqual(faults, []);
  await context.close();
});

test("one device takes one passkey of an account, and says so", async () => {
  const { context, page, faults } = await withAuthenticator();
  await signInByLink(page, "guest");
  await addPasskey(page, "First");
  await page.getByRole("rowheader", { name: "First" }).waitFor();
  await addPasskey(page, "Second");
  await page.getByRole("alert").getByText("holds a passkey for your account already").waitFor();
  assert.equal(await page.getByRole("rowheader").count(), 1);
  assert.deepEqual(faults, []);
  await context.close();
});

test("an authenticator that does not check its owner signs nobody in", async () => {
  const { context, page, devtools, authenticatorId } = await withAuthenticator();
  await signInByLink(page, "auditor");
  await addPasskey(page, "Shared telephone");
  await page.getByRole("rowheader", { name: "Shared telephone" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.goto(`${server}/sign-in`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("alert").getByText("cancelled, or took too long").waitFor();
  const cookies = (await context.cookies()).map((cookie) => cookie.name);
  assert.ok(!cookies.includes("__Host-plenum"));
  await context.close();
});

test("without scripts the other ways stand as before, and nothing is offered that cannot work", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server}/sign-in`);
  assert.ok(await page.getByRole("heading", { name: "Sign in" }).isVisible());
  assert.equal(await page.getByRole("button", { name: "Sign in with a passkey" }).count(), 0);
  await signInByLink(page, "secretariat");
  await page.goto(`${server}/me`);
  assert.ok(await page.getByText("Adding a passkey needs a browser").isVisible());
  assert.equal(await page.getByRole("button", { name: "Add a passkey" }).count(), 0);
  await context.close();
});
