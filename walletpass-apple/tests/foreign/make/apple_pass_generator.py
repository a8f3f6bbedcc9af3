"""A generic pass, with applepassgenerator or applepassgenerator-reloaded: apple_pass_generator.py NAME CREDENTIALS PICTURES OUT"""
import sys

try:
    from applepassgenerator import ApplePassGeneratorClient
except ImportError:  # applepassgenerator 0.0.2 is not as its own documentation says
    from applepassgenerator.client import ApplePassGeneratorClient
from applepassgenerator.models import Barcode, BarcodeFormat, Generic

name, credentials, pictures, out = sys.argv[1:]
card = Generic()
card.add_primary_field("holder", "Ada Example", "Member")
card.add_secondary_field("points", 2450, "Points")
client = ApplePassGeneratorClient("A1B2C3D4E5", "pass.org.example.club", "Bean & Co")
apple_pass = client.get_pass(card)
apple_pass.serial_number = "4711"
apple_pass.description = "Bean Club card"
apple_pass.barcode = Barcode(message="4711", format=BarcodeFormat.QR)
apple_pass.expiration_date = "2040-01-01T00:00:00Z"
for file in ["icon.png", "icon@2x.png", "logo.png"]:
    apple_pass.add_file(file, open(f"{pictures}/{file}", "rb"))
apple_pass.create(f"{credentials}/leaf.pem", f"{credentials}/key-encrypted.pem", f"{credentials}/wwdr.pem", "correct horse", f"{out}/{name}.pkpass")
