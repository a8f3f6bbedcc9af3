"""A store card in two languages: edutap_card.py CREDENTIALS PICTURES OUT"""
import pathlib
import sys

from edutap.wallet_apple import api

credentials, pictures, out = map(pathlib.Path, sys.argv[1:])

pkpass = api.new(data={
    "formatVersion": 1,
    "passTypeIdentifier": "pass.org.example.club",
    "teamIdentifier": "A1B2C3D4E5",
    "organizationName": "Bean & Co",
    "description": "Bean Club card",
    "serialNumber": "4711",
    "backgroundColor": "rgb(75, 46, 30)",
    "foregroundColor": "rgb(255, 255, 255)",
    "expirationDate": "2040-01-01T00:00:00Z",
    "barcodes": [{"format": "PKBarcodeFormatQR", "message": "4711", "messageEncoding": "iso-8859-1"}],
    "storeCard": {
        "headerFields": [{"key": "points", "label": "points", "value": "2450"}],
        "secondaryFields": [{"key": "holder", "label": "holder", "value": "Ada Example"}],
        "auxiliaryFields": [{"key": "since", "label": "since", "value": "2021-03-05T00:00:00Z", "dateStyle": "PKDateStyleMedium"}],
    },
})
for file in ["icon.png", "icon@2x.png", "logo.png"]:
    pkpass.files[file] = (pictures / file).read_bytes()
pkpass.files["en.lproj/pass.strings"] = '"points" = "Points";\n"holder" = "Member";\n"since" = "Since";\n'.encode("utf-8")
pkpass.files["de.lproj/pass.strings"] = '"points" = "Punkte";\n"holder" = "Mitglied";\n"since" = "Gehört dazu seit";\n'.encode("utf-8")
pkpass.sign_direct(*[(credentials / name).read_bytes() for name in ["key.pem", "leaf.pem", "wwdr.pem"]])
(out / "edutap.pkpass").write_bytes(api.pkpass(pkpass).getvalue())
