// Writes the scenes' plans and the labels of all their seats and places.
import { writeFileSync } from 'node:fs';
import { planOf } from './plan.mjs';

const line = (v) => JSON.stringify(v);

// One line a list entry: readable, and a diff shows which seat moved.
function planText(plan) {
  const rows = Object.entries(plan).map(([k, v]) =>
    Array.isArray(v) && typeof v[0] === 'object'
      ? `${line(k)}: [\n  ${v.map(line).join(',\n  ')}\n ]`
      : `${line(k)}: ${line(v)}`,
  );
  return `{${rows.join(',\n ')}}\n`;
}

export function emitPlans(scenes, folder) {
  const labels = {};
  for (const scene of scenes) {
    const plan = planOf(scene);
    writeFileSync(`${folder}/${scene.id}.json`, planText(plan));
    for (const [name, [en, id]] of Object.entries(scene.labels)) {
      const known = labels[name];
      if (known && (known.en !== en || known.id !== id)) throw new Error(`label ${name} differs`);
      labels[name] = { en, id };
    }
  }
  const rows = Object.keys(labels)
    .sort()
    .map((k) => `${line(k)}: ${line(labels[k])}`);
  writeFileSync(`${folder}/labels.json`, `{${rows.join(',\n ')}}\n`);
}
