// Where furniture stands and where one sits: footprints and seats of every kind that has them.
// The shapes in furniture.mjs and friends are built from the same measures.
// Local frame of an item: metres, forward is +z, its centre at the origin.
const box = (w, d, x = 0, z = 0) => [x - w / 2, z - d / 2, x + w / 2, z + d / 2];
const SINK_M = 0.02; // what cushion and flesh give way
const FRONT = [
  [0, 0.72],
  [-0.3, 0.76],
  [0.3, 0.76],
  [0, 0.9],
];
const BESIDE = [
  [-0.52, 0],
  [0.52, 0],
  [-0.5, -0.25],
  [0.5, -0.25],
  [0, -0.55],
];
const row = (n, step, z, y, stand = FRONT) =>
  Array.from({ length: n }, (_, i) => ({ x: (i - (n - 1) / 2) * step, z, y, yaw: 0, stand }));

export const SIZES = {
  sofa: { w: 2.36, d: 0.96, seat: 0.42, step: 0.62 },
  armchair: { w: 0.94, d: 0.9, seat: 0.42 },
  pouf: { r: 0.3, seat: 0.44 },
  windowBench: { d: 0.56, seat: 0.46, step: 0.78 },
  chair: { w: 0.44, d: 0.46, seat: 0.46 },
  stool: { r: 0.2, seat: 0.72 },
  bench: { w: 1.6, d: 0.58, seat: 0.45, step: 0.62 },
  log: { w: 1.36, d: 0.42, seat: 0.43, step: 0.66 },
  swing: { w: 1.9, d: 1.1, seat: 0.47, step: 0.6 },
};
const S = SIZES;

// One row a kind: foot(options) gives rectangles [minx, minz, maxx, maxz], seats(options) seats.
export const KINDS = {
  sofa: {
    foot: () => [box(S.sofa.w, S.sofa.d)],
    seats: () => row(3, S.sofa.step, 0.06, S.sofa.seat),
  },
  armchair: {
    foot: () => [box(S.armchair.w, S.armchair.d)],
    seats: () => row(1, 0, 0.06, S.armchair.seat),
  },
  pouf: {
    foot: () => [box(0.52, 0.52)],
    seats: () =>
      row(1, 0, 0, S.pouf.seat - SINK_M, [
        [0, 0.62],
        [-0.6, 0],
        [0.6, 0],
        [0, -0.62],
      ]),
  },
  windowBench: {
    foot: (o) => [box(o.n * S.windowBench.step + 0.2, S.windowBench.d)],
    seats: (o) => row(o.n, S.windowBench.step, 0.05, S.windowBench.seat - SINK_M),
  },
  chair: {
    foot: () => [box(S.chair.w, S.chair.d)],
    seats: () => row(1, 0, 0, S.chair.seat - SINK_M, BESIDE),
  },
  stool: {
    foot: () => [box(0.36, 0.36)],
    seats: () =>
      row(1, 0, 0, S.stool.seat - SINK_M, [
        [0, -0.55],
        [-0.5, -0.3],
        [0.5, -0.3],
      ]),
  },
  bench: {
    foot: () => [box(S.bench.w, S.bench.d)],
    seats: () => row(2, S.bench.step, 0.03, S.bench.seat - SINK_M),
  },
  log: {
    foot: () => [box(S.log.w, S.log.d)],
    seats: () => row(2, S.log.step, 0, S.log.seat - SINK_M),
  },
  swing: {
    foot: () => [box(S.swing.w, S.swing.d)],
    seats: () =>
      row(2, S.swing.step, 0.05, S.swing.seat - SINK_M, [
        [0, 0.82],
        [-0.2, 0.85],
        [0.2, 0.85],
      ]),
  },
  coffeeTable: { foot: () => [box(1.3, 0.68)] },
  roundTable: { foot: (o) => [box(o.r * 1.7, o.r * 1.7)] },
  longTable: { foot: () => [box(2.5, 0.9)] },
  bookcase: { foot: () => [box(1.5, 0.36)] },
  sideTable: { foot: () => [box(0.42, 0.42)] },
  fireplace: { foot: () => [box(1.7, 0.42), box(1.5, 0.3, 0, 0.34)] },
  floorLamp: { foot: () => [box(0.34, 0.34)] },
  plant: { foot: (o) => [box(0.4 * (o.size ?? 1), 0.4 * (o.size ?? 1))] },
  counter: { foot: (o) => [box(o.w, 0.8)] },
  pastryCase: { foot: () => [box(1.5, 0.8)] },
  backBar: { foot: (o) => [box(o.w, 0.5)] },
  planter: { foot: (o) => [box(o.w, 0.36)] },
  sign: { foot: () => [box(0.6, 0.5)] },
  fireBowl: { foot: () => [box(0.9, 0.9)] },
  tree: { foot: (o) => [box(0.5 * (o.size ?? 1), 0.5 * (o.size ?? 1))] },
  flowerBed: { foot: (o) => [box(o.w, o.d)] },
  pond: { foot: (o) => [box(o.rx * 2, o.rz * 1.1), box(o.rx * 1.3, o.rz * 2)] },
  post: { foot: () => [box(0.2, 0.2)] },
  lantern: { foot: () => [box(0.3, 0.3)] },
  hedge: { foot: (o) => [box(o.w, 0.8)] },
};
