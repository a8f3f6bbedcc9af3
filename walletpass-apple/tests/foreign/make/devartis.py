"""A store card, with any child of devartis/passbook: devartis.py MODULE NAME CREDENTIALS PICTURES OUT

MODULE is `py_pkpass.models` or `wallet.models`."""
import importlib
import sys

module, name, credentials, pictures, out = sys.argv[1:]
models = importlib.import_module(module)

card = models.StoreCard()
card.addHeaderField("points", 2450, "Points")
card.addSecondaryField("holder", "Ada Example", "Member")
card.auxiliaryFields.append(models.DateField("since", "2021-03-05T00:00:00Z", "Since"))
pass_file = models.Pass(card, passTypeIdentifier="pass.org.example.club", organizationName="Bean & Co", teamIdentifier="A1B2C3D4E5")
pass_file.serialNumber = "4711"
pass_file.description = "Bean Club card"
pass_file.backgroundColor = "rgb(75, 46, 30)"
pass_file.foregroundColor = "rgb(255, 255, 255)"
pass_file.expirationDate = "2040-01-01T00:00:00Z"
pass_file.barcode = models.Barcode(message="4711", format=models.BarcodeFormat.QR)
for file in ["icon.png", "icon@2x.png", "logo.png"]:
    pass_file.addFile(file, open(f"{pictures}/{file}", "rb"))
pass_file.create(f"{credentials}/leaf.pem", f"{credentials}/key-encrypted.pem", f"{credentials}/wwdr.pem", "correct horse", f"{out}/{name}.pkpass")
