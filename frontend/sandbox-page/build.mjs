// Bundles the page into src/discord_sandbox/page/static. Every file but index.html carries a hash
// of its content in its name, so the server may tell browsers to keep it for ever.
import { context, build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../../src/discord_sandbox/page/static");
const shared = {
  bundle: true,
  minify: true,
  sourcemap: false,
  target: ["es2022"],
  legalComments: "eof", // lit is BSD-3: its notice travels with it
  metafile: true,
  write: true,
  outdir: out,
  entryNames: "[name]-[hash]",
  logLevel: "warning",
};

function built(result, ending) {
  const name = Object.keys(result.metafile.outputs).find((path) => path.endsWith(ending));
  if (!name) throw new Error(`the build made no ${ending} file`);
  return basename(name);
}

/** One hash over everything the page is made of; a test compares it with what is committed. */
async function sourcesHash() {
  const names = (await readdir(join(here, "src"), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(here, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  const hash = createHash("sha256");
  for (const name of [...names, "build.mjs", "package-lock.json"].sort()) {
    hash.update(`${name}\n`);
    hash.update(await readFile(join(here, name)));
  }
  return hash.digest("hex");
}

async function bundle() {
  await mkdir(out, { recursive: true });
  for (const name of await readdir(out)) await rm(join(out, name));
  const worklet = await build({
    ...shared,
    entryPoints: { worklet: join(here, "src/audio/worklet.ts") },
    format: "iife",
  });
  const page = await build({
    ...shared,
    entryPoints: { page: join(here, "src/main.ts") },
    format: "esm",
    define: { WORKLET_URL: JSON.stringify(`/page/${built(worklet, ".js")}`) },
  });
  const style = await build({
    ...shared,
    entryPoints: { page: join(here, "src/styles/page.css") },
    loader: { ".woff2": "file" },
    assetNames: "[name]-[hash]",
  });
  const html = (await readFile(join(here, "src/index.html"), "utf8"))
    .replace("{{script}}", `/page/${built(page, ".js")}`)
    .replace("{{style}}", `/page/${built(style, ".css")}`);
  await writeFile(join(out, "index.html"), html);
  await writeFile(join(out, "sources.sha256"), `${await sourcesHash()}\n`);
  const licence = join(here, "node_modules/@fontsource-variable/inter/LICENSE");
  await writeFile(join(out, "inter-LICENSE.txt"), await readFile(licence, "utf8")); // OFL 1.1
}

await bundle();
if (process.argv.includes("--watch")) {
  const watcher = await context({
    entryPoints: [join(here, "src/main.ts"), join(here, "src/styles/page.css")],
    bundle: true,
    write: false,
    outdir: out,
    loader: { ".woff2": "file" },
    define: { WORKLET_URL: '""' },
    plugins: [{ name: "rebuild", setup: (b) => b.onEnd(() => bundle().catch(console.error)) }],
  });
  await watcher.watch();
}
