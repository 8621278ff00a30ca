// Asks twenty times for what is refused and then for what is not: node kept_connection.mjs <url> <path> <bytes>
//
// Prints the statuses in their order. The agent keeps one connection, as axios is used in services.

import http from "node:http";
import axios from "axios";

const [url, path, bytes] = process.argv.slice(2);
const client = axios.create({
  httpAgent: new http.Agent({ keepAlive: true, maxSockets: 1 }),
  validateStatus: () => true,
  proxy: false,
});
const statuses = [];
for (let round = 0; round < 20; round += 1) {
  statuses.push((await client.put(url + path, Buffer.alloc(Number(bytes), "x"))).status);
  statuses.push((await client.get(`${url}/livez`)).status);
}
console.log(JSON.stringify(statuses));
