// @walletpass/pass-js: one template keeps the fields, the pictures, the certificate and the parsed key; every pass is made of it.
import { bareOpenssl, read, readFiles, serve } from "./worker.mjs";

// It carries Apple's intermediate certificate; the one of the fixture is given in the way it has for that, before it is loaded.
process.env.APPLE_WWDR_CERT_PEM = read("wwdr.pem").toString("utf8");
const { Template } = await import("@walletpass/pass-js");

const { "pass.json": passJson, ...pictures } = readFiles();
const template = new Template("storeCard", JSON.parse(passJson.toString("utf8")));
template.setCertificate(read("certificate.pem").toString("utf8"));
template.setPrivateKey(read("key.pem").toString("utf8"));
for (const [name, bytes] of Object.entries(pictures)) {
  const { imageType, density } = template.images.parseFilename(name);
  await template.images.add(imageType, bytes, density);
}

await serve(bareOpenssl(read("key.pem")), (serialNumber) => template.createPass({ serialNumber }).asBuffer());
