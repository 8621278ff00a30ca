// Posts a form twenty times to a path without its closing slash: node redirected.mjs <url> <path>
//
// The token stands in TOKEN. Prints the statuses.

import http from "node:http";
import axios from "axios";

const [url, path] = process.argv.slice(2);
const client = axios.create({
  httpAgent: new http.Agent({ keepAlive: true, maxSockets: 1 }),
  headers: { Authorization: process.env.TOKEN },
  validateStatus: () => true,
  proxy: false,
});
const type = { "Content-Type": "multipart/form-data; boundary=b" };
const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.tex"\r\n\r\n';
const form = Buffer.from(`${head}${"text ".repeat(20000)}\r\n--b--\r\n`);
const statuses = [];
for (let round = 0; round < 20; round += 1) {
  statuses.push((await client.post(url + path, form, { headers: type })).status);
}
console.log(JSON.stringify(statuses));
