"""edutap.wallet-apple: one package keeps the model and the pictures, and only the serial number changes.

Credentials are parsed once by its `create_keys`. Its public methods that sign take bytes and parse them for every pass, so this
calls the one behind them, which takes what was parsed.
"""

import io

from edutap.wallet_apple import api, crypto
from worker import FOLDER, bare_openssl, read_files, read_json, serve

package = api.new(data=read_json("files/pass.json"))
for name, picture in read_files().items():
    package._add_file(name, io.BytesIO(picture))
keys = crypto.create_keys(*((FOLDER / name).read_bytes() for name in ("key.pem", "certificate.pem", "wwdr.pem")))


def issue(serial):
    package.pass_object.serialNumber = serial
    package._sign(*keys)
    return package.as_zip_bytesio().getvalue()


serve(bare_openssl((FOLDER / "key.pem").read_bytes()), issue)
