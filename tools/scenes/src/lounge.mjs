// The lounge: sofa group by the fire, a window to sit in, a table for four.
const P = Math.PI;
const chairs = (cx, cz, r, names) => names.map((name, i) => {
  const a = (i / names.length) * 2 * P + P / 4;
  return { kind: 'chair', at: [cx + Math.sin(a) * r, cz + Math.cos(a) * r], yaw: a + P, names: [name] };
});

export default {
  id: 'lounge', size: [10, 8], height: 3,
  walk: [-4.7, -3.7, 4.75, 3.75],
  spawn: [[-3.9, 2.5, 1.9], [-3.3, 2.1, 2.1], [-3.3, 2.9, 1.9], [-2.7, 2.5, 2], [-2.7, 1.7, 2.2],
    [-2.7, 3.2, 2], [-2.1, 2.1, 2.2], [-2.1, 2.9, 2.2], [-1.5, 2.5, 2.4], [-1.5, 1.7, 2.4],
    [-1.5, 3.2, 2.4], [-3.9, 3.3, 1.9]],
  // Seats are numbered in this order: new furniture with seats goes to the end.
  items: [
    { kind: 'sofa', at: [-0.2, -3.15], yaw: 0, names: ['sofa_left', 'sofa_middle', 'sofa_right'] },
    { kind: 'armchair', at: [-2.45, -1.75], yaw: P / 3, names: ['armchair_left'] },
    { kind: 'armchair', at: [2.05, -1.75], yaw: -P / 3, names: ['armchair_right'] },
    { kind: 'pouf', at: [-0.85, -0.1], yaw: P, names: ['pouf_left'] },
    { kind: 'pouf', at: [0.45, -0.1], yaw: P, names: ['pouf_right'] },
    { kind: 'windowBench', at: [-4.66, -0.3], yaw: P / 2, n: 3,
      names: ['window_right', 'window_middle', 'window_left'] },
    ...chairs(3.1, 1.45, 0.76, ['table_front_right', 'table_back_right', 'table_back_left',
      'table_front_left']),
    { kind: 'coffeeTable', at: [-0.2, -1.6] },
    { kind: 'roundTable', at: [3.1, 1.45], r: 0.52 },
    { kind: 'rug', at: [-0.2, -1.35], w: 4.6, d: 3.3 },
    { kind: 'bookcase', at: [-2.75, -3.78] },
    { kind: 'fireplace', at: [3.1, -3.76] },
    { kind: 'floorLamp', at: [1.42, -3.5] },
    { kind: 'sideTable', at: [-1.72, -3.2] },
    { kind: 'plant', at: [4.5, -3.45], size: 1.2, leaf: 'fiddle' },
    { kind: 'plant', at: [-4.5, -3.5], size: 1.3, leaf: 'palm' },
    { kind: 'plant', at: [-4.55, 1.45], size: 0.9, leaf: 'fern' },
  ],
  places: [{ name: 'door', x: -4.2, z: 2.5 }, { name: 'window', x: -3.8, z: 0.2 },
    { name: 'fireplace', x: 3.1, z: -2.7 }, { name: 'bookcase', x: -3.1, z: -3.1 },
    { name: 'rug', x: -0.2, z: 0.6 }, { name: 'table', x: 2.0, z: 1.5 },
    { name: 'open_floor', x: 0.2, z: 2.6 }],
  camera: { position: [3.9, 4.2, 9.5], target: [-0.2, 0.85, -0.7] },
  background: '#f4e9dc',
  ambient: { sky: '#fff3e2', ground: '#b8977c', intensity: 1.15 },
  sun: { colour: '#ffe2b8', intensity: 1.9, position: [-4.5, 6.5, 4] },
  lamps: [{ colour: '#ffb469', intensity: 9, position: [1.42, 1.75, -3.2], distance: 5 },
    { colour: '#ff8a3c', intensity: 8, position: [3.1, 0.55, -3.2], distance: 4.5 },
    { colour: '#ffc27d', intensity: 5, position: [-1.72, 1.15, -3.0], distance: 4 }],
  labels: {
    sofa_left: ['Sofa, left', 'Sofa, kiri'], sofa_middle: ['Sofa, middle', 'Sofa, tengah'],
    sofa_right: ['Sofa, right', 'Sofa, kanan'],
    armchair_left: ['Armchair, left', 'Kursi berlengan, kiri'],
    armchair_right: ['Armchair by the fire', 'Kursi berlengan dekat perapian'],
    pouf_left: ['Pouf, left', 'Puf, kiri'], pouf_right: ['Pouf, right', 'Puf, kanan'],
    window_right: ['Window bench, right', 'Bangku jendela, kanan'],
    window_middle: ['Window bench, middle', 'Bangku jendela, tengah'],
    window_left: ['Window bench, left', 'Bangku jendela, kiri'],
    table_front_right: ['Table, front right', 'Meja, kanan depan'],
    table_back_right: ['Table, back right', 'Meja, kanan belakang'],
    table_back_left: ['Table, back left', 'Meja, kiri belakang'],
    table_front_left: ['Table, front left', 'Meja, kiri depan'],
    door: ['Door', 'Pintu'], window: ['Window', 'Jendela'], fireplace: ['Fireplace', 'Perapian'],
    bookcase: ['Bookcase', 'Rak buku'], rug: ['Rug', 'Karpet'], table: ['Round table', 'Meja bundar'],
    open_floor: ['Open floor', 'Lantai lapang'], lounge: ['Lounge', 'Ruang santai'],
  },
};
