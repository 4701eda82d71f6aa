// Body shapes in few numbers: the package's rows of body and head, projected on main components.
import { addTarget, tagCategory, targetNames } from "../avatars/source.mjs";
import { randomOf } from "./chance.mjs";
import { YOUTH } from "./style.mjs";

export const COMPONENTS = 18;
const SAMPLES = 220;
const HEAD_WEIGHT = 2.2,
  JOINT_WEIGHT = 3;

const macroRows = targetNames
  .filter((name) => /^macrodetails\/|^breast\/(fe)?male-/.test(name) && !/baby/.test(name))
  .map((name) => ({
    name,
    words: name
      .split("/")
      .pop()
      .split("-")
      .filter((word) => tagCategory[word]),
  }));
const RACE = /^(caucasian|asian|african)$/;

/** Rows that differ by nothing that a look can choose are one. */
function merged(list) {
  const rows = new Map();
  for (const { name, words } of list) {
    const kept = words.filter((word) => !RACE.test(word));
    const key = kept.join("-") + (kept.length < words.length ? "" : `:${name.split("/").at(-2)}`);
    const row = rows.get(key) ?? { words: kept, names: [], share: 1 / 3 };
    row.names.push(name);
    if (kept.length === words.length) row.share = 1;
    rows.set(key, row);
  }
  return [...rows.values()];
}
export const BODY_ROWS = merged(
  macroRows.filter(({ name }) => !/child|maxcup|minfirmness|maxfirmness/.test(name)),
);
export const HEAD_ROWS = merged(macroRows.filter(({ name }) => !/breast/.test(name)));

/** Sum of weighted targets on the whole base mesh. */
export function sumOf(n, list) {
  const delta = new Float64Array(n * 3);
  for (const [name, weight] of list) addTarget(delta, name, weight);
  return delta;
}

const dot = (a, b, weight) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i] * weight[i];
  return sum;
};

/** Main directions of the samples (under `weight`), strongest first, by power iteration. */
function directions(samples, weight, random) {
  const m = samples.length;
  const gram = samples.map((a, i) => samples.map((b, j) => (j <= i ? dot(a, b, weight) : 0)));
  for (let i = 0; i < m; i++) for (let j = i + 1; j < m; j++) gram[i][j] = gram[j][i];
  let basis = Array.from({ length: COMPONENTS }, () => samples.map(() => random() - 0.5));
  const ortho = () =>
    basis.forEach((q, i) => {
      for (let j = 0; j < i; j++) {
        const d = q.reduce((sum, x, s) => sum + x * basis[j][s], 0);
        q.forEach((_, s) => {
          q[s] -= d * basis[j][s];
        });
      }
      const length = Math.hypot(...q);
      q.forEach((_, s) => {
        q[s] /= length;
      });
    });
  for (let round = 0; round < 40; round++) {
    basis = basis.map((q) => gram.map((row) => row.reduce((sum, x, s) => sum + x * q[s], 0)));
    ortho();
  }
  return basis.map((q) => {
    const out = new Float64Array(samples[0].length);
    samples.forEach((x, s) => {
      for (let i = 0; i < out.length; i++) out[i] += x[i] * q[s];
    });
    const length = Math.sqrt(dot(out, out, weight));
    return out.map((x) => x / length);
  });
}

function randomBody(random) {
  const x = (low, high) => low + (high - low) * random();
  return {
    male: random() < 0.4 ? 0 : random() < 0.6 ? 1 : random(),
    age: x(0.5, 0.92),
    weight: x(0.08, 1.28),
    muscle: x(0.15, 1),
    height: x(0.15, 0.85),
    proportions: x(0.45, 1),
    cup: x(0.05, 0.5),
  };
}

/**
 * restrict(dense) -> values of our points; soften(values) -> of the head alone, set on the neck.
 * Returns the components, the rows' coordinates in them, and what they leave of the mean.
 */
export function components({ n, restrict, soften, head, points, body, factorsOf, weightOf }) {
  const rows = (list) =>
    list.map((row) =>
      restrict(
        sumOf(
          n,
          row.names.map((name) => [name, row.share]),
        ),
      ),
    );
  const bodies = rows(BODY_ROWS),
    heads = rows(HEAD_ROWS).map(soften);
  const shape = (macro) => {
    const out = new Float64Array(points * 3);
    const add = (row, w) => {
      if (Math.abs(w) > 1e-4) for (let i = 0; i < out.length; i++) out[i] += row[i] * w;
    };
    const now = factorsOf(macro),
      soft = factorsOf(macro, true);
    BODY_ROWS.forEach(({ words }, i) => add(bodies[i], weightOf(words, now)));
    HEAD_ROWS.forEach(({ words }, i) =>
      add(heads[i], YOUTH * (weightOf(words, soft) - weightOf(words, now))),
    );
    return out;
  };
  const random = randomOf(7);
  const samples = Array.from({ length: SAMPLES }, () => shape(randomBody(random)));
  const mean = new Float64Array(points * 3);
  for (const x of samples) for (let i = 0; i < mean.length; i++) mean[i] += x[i] / SAMPLES;
  for (const x of samples) for (let i = 0; i < mean.length; i++) x[i] -= mean[i];
  const weight = new Float64Array(points * 3);
  for (let p = 0; p < points; p++)
    weight.fill(
      p >= points - (points - body.all)
        ? JOINT_WEIGHT
        : p < body.skin && head[p] > 0.5
          ? HEAD_WEIGHT
          : 1,
      p * 3,
      p * 3 + 3,
    );
  const basis = directions(samples, weight, random);
  const spread = basis.map((b) =>
    Math.sqrt(samples.reduce((sum, x) => sum + dot(b, x, weight) ** 2, 0) / SAMPLES),
  );
  const project = (row) => basis.map((b) => dot(b, row, weight));
  const rest = Float64Array.from(mean);
  project(mean).forEach((c, k) => {
    for (let i = 0; i < rest.length; i++) rest[i] -= c * basis[k][i];
  });
  return {
    basis,
    spread,
    rest,
    shape,
    body: bodies.map(project),
    head: heads.map((row) => project(row).map((x) => x * YOUTH)),
  };
}
