// jsonwebtoken: the key is a KeyObject that is kept, the claims are one object of which only the id changes.
import { createPrivateKey } from "node:crypto";
import jsonwebtoken from "jsonwebtoken";
import { bareOpenssl, readJson, serve } from "./worker.mjs";

const pem = readJson("google-account.json").private_key;
const key = createPrivateKey(pem);
const claims = readJson("claims.json");
const header = readJson("header.json");
const [card] = claims.payload.loyaltyObjects;

await serve(bareOpenssl(pem), (serial) => {
  card.id = `3388000000000000001.loyalty.${serial}`;
  return jsonwebtoken.sign(claims, key, { algorithm: header.alg, header, mutatePayload: true });
});
