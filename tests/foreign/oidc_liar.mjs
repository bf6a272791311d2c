// A provider of identities that can be made to lie: npm oauth2-mock-server, whose tokens are changed and signed anew.
//
//   node oidc_liar.mjs
//
// Prints its issuer on one line and then serves on loopback. POST /script with {
//   "now": seconds since the epoch, by which tokens are made,
//   "claims": {...}, "without": [names], "header": {...}: changes to a good token,
//   "sign": how it is signed, see `signed`; "token": what is sent instead of it,
//   "down": whether nobody can fetch keys, "metadata": changes to the discovery document,
//   "rotate": true for a new key
// } says how it goes on and answers how often its keys were fetched so far. POST /logout with the same gives a logout
// token.

import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { OAuth2Issuer, OAuth2Service } from "oauth2-mock-server";

const CLIENT = "plenum";
const SECRET = "no secret: in a test/";
const issuer = new OAuth2Issuer();
const service = new OAuth2Service(issuer);
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
let script = {};
let keysFetched = 0;

const encoded = (value) => Buffer.from(value).toString("base64url");
const newest = () => issuer.keys.toJSON(true).at(-1);
const rs256 = (key) => (data) => sign("sha256", Buffer.from(data), key);
const hs256 = (secret) => (data) => createHmac("sha256", secret).update(data).digest();

// The ways to sign: what the header says of it, and how it is done.
function signed(how) {
  const { kid, ...jwk } = newest();
  const own = createPrivateKey({ key: jwk, format: "jwk" });
  const published = createPublicKey(own);
  const ways = {
    well: [{ alg: "RS256", kid }, rs256(own)],
    without_kid: [{ alg: "RS256" }, rs256(own)],
    by_a_stranger: [{ alg: "RS256", kid }, rs256(stranger)],
    by_an_unknown_key: [{ alg: "RS256", kid: "unknown" }, rs256(stranger)],
    by_the_key_it_brings: [
      { alg: "RS256", kid, jwk: createPublicKey(stranger).export({ format: "jwk" }) },
      rs256(stranger),
    ],
    not_at_all: [{ alg: "none" }, () => Buffer.alloc(0)],
    with_nothing: [{ alg: "RS256", kid }, () => Buffer.alloc(0)],
    by_the_client_secret: [{ alg: "HS256", kid }, hs256(SECRET)],
    by_the_published_key: [{ alg: "HS256", kid }, hs256(published.export({ type: "spki", format: "pem" }))],
    for_another_hash: [{ alg: "RS512", kid }, rs256(own)],
    before_it_was_changed: [{ alg: "RS256", kid }, () => rs256(own)("another token")],
  };
  return ways[how ?? "well"];
}

function token(claims) {
  const [said, way] = signed(script.sign);
  const payload = { ...claims, ...script.claims };
  for (const name of script.without ?? []) delete payload[name];
  const data = [{ typ: "JWT", ...said, ...script.header }, payload].map((part) => encoded(JSON.stringify(part))).join(".");
  return `${data}.${encoded(way(data))}`;
}

const times = () => ({ iat: script.now, exp: script.now + 300 });

service.on("beforeResponse", (response) => {
  const issued = JSON.parse(Buffer.from(response.body.id_token.split(".")[1], "base64url"));
  const { nbf, ...claims } = { ...issued, ...times() };
  response.body.id_token = "token" in script ? script.token : token(claims);
});

async function told(request, response) {
  script = await json(request);
  if (script.rotate) await issuer.keys.generate("RS256");
  if (request.url === "/script") return response.end(JSON.stringify({ keys_fetched: keysFetched }));
  const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
  const claims = { iss: issuer.url, aud: CLIENT, jti: "1", sub: "johndoe", events, ...times() };
  script.header = { typ: "logout+jwt", ...script.header };
  response.end(token(claims));
}

const server = createServer(async (request, response) => {
  if (["/script", "/logout"].includes(request.url)) return told(request, response);
  if (request.url === "/jwks" && ++keysFetched && script.down) return response.writeHead(503).end();
  if (request.url === "/.well-known/openid-configuration" && script.metadata) {
    const base = { issuer: issuer.url };
    for (const name of ["authorize", "token", "jwks"]) base[`${name}_endpoint`] = `${issuer.url}/${name}`;
    const said = { ...base, authorization_endpoint: base.authorize_endpoint, jwks_uri: base.jwks_endpoint, ...script.metadata };
    return response.end(JSON.stringify(said));
  }
  return service.requestHandler(request, response);
});

await issuer.keys.generate("RS256");
server.listen(0, "127.0.0.1", () => {
  issuer.url = `http://127.0.0.1:${server.address().port}`;
  console.log(issuer.url);
});
