// An APNs by node's http2, for one test. The first line on standard input says whom to be, the answer is the port; each further line
// is answered with what came in until then.
//
//   {"certificate", "key", "roots", "answers": {token: {"status", "body", "end"}}}
//
// `end`: "goaway" says so and goes on answering what it has, "close" lets node close the session, "destroy" cuts it.
import http2 from 'node:http2';
import readline from 'node:readline';

const seen = [];
let sessions = 0;
let server;

for await (const line of readline.createInterface({ input: process.stdin })) {
  if (server) {
    console.log(JSON.stringify({ sessions, seen }));
  } else {
    const { certificate, key, roots, answers } = JSON.parse(line);
    // rejectUnauthorized: who shows no certificate of the authority does not come in.
    server = http2.createSecureServer({ cert: certificate, key, ca: roots, requestCert: true, rejectUnauthorized: true });
    server.on('session', (session) => {
      session.number = ++sessions;
      session.on('error', () => {});
    });
    server.on('stream', (stream, headers) => receive(stream, headers, answers));
    server.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address().port)));
  }
}
process.exit();

function receive(stream, headers, answers) {
  const { session } = stream;
  const subject = session.socket.getPeerCertificate().subject;
  let body = '';
  stream.setEncoding('utf8');
  stream.on('error', () => {});
  stream.on('data', (chunk) => { body += chunk; });
  stream.on('end', () => {
    if (stream.destroyed) return; // with its session
    seen.push({ headers, body, subject, session: session.number });
    const { status = 200, body: answer = '', end } = answers[headers[':path'].split('/').pop()] ?? {};
    if (end === 'goaway') session.goaway();
    if (end === 'close') session.close();
    if (end === 'destroy' && session.number === 1) return session.destroy();
    stream.respond({ ':status': status, 'apns-id': 'EC1BF194-B3B2-424A-89A9-5A918A6E6B5D' });
    stream.end(answer);
  });
}
