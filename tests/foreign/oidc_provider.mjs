// A provider of identities as an organisation would run it: npm oidc-provider, made to insist on PKCE.
//
//   node oidc_provider.mjs ADDRESS_OF_PLENUM
//
// Prints its issuer on one line and then serves on loopback. POST /people with {"NAME": {claims}} says who can sign in
// and what it tells of them.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

// Its advice to whoever would run it in earnest.
console.warn = console.info = () => {};
const { default: Provider } = await import("oidc-provider");

const plenum = `${process.argv[2]}/sign-in/oidc/example`;
let people = {};
let handle;

const server = createServer(async (request, response) => {
  if (request.url !== "/people") return handle(request, response);
  people = JSON.parse(await text(request));
  response.end();
});

server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "plenum",
        client_secret: "no secret: in a test/",
        redirect_uris: [`${plenum}/callback`],
        backchannel_logout_uri: `${plenum}/logout`,
        backchannel_logout_session_required: true,
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["no secret in a test"] },
    features: { backchannelLogout: { enabled: true } },
    // It tells nobody of a logout whose address is on loopback, unless it is left to plain fetch.
    fetch: (address, options) => fetch(address, { ...options, dispatcher: undefined }),
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    jwks: { keys: [{ ...key, use: "sig", alg: "RS256", kid: "first" }] },
    pkce: { required: () => true },
  });
  handle = provider.callback();
  console.log(issuer);
});
