// Prints "<sha256>  <name>" for every file of a tar.gz, inflated as a stream: node read_tar.mjs <path>

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

function text(header, first, length) {
  const field = header.subarray(first, first + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString();
}

const chunks = [];
for await (const chunk of createReadStream(process.argv[2]).pipe(createGunzip())) {
  chunks.push(chunk);
}
const tar = Buffer.concat(chunks);

let paxPath;
for (let at = 0; tar[at] !== 0; ) {
  const header = tar.subarray(at, at + 512);
  const size = parseInt(text(header, 124, 12), 8);
  const body = tar.subarray(at + 512, at + 512 + size);
  at += 512 + Math.ceil(size / 512) * 512;
  const kind = text(header, 156, 1);
  if (kind === "x") {
    paxPath = / path=(.*)\n/.exec(body.toString())[1];
    continue;
  }
  const name = [text(header, 345, 155), text(header, 0, 100)].filter(Boolean).join("/");
  if (kind === "0") {
    console.log(`${createHash("sha256").update(body).digest("hex")}  ${paxPath ?? name}`);
  }
  paxPath = undefined;
}
