// Pushes through node's http2: the first line on standard input is the scene, each further one what to push.
import http2 from 'node:http2';
import readline from 'node:readline';

let scene, session;

for await (const line of readline.createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (!scene) {
    scene = asked;
    session = http2.connect(scene.url, { ca: scene.root, cert: scene.certificate, key: scene.key });
    console.log('null');
    continue;
  }
  const before = process.cpuUsage();
  let begun = 0, delivered = 0;
  const worker = async () => {
    while (begun < asked.pushes) {
      if (await push((begun++).toString(16).padStart(64, '0')) === 200) delivered++;
    }
  };
  await Promise.all(Array.from({ length: asked.in_flight }, worker));
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ delivered, cpu: (user + system) / 1e6 }));
}
process.exit();

function push(token) {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': `/3/device/${token}`,
      'apns-topic': scene.topic,
      'apns-push-type': 'background',
      'apns-priority': '5',
    });
    let status;
    stream.on('response', (headers) => { status = headers[':status']; });
    stream.on('end', () => resolve(status));
    stream.on('error', reject);
    stream.resume();
    stream.end('{}');
  });
}
