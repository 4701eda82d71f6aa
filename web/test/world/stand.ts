// A page with nothing but the world on it: own little server, the product's security policy,
// Chromium without a graphics card.
import { build } from "esbuild";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { CHROMIUM, DRAWS } from "../../../tests/support/chromium.mjs";

const WEB = process.cwd();
const { divideClips } = await import(pathToFileURL(join(WEB, "clips.mjs")).href);
const ASSETS = process.env["BAUTA_ASSETS"] ?? join(WEB, "../assets");
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; " +
  "img-src 'self' blob:; connect-src 'self' blob:; style-src 'self'; base-uri 'none'";
const KINDS: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".glb": "model/gltf-binary",
  ".bin": "application/octet-stream",
};
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>world</title>' +
  '<link rel="stylesheet" href="/page.css"><div id="host"></div>' +
  '<script type="module" src="/boot.js"></script>';
/* Without a graphics card each point costs; nobody here counts them. */
const RATIO = 0.25;
const STYLE = "body{margin:0}#host{position:relative;width:100vw;height:100vh}";
const BOOT = 'import * as kit from "/kit.js"; window.kit = kit;';
const KIT = `
  export { createWorld, dismiss, prepare } from "./src/world/index.ts";
  export { Orbit } from "./src/world/orbit.ts";
  export { Vector3 } from "three";
`;

/** As the build divides them. */
const PARTS = ["animations/first.json", "animations/rest.json"];
function clipParts(): Record<string, [string, string]> {
  const whole = JSON.parse(readFileSync(join(ASSETS, "animations/clips.json"), "utf8"));
  const texts = Object.values(divideClips(whole)).map((part) => JSON.stringify(part));
  return Object.fromEntries(
    PARTS.map((part, n) => [`/assets/${part}`, [texts[n]!, KINDS[".json"]!]]),
  );
}

export interface Stand {
  page: Page;
  /** What went wrong on the page so far: console errors, exceptions, refused by policy. */
  wrong: string[];
  close(): Promise<void>;
}

function assetNames(folder = ""): Record<string, string> {
  const names: Record<string, string> = {};
  for (const name of readdirSync(join(ASSETS, folder))) {
    const path = folder ? `${folder}/${name}` : name;
    if (statSync(join(ASSETS, path)).isDirectory()) Object.assign(names, assetNames(path));
    else if (extname(name) in KINDS) names[path] = `/assets/${path}`;
  }
  for (const part of PARTS) names[part] = `/assets/${part}`;
  names["looks.js"] = "/looks.js";
  return names;
}

async function bundled(): Promise<string> {
  const result = await build({
    stdin: { contents: KIT, resolveDir: WEB, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    logLevel: "error",
    plugins: [
      {
        name: "assets",
        setup(esbuild) {
          esbuild.onResolve({ filter: /^bauta:assets$/ }, () => ({
            path: "assets",
            namespace: "bauta",
          }));
          esbuild.onLoad({ filter: /.*/, namespace: "bauta" }, () => ({
            contents: JSON.stringify(assetNames()),
            loader: "json",
          }));
        },
      },
    ],
  });
  return result.outputFiles[0]!.text;
}

/** What assembles looks, as the build makes it. */
async function worker(): Promise<string> {
  const result = await build({
    entryPoints: [join(WEB, "src/looks/worker.ts")],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    logLevel: "error",
  });
  return result.outputFiles[0]!.text;
}

/** The build lays parts of looks flat. */
const unflat = (path: string): string =>
  path.replace(/^\/a\/looks-(items-)?/, (_, items) => `/assets/looks/${items ? "items/" : ""}`);

function serve(kit: string, looks: string): Promise<Server> {
  const made: Record<string, [string, string]> = {
    "/": [PAGE, "text/html"],
    "/page.css": [STYLE, "text/css"],
    "/boot.js": [BOOT, "text/javascript"],
    "/kit.js": [kit, "text/javascript"],
    "/looks.js": [looks, "text/javascript"],
    ...clipParts(),
  };
  const server = createServer((request, answer) => {
    const path = unflat(new URL(request.url ?? "/", "http://x").pathname);
    answer.setHeader("Content-Security-Policy", POLICY);
    if (path === "/favicon.ico") return void answer.writeHead(204).end();
    const [text, kind] = made[path] ?? [];
    if (text && kind) return void answer.writeHead(200, { "Content-Type": kind }).end(text);
    const file = join(ASSETS, path.replace(/^\/assets\//, ""));
    if (path.includes("..") || !existsSync(file)) return void answer.writeHead(404).end();
    const bytes = readFileSync(file);
    const type = KINDS[extname(file)] ?? "application/octet-stream";
    answer.writeHead(200, { "Content-Type": type, "Content-Length": bytes.length }).end(bytes);
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

export async function stand(width: number, height: number, more: string[] = []): Promise<Stand> {
  const server = await serve(await bundled(), await worker());
  let browser: Browser | null = null;
  try {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...DRAWS, ...more] });
    const page = await browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(60_000);
    await page.addInitScript(
      (value) => Object.defineProperty(window, "devicePixelRatio", { value }),
      RATIO,
    );
    const wrong: string[] = [];
    page.on("console", (m) => m.type() === "error" && wrong.push(m.text()));
    page.on("pageerror", (e) => wrong.push(String(e)));
    const { port } = server.address() as { port: number };
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction("window.kit");
    const close = async (): Promise<void> => {
      await browser?.close();
      server.close();
    };
    return { page, wrong, close };
  } catch (failure) {
    await browser?.close();
    server.close();
    throw failure;
  }
}

export function sceneText(id: string): string {
  return readFileSync(join(ASSETS, "scenes", `${id}.json`), "utf8");
}
