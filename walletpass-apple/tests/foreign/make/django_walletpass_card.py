"""A store card in two languages: django_walletpass_card.py CREDENTIALS PICTURES OUT"""
import pathlib
import sys

import django
from django.conf import settings

credentials, pictures, out = map(pathlib.Path, sys.argv[1:])
settings.configure(
    SECRET_KEY="invented, of no worth",
    INSTALLED_APPS=["django.contrib.contenttypes", "django_walletpass"],
    WALLETPASS={
        "CERT_PATH": str(credentials / "leaf.pem"),
        "KEY_PATH": str(credentials / "key-encrypted.pem"),
        "KEY_PASSWORD": b"correct horse",
        "APPLE_WWDRCA_PEM_PATH": str(credentials / "wwdr.pem"),
        "PASS_TYPE_ID": "pass.org.example.club",
        "TEAM_ID": "A1B2C3D4E5",
        "SERVICE_URL": "https://example.com/passes/",
        "PUSH_AUTH_STRATEGY": "legacy",
    },
)
django.setup()

from django_walletpass.services import PassBuilder

builder = PassBuilder()
builder.pass_data_required.update({"serialNumber": "4711", "authenticationToken": "invented-token-of-no-worth"})
builder.pass_data.update({
    "formatVersion": 1,
    "organizationName": "Bean & Co",
    "description": "Bean Club card",
    "expirationDate": "2040-01-01T00:00:00Z",
    "barcode": {"format": "PKBarcodeFormatQR", "message": "4711", "messageEncoding": "iso-8859-1"},
    "storeCard": {
        "headerFields": [{"key": "points", "label": "points", "value": 2450}],
        "auxiliaryFields": [{"key": "since", "label": "since", "value": "2021-03-05T00:00:00Z", "dateStyle": "PKDateStyleMedium"}],
    },
})
for file in ["icon.png", "icon@2x.png", "logo.png"]:
    builder.add_file(file, (pictures / file).read_bytes())
builder.add_file("en.lproj/pass.strings", '"points" = "Points";\n"since" = "Since";\n'.encode())
builder.add_file("de.lproj/pass.strings", '"points" = "Punkte";\n"since" = "Gehört dazu seit";\n'.encode())
(out / "django-walletpass.pkpass").write_bytes(builder.build())
