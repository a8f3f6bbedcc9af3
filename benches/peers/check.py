"""Judges one product of each worker with programs that none of them brought: `openssl`, zipfile, PyJWT."""

import hashlib
import json
import subprocess
import tempfile
import zipfile

import jwt


def check_pkpass(fixture, sample):
    """Verifies signature and digests, and returns which keys of our `pass.json` it has not."""
    with zipfile.ZipFile(sample) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    for name, digest in manifest.items():
        require(hashlib.sha1(files[name]).hexdigest() == digest, f"the digest of {name} is wrong")
    require(set(files) == {*manifest, "manifest.json", "signature"}, "the manifest does not name every file")
    ours = {file.name: file.read_bytes() for file in (fixture / "files").iterdir()}
    require(set(manifest) == set(ours), "the package has other files than ours")
    for name in ours.keys() - {"pass.json"}:
        require(files[name] == ours[name], f"{name} is another picture")
    verify_cms(fixture, files["manifest.json"], files["signature"])

    theirs, ours = json.loads(files["pass.json"]), json.loads(ours["pass.json"])
    require(theirs["serialNumber"].startswith("member-"), "the serial number is not the one that was asked for")
    return sorted(ours.keys() - theirs.keys())


def check_link(fixture, sample):
    """Verifies the token and compares its claims with those of our link."""
    token = sample.read_text()
    public_key = (fixture / "google-public-key.pem").read_text()
    claims = jwt.decode(token, public_key, algorithms=["RS256"], audience="google")
    require(jwt.get_unverified_header(token) == json.loads((fixture / "header.json").read_text()), "the header differs")
    expected = json.loads((fixture / "claims.json").read_text())
    for each in (claims, expected):
        each.pop("iat")
        for card in each["payload"]["loyaltyObjects"]:
            card.pop("id")
    require(claims == expected, "the claims differ")
    return []


def verify_cms(fixture, manifest, signature):
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{folder}/manifest.json", f"{folder}/signature"]
        for name, content in zip(names, (manifest, signature)):
            with open(name, "wb") as file:
                file.write(content)
        command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-out", "/dev/null"]
        command += ["-content", names[0], "-in", names[1], "-CAfile", str(fixture / "root.pem")]
        said = subprocess.run(command, capture_output=True, text=True)
        require(said.returncode == 0, f"openssl cms -verify: {said.stderr.strip()}")


def require(holds, complaint):
    if not holds:
        raise ValueError(complaint)
