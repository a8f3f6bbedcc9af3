"""Pushes through aioapns, for one test: a line on standard input says how, the answer is what became of each token.

{"host", "port", "roots", "pass" or "p8", "key_id", "team_id", "topic", "tokens"}: "pass" is certificate and key in one PEM
"""

import asyncio
import json
import ssl
import sys
import tempfile

from aioapns import APNs, NotificationRequest, PushType
from aioapns.connection import APNsTLSClientProtocol


async def push(asked):
    trust = ssl.create_default_context(cadata=asked["roots"])
    if "p8" in asked:
        names = {name: asked[name] for name in ("key_id", "team_id", "topic")}
        client = APNs(key=asked["p8"], ssl_context=trust, **names)
    else:
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(asked["pass"])
            file.flush()
            client = APNs(client_cert=file.name, ssl_context=trust)  # the topic comes from the certificate
    server = {"APNS_SERVER": asked["host"], "APNS_PORT": asked["port"]}
    client.pool.protocol_class = type("Loopback", (APNsTLSClientProtocol,), server)
    requests = [
        NotificationRequest(device_token=token, message={}, push_type=PushType.BACKGROUND, priority=5)
        for token in asked["tokens"]
    ]
    results = await asyncio.gather(*map(client.send_notification, requests))
    return [[result.status, result.description, result.timestamp] for result in results]


for line in sys.stdin:
    print(json.dumps(asyncio.run(asyncio.wait_for(push(json.loads(line)), 20))), flush=True)
