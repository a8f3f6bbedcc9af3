// A coupon in two languages: node pass_js.mjs CREDENTIALS PICTURES OUT
import { readFileSync, writeFileSync } from "node:fs";
import passJs from "@walletpass/pass-js";

const { Template } = passJs;
const [credentials, pictures, out] = process.argv.slice(2);
const template = new Template("coupon", {
  passTypeIdentifier: "pass.org.example.club",
  teamIdentifier: "A1B2C3D4E5",
  organizationName: "Bean & Co",
  backgroundColor: "red",
  sharingProhibited: true,
});
template.setCertificate(readFileSync(`${credentials}/leaf.pem`, "utf8"));
template.setPrivateKey(readFileSync(`${credentials}/key-encrypted.pem`, "utf8"), "correct horse");
for (const [slot, file, density] of [["icon", "icon.png", "1x"], ["icon", "icon@2x.png", "2x"], ["logo", "logo.png", "1x"], ["logo", "logo@2x.png", "2x"]]) {
  await template.images.add(slot, `${pictures}/${file}`, density);
}

const pass = template.createPass({ serialNumber: "4711", description: "20% off" });
pass.primaryFields.add({ key: "offer", label: "OFFER", value: "20 % off all beans" });
pass.auxiliaryFields.add({ key: "until", label: "UNTIL", value: new Date("2040-01-01T00:00:00Z"), dateStyle: "PKDateStyleMedium", timeStyle: "PKDateStyleNone" });
pass.expirationDate = new Date("2040-01-01T00:00:00Z");
pass.barcodes = [{ format: "PKBarcodeFormatQR", message: "4711", messageEncoding: "iso-8859-1" }];
pass.localization.add("en", { OFFER: "OFFER", UNTIL: "VALID UNTIL" }).add("ru", { OFFER: "СКИДКА", UNTIL: "ДО" });
writeFileSync(`${out}/pass-js.pkpass`, await pass.asBuffer());
