// Bundles what pages load of others, with its licences, and lists what came of it.
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const target = process.argv[2];
const made = {
  "uppy.js": { in: "uppy.js", format: "esm" },
  "uppy.de.js": { in: "uppy.de.js", format: "esm" },
  "uppy.css": { in: "node_modules/@uppy/dashboard/dist/style.css" },
};

// The package's own directory, also where it lies inside another's.
function homeOf(path) {
  const end = path.lastIndexOf("node_modules/") + "node_modules/".length;
  const [first, second] = path.slice(end).split("/");
  return path.slice(0, end) + (first.startsWith("@") ? `${first}/${second}` : first);
}

async function licenceIn(home) {
  const found = (await readdir(home)).find((file) => /^licen[sc]e/i.test(file));
  return found ? (await readFile(`${home}/${found}`, "utf8")).trim() : null;
}

const homes = new Set();
const files = {};
for (const [name, { in: entry, format }] of Object.entries(made)) {
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format,
    target: "es2022",
    legalComments: "none",
    metafile: true,
    write: false,
  });
  // A picture in a style sheet is none of our origin, and the policy of pages has no room for it.
  const text = outputFiles[0].text.replace(/url\("?data:[^)]*\)/g, "none");
  await writeFile(`${target}/${name}`, text);
  files[name] = createHash("sha256").update(text).digest("hex");
  for (const path of Object.keys(metafile.inputs)) {
    if (path.includes("node_modules/")) homes.add(homeOf(path));
  }
}
let licences = "";
const packages = {};
for (const home of [...homes].sort()) {
  const { name, version, license } = JSON.parse(await readFile(`${home}/package.json`));
  packages[`${name} ${version}`] = license;
  licences += `${name} ${version}\n\n${(await licenceIn(home)) ?? license}\n\n\n`;
}
await writeFile(`${target}/LICENSES.txt`, licences.trimEnd() + "\n");
const sorted = Object.fromEntries(Object.entries(packages).sort());
await writeFile(`${target}/vendor.json`, `${JSON.stringify({ packages: sorted, files }, null, 2)}\n`);
