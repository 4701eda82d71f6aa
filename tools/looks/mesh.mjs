// Which vertices of the base mesh a look is made of, and the triangles of its three levels.
import { MeshoptSimplifier } from "../avatars/deps.mjs";
import { BONES } from "../avatars/body.mjs";
import { vertexNormals } from "../avatars/mesh.mjs";

await MeshoptSimplifier.ready;

const fan = (v) => (v.length === 4 ? [v[0], v[1], v[2], v[0], v[2], v[3]] : v);
export const fans = (faces) => faces.flatMap((face) => fan(face.v ?? face));

/** Triangles at each level; the face keeps its loops of eyes, lips and brows at the first. */
const LEVELS = { head: [5600, 2300, 620], limbs: [3300, 1150, 430] };
const CAGE_LEVELS = { tights: [1900, 1150], skirt: [480, 280] };
/** What lies in a face beside its skin, whole at every level. */
export const IN_FACE = [
  "l-eyelashes-1",
  "l-eyelashes-2",
  "r-eyelashes-1",
  "r-eyelashes-2",
  "upper-teeth",
  "lower-teeth",
  "tongue",
];
const GROUPS = ["tights", "skirt", ...IN_FACE];

/** Reduces triangles over `pos`; vertices with `keep` set stay. */
function reduced(idx, pos, normals, keep, count, error, options = []) {
  const attributes = Float32Array.from(normals);
  const [less] = MeshoptSimplifier.simplifyWithAttributes(
    Uint32Array.from(idx),
    Float32Array.from(pos),
    3,
    attributes,
    3,
    [0.5, 0.5, 0.5],
    keep,
    count * 3,
    error,
    options,
  );
  return [...less];
}

/** Vertices around the mouth, the lids and the brows, near enough that a loop there must stay. */
function loops(body, near) {
  const { pos, joints, head } = body;
  const keep = new Uint8Array(body.n);
  const eyes = [joints.leftEye, joints.rightEye];
  for (let v = 0; v < body.n; v++) {
    if (head[v] < 0.9) continue;
    const [x, y, z] = pos.subarray(v * 3, v * 3 + 3);
    const eye = Math.min(...eyes.map((e) => Math.hypot(x - e[0], (y - e[1]) * 1.25, z - e[2])));
    const lip = Math.hypot(x * 0.85, (y - near.mouth[1]) * 1.3, z - near.mouth[2]);
    if (eye < near.eye || (lip < near.lip && z > near.mouth[2] - 0.32)) keep[v] = 1;
  }
  return keep;
}

/**
 * body: of tools/avatars/body.mjs, in the shape that decides what may be left out.
 * Returns {vertices: numbers in the base mesh, body: how many of them are skin, levels:
 * [{head, limbs}], groups: {name: polygons}, cages: {tights: [3 levels], skirt}} in own numbers.
 */
export function chooseMesh(body, mouth) {
  const { pos, n } = body;
  const normals = vertexNormals(pos, body.faces, n);
  const isHead = ({ v }) => v.every((a) => body.head[a] > 0.5);
  const whole = {
    head: fans(body.faces.filter(isHead)),
    limbs: fans(body.faces.filter((face) => !isHead(face))),
  };
  const keep = loops(body, { mouth, eye: 0.27, lip: 0.4 });
  const first = {},
    levels = [{}, {}, {}];
  for (const part of ["head", "limbs"]) {
    let idx = whole[part];
    LEVELS[part].forEach((count, level) => {
      idx = reduced(
        level ? first[part] : idx,
        pos,
        normals,
        level ? null : keep,
        count,
        level ? 0.9 : 0.06,
        level < 2 ? ["LockBorder"] : [],
      );
      if (!level) first[part] = idx;
      levels[level][part] = idx;
    });
  }
  const skin = [...new Set([...first.head, ...first.limbs])].sort((a, b) => a - b);
  const groups = {};
  for (const name of GROUPS)
    groups[name] = body.base.faces
      .filter((face) => face.group === `helper-${name}`)
      .map((face) => face.v);
  const rest = [...new Set(Object.values(groups).flat(2))].filter((v) => !skin.includes(v));
  const vertices = [...skin, ...rest.sort((a, b) => a - b)];
  const own = new Map(vertices.map((v, i) => [v, i]));
  const renumber = (list) => list.map((v) => own.get(v));
  const cages = {};
  for (const [name, counts] of Object.entries(CAGE_LEVELS)) {
    const idx = fans(groups[name]);
    cages[name] = [
      idx,
      ...counts.map((count) => [
        ...MeshoptSimplifier.simplify(
          Uint32Array.from(idx),
          Float32Array.from(pos),
          3,
          count * 3,
          0.5,
          ["LockBorder"],
        )[0],
      ]),
    ].map(renumber);
  }
  return {
    vertices,
    body: skin.length,
    cages,
    levels: levels.map(({ head, limbs }) => ({ head: renumber(head), limbs: renumber(limbs) })),
    groups: Object.fromEntries(Object.entries(groups).map(([k, list]) => [k, list.map(renumber)])),
  };
}

/** The bones in order, with their parents: points of the base behind its vertices. */
export const JOINTS = Object.keys(BONES);
export const PARENTS = JOINTS.map((bone) => JOINTS.indexOf(BONES[bone][0]));
