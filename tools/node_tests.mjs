// Runs files of node's tests and says what each test came to, one JSON line each, with the file that
// was asked for: node itself tells where `test` was called, which may be a helper.
//     node tools/node_tests.mjs [--at-once N] FILE...
import { availableParallelism, cpus } from "node:os";
import { run } from "node:test";
import { inspect } from "node:util";

const files = process.argv.slice(2);
const asked = files[0] === "--at-once" ? Number(files.splice(0, 2)[1]) : 0;
const lanes = asked || Math.max(1, (availableParallelism?.() ?? cpus().length) - 1);
let failed = false;

async function runs(file) {
  let said = "";
  for await (const { type, data } of run({ files: [file] })) {
    if (type === "test:stderr" || type === "test:stdout") said += data.message;
    // What went wrong when no test was on any more: nothing else says it.
    if (type === "test:diagnostic" && /asynchronous activity/.test(data.message))
      said += `${data.message}\n`;
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { name, skip, todo, details } = data;
    const ok = type === "test:pass";
    const whole = /[\\/]/.test(name) && file.endsWith(name.replace(/^.*[\\/]/, ""));
    if (skip !== undefined || todo !== undefined || (whole && ok)) continue;
    const row = { file, name: whole ? null : name, ok, seconds: (details.duration_ms ?? 0) / 1000 };
    if (!ok) {
      failed = true;
      row.error = inspect(details.error?.cause ?? details.error);
      const { exitCode, signal } = details.error ?? {};
      if (whole) row.error += `, exit ${exitCode}, signal ${signal}\n${said}`;
    }
    console.log(JSON.stringify(row));
  }
}

await Promise.all(
  Array.from({ length: lanes }, async () => {
    for (let file = files.shift(); file !== undefined; file = files.shift()) await runs(file);
  }),
);
process.exitCode = failed ? 1 : 0;
