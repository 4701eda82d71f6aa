// Pictures of what there is to choose, a sheet a slot, and of the faces one may begin with:
// node tools/looks/pictures.mjs [slot...]   Writes assets/wardrobe; without names all of it.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { FOLDER } from "./open.mjs";
import { onPage } from "./shoot.mjs";

const OUT =
  process.env.PICTURES_OUT ?? fileURLToPath(new URL("../../assets/wardrobe", import.meta.url));
const SIZE = 128;
const COLUMNS = 6;
const QUALITY = 0.72;

const { items, presets, slots } = JSON.parse(
  fs.readFileSync(path.join(FOLDER, "catalogue.json"), "utf8"),
);
const itemOf = (id) => items.find((one) => one.id === id);
const order = slots.map(({ id }) => id);

const body = (up, far, more = {}) => ({
  view: { at: "body", up: up + 0.03, look: up, far, angle: 14 },
  yaw: -0.35,
  ...more,
});
const face = (far, more = {}) => ({
  view: { at: "face", up: 0.02, look: -0.02, far, angle: 12 },
  yaw: -0.35,
  ...more,
});
/** From where a slot is looked at. */
const VIEWS = {
  face: face(2.2, { yaw: -0.3 }),
  hair: face(2.75, { view: { at: "face", up: 0.02, look: -0.02, far: 2.75, angle: 12 } }),
  brows: face(1.05, {
    view: { at: "face", up: -0.05, look: -0.05, far: 1.15, angle: 12 },
    yaw: -0.2,
  }),
  lashes: face(1.05, {
    view: { at: "face", up: -0.07, look: -0.07, far: 1.15, angle: 12 },
    yaw: -0.2,
  }),
  beard: face(1.5, { view: { at: "face", up: -0.09, look: -0.11, far: 1.6, angle: 12 } }),
  base: body(0.32, 3.6),
  legs: body(0.53, 4.9),
  top: body(1.04, 3.3),
  dress: body(0.66, 6),
  over: body(0.98, 3.9),
  outer: body(0.92, 4.3),
  feet: body(0.1, 1.9, { yaw: -0.85 }),
  head: face(2.4),
  eyewear: face(1.6),
  ears: face(1.35, {
    yaw: -1.05,
    view: { at: "face", up: -0.07, look: -0.09, far: 1.3, angle: 12 },
  }),
  neck: face(2, { view: { at: "face", up: -0.2, look: -0.26, far: 2.2, angle: 12 } }),
  hands: body(0.76, 2.1, { yaw: -0.55 }),
  back: body(1.02, 3.7, { yaw: 2.5 }),
  hearing: face(1.35, {
    yaw: -1.25,
    view: { at: "face", up: -0.02, look: -0.04, far: 1.35, angle: 12 },
  }),
  limb: body(0.35, 3.8),
  hand: body(0.62, 5.6),
};
const IN_COLOURS = {
  cloth: [14, 0, 29],
  hair: [3, 5, 4],
  metal: [4, 9, 6],
  eyewear: [4, 0],
  hand: [14, 29],
};
const PLAIN = {
  hair: "hair_low_bun",
  brows: "brows_soft",
  lashes: "lashes",
  legs: "jeans",
  top: "tee",
  feet: "sneakers",
};
/* What is worn on the leg is seen beside it. */
const BARE = { limb: "shorts", feet: "shorts" };
const QUIET = { hair: [3, 4], brows: [3], lashes: [], legs: [27, 27], top: [0, 0], feet: [0, 0] };

/** Somebody in quiet clothes with the one thing on. */
function wearing(item) {
  const gone = new Set([item.slot, ...(item.excludes ?? [])]);
  const others = Object.entries({ ...PLAIN, legs: BARE[item.slot] ?? PLAIN.legs }).filter(
    ([slot, id]) =>
      !gone.has(slot) &&
      !gone.has(id) &&
      !(itemOf(id).excludes ?? []).some((one) => one === item.slot || one === item.id),
  );
  const shades = item.zones.map(
    (_, i) => (IN_COLOURS[item.slot] ?? IN_COLOURS[item.palette])?.[i] ?? 0,
  );
  const wear = [
    ...others.map(([slot, id]) => ({ id, colours: QUIET[slot] })),
    { id: item.id, colours: shades },
  ]
    .map((one) => ({ ...one, colours: one.colours.slice(0, itemOf(one.id).zones.length) }))
    .sort((a, b) => order.indexOf(itemOf(a.id).slot) - order.indexOf(itemOf(b.id).slot));
  return { v: 1, body: { figure: /beard/.test(item.slot) ? 70 : -30 }, skin: 15, eyes: 1, wear };
}

const seated = (recipe) => recipe.wear.some(({ id }) => id === "wheelchair");
const cell = (recipe, view) => ({ recipe, ...view, clip: [seated(recipe) ? "sit" : "idle", 0.4] });
const SHEETS = {
  faces: presets.map(({ id, recipe }) => [
    id,
    { ...cell(recipe, VIEWS.face), morphs: { happy: 0.35 } },
  ]),
  ...Object.fromEntries(
    order
      .filter((slot) => items.some((one) => one.slot === slot))
      .map((slot) => [
        slot,
        items
          .filter((one) => one.slot === slot)
          .map((item) => [item.id, cell(wearing(item), VIEWS[slot])]),
      ]),
  ),
};

fs.mkdirSync(OUT, { recursive: true });
const listed = path.join(OUT, "pictures.json");
const sheets = fs.existsSync(listed) ? JSON.parse(fs.readFileSync(listed, "utf8")).sheets : {};
const wanted = process.argv.slice(2);
for (const [name, cells] of Object.entries(SHEETS)) {
  if (wanted.length && !wanted.includes(name)) continue;
  const out = path.join(OUT, `${name}.webp`);
  await onPage(
    "show",
    {
      cells: cells.map(([, one]) => one),
      columns: Math.min(COLUMNS, cells.length),
      width: SIZE,
      height: SIZE,
      back: "",
      quality: QUALITY,
    },
    out,
  );
  sheets[name] = cells.map(([id]) => id);
  console.log(name, cells.length, fs.statSync(out).size);
}
const inOrder = Object.fromEntries(
  Object.keys(SHEETS).flatMap((name) => (sheets[name] ? [[name, sheets[name]]] : [])),
);
fs.writeFileSync(
  listed,
  `{"columns":${COLUMNS},"sheets":{\n${Object.entries(inOrder)
    .map(([name, ids]) => `${JSON.stringify(name)}:${JSON.stringify(ids)}`)
    .join(",\n")}\n}}\n`,
);
