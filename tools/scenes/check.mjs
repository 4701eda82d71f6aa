// node tools/scenes/check.mjs: checks what lies under assets/scenes and assets/animations.
// Needs no package, so that the test run can call it. Says every fault; status 1 when there is one.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { free, reachable } from './src/plan.mjs';

const LIMITS = {
  glb: 600 * 1024,
  triangles: 60_000,
  draws: 40,
  materials: 30,
  picture: 2048,
  preview: 24 * 1024,
  view: 16 * 1024,
  clips: 120 * 1024,
  blocked: 64,
  lamps: 3,
  unit: 3e-4,
  seat: [0.3, 0.85],
};
const UNIT = 8191; // 13 bits and a sign: the client makes them whole again
const SCENES = ['lounge', 'cafe', 'garden'];
const CLIPS = [
  'idle',
  'idle2',
  'walk',
  'run',
  'sit',
  'sit2',
  'wave',
  'dance',
  'cheer',
  'laugh',
  'clap',
  'bow',
  'shrug',
  'think',
];
const EXTENSIONS = [
  'EXT_meshopt_compression',
  'KHR_meshopt_compression',
  'KHR_mesh_quantization',
  'EXT_texture_webp',
  'KHR_texture_transform',
  'KHR_materials_unlit',
];

const assets = process.argv[2] ?? new URL('../../assets', import.meta.url).pathname;
const faults = [];
const must = (ok, text) => {
  if (!ok) faults.push(text);
};
const json = (path) => JSON.parse(readFileSync(`${assets}/${path}`, 'utf8'));

function checkPlan(plan, labels) {
  const say = (text) => `${plan.id}: ${text}`,
    reach = reachable(plan);
  const walkable = (x, z) => free(plan, x, z) && reach(x, z);
  const [w, d] = plan.size;
  must(
    plan.walk[0] >= -w / 2 &&
      plan.walk[2] <= w / 2 &&
      plan.walk[1] >= -d / 2 &&
      plan.walk[3] <= d / 2,
    say('one can walk out of it'),
  );
  must(plan.blocked.length <= LIMITS.blocked, say(`${plan.blocked.length} blocked rectangles`));
  must(plan.spawn.length >= 8 && plan.spawn.length <= 16, say('8 to 16 spawn points'));
  must(plan.seats.length >= 8 && plan.seats.length <= 32, say('8 to 32 seats'));
  must(plan.places.length >= 4 && plan.places.length <= 8, say('4 to 8 places'));
  must(plan.lamps.length <= LIMITS.lamps, say('too many lamps'));
  plan.spawn.forEach(([x, z]) => must(walkable(x, z), say(`spawn ${x}, ${z} is not free`)));
  plan.places.forEach((p) => must(walkable(p.x, p.z), say(`nobody can get to ${p.name}`)));
  plan.seats.forEach((s, i) => {
    must(s.n === i + 1, say(`seat ${s.name} has number ${s.n}`));
    must(walkable(...s.stand), say(`nobody can stand beside ${s.name}`));
    must(
      Math.hypot(s.x - s.stand[0], s.z - s.stand[1]) < 1.2,
      say(`${s.name} is far from its stand`),
    );
    must(s.y >= LIMITS.seat[0] && s.y <= LIMITS.seat[1], say(`${s.name} is ${s.y} m high`));
  });
  for (const list of [plan.seats, plan.places]) {
    must(new Set(list.map((s) => s.name)).size === list.length, say('a name is there twice'));
    for (const { name } of list) {
      must(/^[a-z][a-z0-9_]*$/.test(name), say(`bad name ${name}`));
      must(labels[name]?.en && labels[name]?.id, say(`no label for ${name}`));
    }
  }
}

function checkGlb(id) {
  const path = `${assets}/scenes/${id}.glb`,
    say = (text) => `${id}.glb: ${text}`;
  if (!existsSync(path)) {
    must(false, say('is not there'));
    return;
  }
  const b = readFileSync(path);
  must(b.length <= LIMITS.glb, say(`${b.length} bytes`));
  must(
    b.toString('latin1', 0, 4) === 'glTF' &&
      b.readUInt32LE(4) === 2 &&
      b.readUInt32LE(8) === b.length,
    say('bad head'),
  );
  const size = b.readUInt32LE(12),
    g = JSON.parse(b.toString('utf8', 20, 20 + size));
  must(b.readUInt32LE(20 + size) <= b.length - 28 - size, say('short binary part'));
  const bin = b.subarray(28 + size);
  must(g.scenes.length === 1, say('more than one scene'));
  (g.extensionsRequired ?? []).forEach((e) => must(EXTENSIONS.includes(e), say(`needs ${e}`)));
  must(!g.cameras && !g.animations && !g.skins, say('holds more than furniture'));
  must(g.materials.length <= LIMITS.materials, say(`${g.materials.length} materials`));
  g.bufferViews.forEach((v, i) => {
    const from =
      v.extensions?.EXT_meshopt_compression ?? v.extensions?.KHR_meshopt_compression ?? v;
    must((from.byteOffset ?? 0) + from.byteLength <= bin.length, say(`view ${i} leaves the file`));
  });
  let [draws, triangles] = [0, 0];
  for (const p of g.meshes.flatMap((m) => m.primitives)) {
    draws += 1;
    triangles += g.accessors[p.indices].count / 3;
    must((p.mode ?? 4) === 4, say('something other than triangles'));
    must(
      p.attributes.COLOR_0 !== undefined && p.attributes.NORMAL !== undefined,
      say('a part without colour or normals'),
    );
  }
  must(draws <= LIMITS.draws, say(`${draws} draw calls`));
  must(triangles <= LIMITS.triangles, say(`${triangles} triangles`));
  for (const image of g.images ?? []) {
    const v = g.bufferViews[image.bufferView];
    const head = bin.subarray(v.byteOffset ?? 0, (v.byteOffset ?? 0) + v.byteLength);
    must(
      !image.uri && image.mimeType === 'image/webp' && head.toString('latin1', 8, 12) === 'WEBP',
      say('a picture that is no WebP'),
    );
    if (head.toString('latin1', 12, 16) === 'VP8 ') {
      const sides = [head.readUInt16LE(26) & 0x3fff, head.readUInt16LE(28) & 0x3fff];
      must(Math.max(...sides) <= LIMITS.picture, say(`a picture of ${sides}`));
    }
  }
  must(
    g.nodes.every((n) => n.mesh === undefined || typeof n.extras?.cast === 'boolean'),
    say('a node does not say whether it casts a shadow'),
  );
}

function checkClips() {
  const text = readFileSync(`${assets}/animations/clips.json`),
    { fps, clips } = JSON.parse(text);
  const packed = brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9 },
  }).length;
  must(packed <= LIMITS.clips, `clips.json: ${packed} bytes compressed`);
  CLIPS.forEach((name) => must(clips[name], `clips.json: no ${name}`));
  for (const [name, clip] of Object.entries(clips)) {
    const n = Math.round(clip.seconds * fps) + 1;
    for (const [bone, { q, p }] of Object.entries(clip.tracks)) {
      const say = (what) => `clip ${name}, ${bone}: ${what}`;
      // A part that does not move has one frame.
      must((q.length === n || q.length === 1) && (!p || p.length === n), say(`not ${n} frames`));
      must(!p || bone === 'hips', say('only hips move'));
      must(
        q.every((v) => Math.abs(Math.hypot(...v) / UNIT - 1) < LIMITS.unit),
        say('not normalised'),
      );
      // Neighbours on one side of the sphere, or a blend between them would spin.
      must(
        q.every((v, i) => i === 0 || v.reduce((s, c, k) => s + c * q[i - 1][k], 0) > 0),
        say('flips its sign'),
      );
      if (clip.loop) {
        const far = Math.max(...q[0].map((v, k) => Math.abs(v - q[q.length - 1][k])));
        must(far <= 2, say('does not close'));
        must(!p || p[0].every((v, k) => v === p[n - 1][k]), say('hips do not come back'));
      }
    }
    must(clip.tracks.hips?.p, `clip ${name}: hips have no place`);
  }
}

const labels = json('scenes/labels.json');
for (const id of SCENES) {
  checkPlan(json(`scenes/${id}.json`), labels);
  checkGlb(id);
  const { views } = json(`scenes/${id}.json`);
  for (const name of [id, ...views.map((view) => `${id}-${view}`)]) {
    const preview = `${assets}/scenes/previews/${name}.avif`;
    const most = name === id ? LIMITS.preview : LIMITS.view;
    must(existsSync(preview) && statSync(preview).size <= most, `${preview}: not there or too big`);
  }
  for (const view of views) must(labels[view]?.en && labels[view]?.id, `no label for view ${view}`);
}
checkClips();
faults.forEach((f) => console.error(f));
console.log(faults.length ? `${faults.length} faults` : 'scenes and clips are in order');
process.exitCode = faults.length ? 1 : 0;
