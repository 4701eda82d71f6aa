// The rooms of the client: what may know what.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import test from "node:test";

const SRC = join(process.cwd(), "src");
/* Nobody below knows a feature; what gathers rows is the shell and the parts that are frames for them. */
const MAY: Record<string, string[]> = {
  lib: ["lib", "live", "kit"],
  live: ["live", "lib", "world"],
  /* Sums on numbers: a worker runs them, and tools do. */
  looks: ["looks"],
  world: ["world", "lib", "looks"],
  kit: ["kit", "lib", "live", "world", "looks"],
  room: ["room", "kit", "lib", "live", "world", "looks", "parts"],
  parts: ["parts", "room", "kit", "lib", "live", "world", "looks"],
  shell: ["shell", "parts", "room", "kit", "lib", "live"],
};

test("the kit and all below it know no part, and nobody knows the shell", () => {
  const wrong = readdirSync(SRC, { recursive: true })
    .map(String)
    .filter((path) => /\.tsx?$/.test(path) && path.includes("/") && !path.startsWith("gen/"))
    .flatMap((path) =>
      [...readFileSync(join(SRC, path), "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)]
        .map(([, to]) => relative(SRC, join(SRC, dirname(path), to!)))
        .filter((to) => to.includes("/") && !to.startsWith("gen/") && !to.startsWith("icons/"))
        .filter((to) => !MAY[path.split("/")[0]!]!.includes(to.split("/")[0]!))
        .map((to) => `${path} knows ${to}`),
    );
  assert.deepEqual(wrong, []);
});
