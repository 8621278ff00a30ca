// Uploads a folder by tus-js-client: node tus_folder.mjs <url> <workspace> <folder> <state file>
//
// The token stands in TOKEN. A line is printed for each chunk; begun uploads are continued.

import { createReadStream, readdirSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import * as tus from "tus-js-client";

const [url, workspace, folder, state] = process.argv.slice(2);
const urlStorage = new tus.FileUrlStorage(state);

async function upload(path) {
  const stream = createReadStream(path);
  await new Promise((resolve, reject) => {
    const one = new tus.Upload(stream, {
      endpoint: `${url}/uploads/tus`,
      headers: { Authorization: process.env.TOKEN },
      chunkSize: 1 << 20,
      retryDelays: null,
      urlStorage,
      metadata: {
        workspace,
        filename: basename(path),
        path: relative(folder, path),
        batch: "folder",
      },
      onChunkComplete: (_, offset) => console.log(basename(path), offset),
      onSuccess: resolve,
      onError: reject,
    });
    one.findPreviousUploads().then((previous) => {
      if (previous.length) one.resumeFromPreviousUpload(previous[0]);
      one.start();
    }, reject);
  });
}

const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
for (const path of paths.filter((one) => statSync(one).isFile()).sort()) await upload(path);
