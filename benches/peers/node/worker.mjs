// The side of a worker that runs on Node: it does what the lines on its standard input say, and waits in between.
//   measure bare SECONDS    the bare signature, again and again                         answers COUNT SECONDS
//   measure issue SECONDS   passes or links, each with a serial number of its own       answers COUNT SECONDS
//   sample FILE             one more, written into a file                               answers done
import { createPrivateKey, sign } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

const folder = process.argv[2];

/** The message of the bare signature: as long as what is signed in a package. */
export const MESSAGE = Buffer.alloc(107, 7);

/** Reads a file of the fixture. */
export const read = (name) => readFileSync(`${folder}/${name}`);

/** Reads a JSON file of the fixture. */
export const readJson = (name) => JSON.parse(read(name).toString("utf8"));

/** Reads the files of the package, by name. */
export const readFiles = () => Object.fromEntries(readdirSync(`${folder}/files`).map((name) => [name, read(`files/${name}`)]));

/** Gives the bare signature by the OpenSSL inside Node, with the key parsed once. */
export function bareOpenssl(pem) {
  const key = createPrivateKey(pem);
  return () => sign("sha256", MESSAGE, key);
}

/** Answers the lines until there are no more. `issue` takes a serial number and gives bytes, a text or a promise of them. */
export async function serve(bare, issue) {
  let serials = 0;
  const next = () => issue(`member-${++serials}`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, what, seconds] = line.split(" ");
    if (verb === "measure") {
      console.log(await repeat(Number(seconds), what === "bare" ? bare : next));
    } else if (verb === "sample") {
      writeFileSync(what, await next());
      console.log("done");
    } else {
      throw new Error(`unknown line ${line}`);
    }
  }
}

async function repeat(seconds, work) {
  const start = performance.now();
  for (let count = 1; ; count++) {
    const result = work();
    // A program that gives no promise is not made to wait for one.
    if (result instanceof Promise) await result;
    const elapsed = (performance.now() - start) / 1000;
    if (elapsed >= seconds) return `${count} ${elapsed}`;
  }
}
