"""The side of a worker that runs on Python: it does what the lines on its standard input say, and waits in between.

measure bare SECONDS    the bare signature, again and again                      answers COUNT SECONDS
measure issue SECONDS   passes or links, each with a serial number of its own    answers COUNT SECONDS
sample FILE             one more, written into a file                            answers done
"""

import itertools
import json
import pathlib
import sys
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

FOLDER = pathlib.Path(sys.argv[1])

# As long as what is signed in a package.
MESSAGE = bytes([7]) * 107


def read_json(name):
    """Reads a JSON file of the fixture."""
    return json.loads((FOLDER / name).read_bytes())


def read_files():
    """Reads the files of the package, by name, without `pass.json`."""
    return {file.name: file.read_bytes() for file in sorted((FOLDER / "files").iterdir()) if file.name != "pass.json"}


def bare_openssl(pem):
    """Gives the bare signature by the OpenSSL inside `cryptography`, with the key parsed once."""
    key = load_pem_private_key(pem, password=None)
    padded, digest = padding.PKCS1v15(), hashes.SHA256()
    return lambda: key.sign(MESSAGE, padded, digest)


def serve(bare, issue):
    """Answers the lines until there are no more. `issue` takes a serial number and gives bytes."""
    serials = itertools.count(1)

    def issue_next():
        return issue(f"member-{next(serials)}")

    for line in sys.stdin:
        match line.split():
            case ["measure", what, seconds]:
                count, elapsed = repeat(float(seconds), bare if what == "bare" else issue_next)
                print(count, elapsed, flush=True)
            case ["sample", file]:
                pathlib.Path(file).write_bytes(issue_next())
                print("done", flush=True)
            case _:
                raise ValueError(f"unknown line {line!r}")


def repeat(seconds, work):
    start, count = time.perf_counter(), 0
    while True:
        work()
        count += 1
        elapsed = time.perf_counter() - start
        if elapsed >= seconds:
            return count, elapsed
