// A page of pictures drawn in Chromium: shoot(sheet, out.png) -> what the page says of each cell.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(path.join(ROOT, "web/package.json"));
const { buildSync } = require("esbuild");
const { chromium } = require("playwright-core");

const TYPES = { ".json": "application/json", ".js": "text/javascript", ".html": "text/html" };
const WAIT_MS = 240000;

function serve(script) {
  return http
    .createServer((request, response) => {
      const name = decodeURI(request.url.split("?")[0]);
      if (name === "/" || name === "/page.js") {
        response.setHeader("content-type", name === "/" ? "text/html" : TYPES[".js"]);
        response.end(name === "/" ? '<!doctype html><script src="/page.js"></script>' : script);
        return;
      }
      const file = path.join(ROOT, path.normalize(name));
      if (!file.startsWith(path.join(ROOT, "assets")) || !fs.existsSync(file)) {
        response.statusCode = 404;
        response.end();
        return;
      }
      response.setHeader("content-type", TYPES[path.extname(file)] ?? "application/octet-stream");
      response.end(fs.readFileSync(file));
    })
    .listen(0, "127.0.0.1");
}

/** Opens the page of the tool and calls its function `name` with `given`. */
export async function onPage(name, given, out, entry = "page.ts") {
  const built = buildSync({
    entryPoints: [fileURLToPath(new URL(`view/${entry}`, import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    target: "chrome120",
    logLevel: "warning",
    nodePaths: [path.join(ROOT, "web/node_modules")],
  });
  const server = serve(built.outputFiles[0].text);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--use-gl=angle",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      "--ignore-gpu-blocklist",
    ],
  });
  try {
    const page = await browser.newPage();
    page.on("console", (message) => {
      if (!/GPU stall|ReadPixels/.test(message.text()))
        console.log(">", message.text().slice(0, 2000));
    });
    page.on("pageerror", (error) => console.log("!", error.message));
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const said = await page.evaluate(([f, x]) => window[f](x), [name, given]);
    if (out) {
      const type = out.endsWith(".webp") ? "image/webp" : "image/png";
      const data = await page.evaluate(
        ([as, well]) => document.querySelector("canvas").toDataURL(as, well),
        [type, given.quality ?? 0.82],
      );
      fs.writeFileSync(out, Buffer.from(data.split(",")[1], "base64"));
    }
    return said;
  } finally {
    await browser.close();
    server.close();
  }
}

export const shoot = (sheet, out) => onPage("show", { back: "#e9dfd2", ...sheet }, out);
