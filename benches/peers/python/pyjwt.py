"""PyJWT: the parsed key is kept, the claims are one object of which only the id changes."""

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from worker import bare_openssl, read_json, serve

pem = read_json("google-account.json")["private_key"].encode()
key = load_pem_private_key(pem, password=None)
claims = read_json("claims.json")
header = read_json("header.json")
card = claims["payload"]["loyaltyObjects"][0]


def issue(serial):
    card["id"] = f"3388000000000000001.loyalty.{serial}"
    return jwt.encode(claims, key, algorithm="RS256", headers=header).encode()


serve(bare_openssl(pem), issue)
