"""Who is compared, with how each is used at its best."""

import dataclasses
import importlib.metadata
import json
import pathlib
import platform
import re
import subprocess
import tomllib

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class Peer:
    """One row of the table: a worker that makes packages or links, and the bare signature beside them."""

    what: str
    name: str
    language: str
    script: str
    use: str
    bare_by: str = "OpenSSL"

    @property
    def version(self):
        if self.language == "Python":
            return importlib.metadata.version(self.name)
        if self.language == "JavaScript":
            return json.loads((HERE / "node/package.json").read_text())["dependencies"][self.name]
        lock = tomllib.loads((HERE / "rust/Cargo.lock").read_text())
        return next(package["version"] for package in lock["package"] if package["name"] == self.name)

    def command(self, out):
        """The command of the worker; its argument is the folder of the fixture."""
        starter = {
            "JavaScript": ["node", out / "node" / f"{self.script}.mjs"],
            "Python": [out / "python/bin/python", HERE / "python" / f"{self.script}.py"],
            "Rust": [out / "cargo/release" / self.script],
        }
        return [*map(str, starter[self.language]), str(out / "fixture")]


PEERS = [
    Peer(
        "pkpass",
        "walletpass",
        "Rust",
        "walletpass-pkpass",
        "Identity and Artwork are prepared once; each pass is drawn, linted, written and signed.",
    ),
    Peer(
        "pkpass",
        "passes",
        "Rust",
        "passes",
        "One Package keeps the parsed certificates, the parsed key and the pictures; each pass is written into one buffer of the right size.",
    ),
    Peer(
        "pkpass",
        "@walletpass/pass-js",
        "JavaScript",
        "pass-js",
        "One Template keeps fields, pictures, certificate and parsed key; each pass is createPass and asBuffer.",
    ),
    Peer(
        "pkpass",
        "passkit-generator",
        "JavaScript",
        "passkit-generator",
        "The files are read once; its API parses certificates and key for each pass, and node-forge does all cryptography in JavaScript.",
        "node-forge",
    ),
    Peer(
        "pkpass",
        "py-pkpass",
        "Python",
        "pkpass",
        "One Pass keeps fields and pictures; what reads and parses key and certificates for each pass is made to remember, which its API does not offer.",
    ),
    Peer(
        "pkpass",
        "edutap.wallet-apple",
        "Python",
        "edutap_wallet_apple",
        "One PkPass keeps model and pictures; key and certificates are parsed once and handed to the private method behind sign.",
    ),
    Peer(
        "save-link",
        "walletpass",
        "Rust",
        "walletpass-save-link",
        "The Account is read once; each pass is drawn, linted and signed.",
    ),
    Peer(
        "save-link",
        "jsonwebtoken",
        "Rust",
        "jsonwebtoken",
        "EncodingKey and claims are kept, on aws-lc; the key is parsed again inside for each token.",
        "aws-lc",
    ),
    Peer(
        "save-link",
        "jsonwebtoken",
        "JavaScript",
        "jsonwebtoken",
        "The KeyObject and the claims are kept, and the claims are not copied (mutatePayload).",
    ),
    Peer(
        "save-link",
        "jose",
        "JavaScript",
        "jose",
        "The imported key and the claims are kept; each token is a promise of WebCrypto that is awaited.",
    ),
    Peer("save-link", "PyJWT", "Python", "pyjwt", "The parsed key and the claims are kept."),
]


def runtimes():
    """Names each language with the version that runs here."""
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip().removeprefix("v")
    return {"JavaScript": f"JavaScript, Node {node}", "Python": f"Python {platform.python_version()}", "Rust": f"Rust {rustc}"}


def machine():
    """Names the processor and the system."""
    names = re.findall(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    model = names[0] if names else platform.machine()
    return f"{model}, one core; {platform.system()} {platform.release()}"
