// Pushes a data package with BitStore's own client:
// node datahub_push.cjs <api> <token> <user> <folder> <findability>
//
// Where the folder is a file, it is a flow, which says itself who may find it.
// Prints what the source spec said, or what the client would show of an error.

const { Dataset } = require("data.js");
const { DataHub } = require("datahub-client/lib/utils/datahub.js");

const [apiUrl, token, user, folder, findability] = process.argv.slice(2);

async function push() {
  const hub = new DataHub({ apiUrl, token, ownerid: user, owner: user });
  const posted = new Set();
  hub.on("upload", ({ file }) => posted.add(file));
  try {
    if (folder.endsWith(".yaml")) await hub.pushFlow(folder, "");
    else await hub.push(await Dataset.load(folder), { findability });
    return { posted: [...posted].sort() };
  } catch (error) {
    return { error: error.message };
  } finally {
    hub.close();
  }
}

push().then((told) => console.log(JSON.stringify(told)));
