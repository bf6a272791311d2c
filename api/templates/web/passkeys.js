// Passkeys: the two things on our pages that only a script can do, because only a script can speak to an authenticator.
// A form marked data-passkey="sign-in" is sent with what the authenticator signed; one marked data-passkey="register"
// has a passkey made. Both stay hidden in browsers that know no passkeys. Bytes travel in base64url.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? [])))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** Sends `body` as this page may, and gives the answer; what the server says is wrong becomes the error. */
async function send(form, path, body) {
  const headers = { "X-CSRF-Token": form.elements.csrf_token.value };
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { method: "POST", headers, body: body && JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.errors?.[0]?.detail ?? said.detail ?? said.title);
  return said;
}

async function signIn(form) {
  const { challenge, relying_party_id } = await send(form, "/sign-in/passkey/challenge");
  const publicKey = {
    challenge: bytes(challenge),
    rpId: relying_party_id,
    userVerification: "required",
    timeout: 300000,
  };
  const { rawId, response } = await navigator.credentials.get({ publicKey });
  const shown = {
    credential_id: text(rawId),
    client_data: text(response.clientDataJSON),
    authenticator_data: text(response.authenticatorData),
    signature: text(response.signature),
    user_handle: text(response.userHandle),
  };
  for (const [name, value] of Object.entries(shown)) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(field);
  }
  form.submit();
}

async function register(form) {
  const begun = await send(form, "/api/v1/me/passkey-challenges");
  const publicKey = {
    challenge: bytes(begun.challenge),
    rp: { id: begun.relying_party_id, name: "Plenum" },
    user: { id: bytes(begun.user_id), name: begun.user_name, displayName: begun.user_display_name },
    pubKeyCredParams: begun.algorithms.map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: begun.exclude.map((id) => ({ type: "public-key", id: bytes(id) })),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    attestation: "none",
    timeout: 300000,
  };
  const { response } = await navigator.credentials.create({ publicKey });
  await send(form, "/api/v1/me/passkeys", {
    name: form.elements.name.value,
    client_data: text(response.clientDataJSON),
    attestation_object: text(response.attestationObject),
  });
  location.reload();
}

/** What to tell somebody whose browser or authenticator did not go on. */
function reason(error) {
  if (error.name === "NotAllowedError") return "It was cancelled, or took too long. Try again.";
  if (error.name === "InvalidStateError") return "This device holds a passkey for your account already.";
  if (error instanceof DOMException) return `Your browser did not go on: ${error.message}`;
  return error.message;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  document.querySelector("[data-passkey-fallback]")?.remove();
  const [button, alert] = [form.querySelector("button"), form.querySelector("[role=alert]")];
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    alert.textContent = "";
    try {
      await (form.dataset.passkey === "register" ? register(form) : signIn(form));
    } catch (error) {
      alert.textContent = reason(error);
      button.disabled = false;
    }
  });
}
