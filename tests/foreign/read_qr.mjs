// Reads the QR code in an SVG picture with programs that are not ours: resvg draws it, jsQR reads it. Input: the picture,
// output: what it says.
import { readFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-js";
import jsQR from "jsqr";

const image = new Resvg(readFileSync(0, "utf8"), { fitTo: { mode: "width", value: 980 } }).render();
const code = jsQR(new Uint8ClampedArray(image.pixels), image.width, image.height);
if (!code) throw new Error("no code");
process.stdout.write(code.data);
