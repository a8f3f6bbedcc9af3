"""Pushes through aioapns: the first line on standard input is the scene, each further one what to push."""

import asyncio
import json
import ssl
import sys
import tempfile
import time

from aioapns import APNs, NotificationRequest, PushType
from aioapns.connection import APNsTLSClientProtocol


def connect(scene):
    trust = ssl.create_default_context(cadata=scene["root"])
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(scene["certificate"] + scene["key"])
        file.flush()
        client = APNs(client_cert=file.name, topic=scene["topic"], max_connections=1, ssl_context=trust)
    server = {"APNS_SERVER": "127.0.0.1", "APNS_PORT": scene["port"]}
    client.pool.protocol_class = type("Loopback", (APNsTLSClientProtocol,), server)
    return client


async def fan_out(client, pushes, in_flight):
    numbers = iter(range(pushes))
    delivered = 0

    async def worker():
        nonlocal delivered
        for number in numbers:
            request = NotificationRequest(f"{number:064x}", {}, push_type=PushType.BACKGROUND, priority=5)
            result = await client.send_notification(request)
            delivered += result.is_successful

    await asyncio.gather(*(worker() for _ in range(in_flight)))
    return delivered


async def main():
    client = connect(json.loads(sys.stdin.readline()))
    print("null", flush=True)
    # In a thread, so that the connection is answered for meanwhile.
    while line := await asyncio.to_thread(sys.stdin.readline):
        asked = json.loads(line)
        before = time.process_time()
        delivered = await fan_out(client, asked["pushes"], asked["in_flight"])
        print(json.dumps({"delivered": delivered, "cpu": time.process_time() - before}), flush=True)


asyncio.run(main())
