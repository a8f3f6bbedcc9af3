// jose: the key is imported once, the claims are one object of which only the id changes; it signs by WebCrypto, which gives promises.
import { SignJWT, importPKCS8 } from "jose";
import { bareOpenssl, readJson, serve } from "./worker.mjs";

const pem = readJson("google-account.json").private_key;
const key = await importPKCS8(pem, "RS256");
const claims = readJson("claims.json");
const header = readJson("header.json");
const [card] = claims.payload.loyaltyObjects;

await serve(bareOpenssl(pem), (serial) => {
  card.id = `3388000000000000001.loyalty.${serial}`;
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
});
