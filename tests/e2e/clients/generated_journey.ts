// The same walk by a client that @hey-api/openapi-ts made: node generated_journey.js <url> <text>
//
// The client lies beside it, the token stands in TOKEN. Prints what was found and got back.

import { createWorkspace, getFile, getWorkspace, listFindings, putFile } from "./filemanager_api";
import { createClient } from "./filemanager_api/client";

declare const process: { argv: string[]; env: Record<string, string | undefined> };

async function main(url: string, text: string): Promise<void> {
  const client = createClient({ baseUrl: url, auth: () => process.env.TOKEN, throwOnError: true });
  const made = await createWorkspace({ client, body: { name: "By a generated client" }, throwOnError: true });
  const workspace_id = made.data.id;
  const sent = { workspace_id, path: "fig/a b.tex" };
  const put = await putFile({ client, body: new Blob([text]), path: sent, throwOnError: true });
  const kept = { workspace_id, path: put.data.changes.at(-1)!.after! };
  const found = await listFindings({ client, path: { workspace_id }, throwOnError: true });
  const got = await getFile({ client, path: kept, parseAs: "blob", throwOnError: true });
  const elsewhere = { workspace_id: workspace_id + 1 };
  const refused = await getWorkspace({ client, path: elsewhere, throwOnError: false });
  console.log(
    JSON.stringify({
      changes: put.data.changes.map((one) => one.code),
      findings: [...new Set(found.data.findings.map((one) => one.code))].sort(),
      bytes: await (got.data as Blob).text(),
      refused: refused.error!.code,
    }),
  );
}

void main(process.argv[2]!, process.argv[3]!);
