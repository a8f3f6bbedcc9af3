// passkit-generator: its API takes certificates and key as text, and parses them for every pass.
// The files are read once; `pass.json` and the pictures go in as buffers, the serial number as a property.
import forge from "node-forge";
import { PKPass } from "passkit-generator";
import { MESSAGE, read, readFiles, serve } from "./worker.mjs";

const files = readFiles();
const certificates = { wwdr: read("wwdr.pem"), signerCert: read("certificate.pem"), signerKey: read("key.pem") };

// It signs by node-forge, in JavaScript.
const key = forge.pki.privateKeyFromPem(certificates.signerKey.toString("utf8"));
const message = MESSAGE.toString("binary");
const bare = () => key.sign(forge.md.sha256.create().update(message));

await serve(bare, (serialNumber) => new PKPass(files, certificates, { serialNumber }).getAsBuffer());
