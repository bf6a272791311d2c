// Reads the QR code in an SVG picture with programs that are not ours (resvg draws it, jsQR reads it), takes it apart by
// RFC 9285 and checks the signature with Node's cryptography. Input: {"svg", "public_key"}, output: what it says.
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-js";
import jsQR from "jsqr";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

function base45(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((sign) => ALPHABET.indexOf(sign));
    const number = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (digits.length === 3) bytes.push(number >> 8);
    bytes.push(number & 255);
  }
  return Buffer.from(bytes);
}

const { svg, public_key: publicKey } = JSON.parse(readFileSync(0, "utf8"));
const image = new Resvg(svg, { fitTo: { mode: "width", value: 980 } }).render();
const code = jsQR(new Uint8ClampedArray(image.pixels), image.width, image.height);
if (!code?.data.startsWith("PB1:")) throw new Error("no code of ours");
const bytes = base45(code.data.slice(4));
const message = bytes.subarray(0, 33);
const x = Buffer.from(publicKey, "hex").toString("base64url");
const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
const hex = bytes.subarray(1, 17).toString("hex");
console.log(
  JSON.stringify({
    text: code.data,
    event: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
    token: bytes.subarray(17, 33).toString("hex"),
    signed: verify(null, message, key, bytes.subarray(33)),
  }),
);
