"""py-pkpass: one pass object keeps fields and pictures, and only the serial number changes.

Its API takes paths, and reads and parses key and certificates for every pass, which costs more than the signature. Here its
reader of files and the parsers that it imported remember what they gave: more than its API offers, and at its best.
"""

import functools

from py_pkpass import models
from worker import FOLDER, bare_openssl, read_files, read_json, serve

SLOTS = ("headerFields", "primaryFields", "secondaryFields", "auxiliaryFields", "backFields")


class Pass(models.Pass):
    """A pass that reads each credential file once."""

    _readFileBytes = functools.cache(models.Pass._readFileBytes)


models.load_pem_private_key = functools.cache(models.load_pem_private_key)


class X509:
    """Stands for the module `cryptography.x509`, of which it calls the one function."""

    load_pem_x509_certificate = functools.cache(models.x509.load_pem_x509_certificate)


models.x509 = X509


def store_card(slots):
    card = models.StoreCard()
    for slot in SLOTS:
        setattr(card, slot, [field_of(field) for field in slots.get(slot, [])])
    return card


def field_of(field):
    kind = models.NumberField if "numberStyle" in field else models.Field
    made = kind(field["key"], field["value"], field["label"])
    made.changeMessage = field.get("changeMessage", "")
    return made


def pass_of(json):
    made = Pass(
        store_card(json["storeCard"]),
        passTypeIdentifier=json["passTypeIdentifier"],
        organizationName=json["organizationName"],
        teamIdentifier=json["teamIdentifier"],
    )
    for name in ("description", "backgroundColor", "foregroundColor", "labelColor", "logoText", "sharingProhibited"):
        setattr(made, name, json[name])
    made.barcode = models.Barcode(message=json["barcode"]["message"], format=models.BarcodeFormat.QR)
    made.locations = json["locations"]
    made._files = read_files()
    return made


made = pass_of(read_json("files/pass.json"))
certificate, key, wwdr = (str(FOLDER / name) for name in ("certificate.pem", "key.pem", "wwdr.pem"))


def issue(serial):
    made.serialNumber = serial
    return made.create(certificate, key, wwdr, None).getvalue()


serve(bare_openssl((FOLDER / "key.pem").read_bytes()), issue)
