// A store card in two languages, and a bundle of two: node passkit_generator.mjs CREDENTIALS PICTURES OUT
import { readFileSync, writeFileSync } from "node:fs";
import { PKPass } from "passkit-generator";

const [credentials, pictures, out] = process.argv.slice(2);
const read = (name) => readFileSync(`${credentials}/${name}`);
const certificates = {
  wwdr: read("wwdr.pem"),
  signerCert: read("leaf.pem"),
  signerKey: read("key-encrypted.pem"),
  signerKeyPassphrase: "correct horse",
};

function card(serialNumber) {
  const files = { "pass.json": Buffer.from(JSON.stringify({
    formatVersion: 1,
    passTypeIdentifier: "pass.org.example.club",
    teamIdentifier: "A1B2C3D4E5",
    organizationName: "Bean & Co",
    description: "Bean Club card",
    logoText: "Bean Club",
    backgroundColor: "rgb(75, 46, 30)",
    foregroundColor: "rgb(255, 255, 255)",
    storeCard: {},
  })) };
  for (const name of ["icon.png", "icon@2x.png", "icon@3x.png", "logo.png", "logo@2x.png"]) {
    files[name] = readFileSync(`${pictures}/${name}`);
  }
  const pass = new PKPass(files, certificates, { serialNumber });
  pass.headerFields.push({ key: "points", label: "points", value: 2450, changeMessage: "%@ points now" });
  pass.secondaryFields.push({ key: "holder", label: "holder", value: "Ada Example" });
  pass.auxiliaryFields.push({ key: "since", label: "since", value: "2021-03-05T00:00:00Z", dateStyle: "PKDateStyleMedium", timeStyle: "PKDateStyleNone" });
  pass.setBarcodes("4711");
  pass.setExpirationDate(new Date("2040-01-01T00:00:00Z"));
  pass.localize("en", { points: "Points", holder: "Member", since: "Since" });
  pass.localize("de", { points: "Punkte", holder: "Mitglied", since: "Dabei seit" });
  return pass;
}

writeFileSync(`${out}/passkit-generator.pkpass`, card("4711").getAsBuffer());
writeFileSync(`${out}/passkit-generator.pkpasses`, PKPass.pack(card("4712"), card("4713")).getAsBuffer());
