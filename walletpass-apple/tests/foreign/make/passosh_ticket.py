"""An event ticket: passosh_ticket.py CREDENTIALS PICTURES OUT"""
import pathlib
import sys

from passosh.fields import Barcode, BarcodeFormat, HeaderField, PrimaryField, SecondaryField
from passosh.pesso import Content, Passosh
from passosh.signature import create_pkpass

credentials, pictures, out = map(pathlib.Path, sys.argv[1:])
ticket = Passosh(
    organizationName="Bean & Co",
    passTypeIdentifier="pass.org.example.club",
    teamIdentifier="A1B2C3D4E5",
    serialNumber="4711",
    description="Coffee tasting",
    foregroundColor="#FFFFFF",
    backgroundColor="#4b2e1e",
    relevantDate="2027-03-05T20:00:00+01:00",
    media={name: (pictures / name).read_bytes() for name in ["icon.png", "icon@2x.png", "logo.png"]},
    barcodes=[Barcode(message="4711", format=BarcodeFormat.QR)],
    eventTicket=Content(
        headerFields=[HeaderField(key="date", value="5 March", label="DATE")],
        primaryFields=[PrimaryField(key="title", value="Coffee tasting")],
        secondaryFields=[SecondaryField(key="place", value="Town Hall", label="PLACE")],
    ),
)
create_pkpass(
    passosh=ticket,
    filename=str(out / "passosh.pkpass"),
    sign=dict(
        cert_pem=(credentials / "leaf.pem").read_bytes(),
        key=(credentials / "key-encrypted.pem").read_bytes(),
        password=b"correct horse",
        wwdr=(credentials / "wwdr.pem").read_bytes(),
    ),
)
