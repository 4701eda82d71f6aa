// How the café looks: brick at the back, a shop window on the left, tiles below.
import { bar } from './shapes.mjs';
import { framed } from './decor.mjs';
import { pendant } from './cafe_parts.mjs';
import { room } from './room.mjs';
import { sunPatches } from './daylight.mjs';
import { beans, bigCup, leaves, menuCakes, menuCups, sheet, streetView } from './drawings.mjs';
import { drawing, hex, tiles } from './textures.mjs';
import scene from './cafe.mjs';

const [W, D] = scene.size,
  H = scene.height;
const pane = (z0, z1, view) => ({
  hole: [-z1, 0.92, -z0, 2.72],
  cols: 3,
  rows: 2,
  sill: false,
  view,
  frame: '#35605c',
});
const WINDOWS = [
  pane(-3.15, -1.5, [0, 0, 0.55, 1]),
  pane(-1.2, 0.45, [0.25, 0, 0.8, 1]),
  pane(0.75, 2.2, [0.45, 0, 1, 1]),
];
const art = sheet(1024, 512, {
  cups: [0, 0, 300, 300, menuCups],
  cakes: [310, 0, 300, 300, menuCakes],
  big: [620, 0, 300, 400, bigCup],
  beans: [0, 310, 180, 180, beans],
  leaves: [190, 310, 150, 200, leaves],
});
const DADO = { colour: '#4f8f88', rail: '#35605c', high: 0.88 };

const LOOKS = {
  windowBench: {
    colour: '#35605c',
    cushion: '#c8704a',
    accents: [
      [-1.4, '#e0a63c', 0.3],
      [-0.1, '#8fb9a4', -0.2],
      [1.42, '#f3e3c8', -0.3],
    ],
  },
  sign: { art: art.rect('big') },
};
for (const item of scene.items) Object.assign(item, LOOKS[item.kind]);

export default {
  reach: 1.1,
  art: art.svg,
  sky: () => drawing(streetView, 82),
  floor: tiles({
    colours: ['#d8c4a4', '#b87a5a', '#6a9388'].map(hex),
    joint: hex('#a89478'),
    side: 0.34,
    pick: (i, j) => ((i + j) % 2 ? 0 : i % 4 === 0 ? 2 : 1),
  }),
  light: sunPatches(scene, WINDOWS, [0.75, 0.62, 0.4]),
  extras(m) {
    room(m, {
      size: [W, D],
      height: H,
      base: '#6e4227',
      back: { mat: 'brick', colour: '#d3997a' },
      left: {
        colour: '#ffe8c4',
        dado: DADO,
        windows: WINDOWS,
        doors: [{ hole: [-3.62, 0, -2.62, 2.2], glass: true, colour: '#35605c' }],
      },
    });
    m.inside([0, 0, -D / 2], 0, () => {
      framed(m, [-0.5, 2.72, 0], 0.86, 0.86, art.rect('cups'), '#8a5534');
      framed(m, [0.62, 2.72, 0], 0.86, 0.86, art.rect('cakes'), '#8a5534');
      framed(m, [1.74, 2.72, 0], 0.66, 0.86, art.rect('big'), '#8a5534');
      framed(m, [4.4, 2.0, 0], 0.6, 0.6, art.rect('beans'), '#b07a48');
      framed(m, [-3.2, 2.0, 0], 0.52, 0.7, art.rect('leaves'), '#b07a48');
    });
    for (const x of [0.2, 1.35, 2.5]) pendant(m, [x, 2.05, -2.4], H);
    m.add(bar([-0.2, H, -2.4], [2.9, H, -2.4], 0.018), 'trim', '#3a3634');
    for (const x of [-0.2, 2.9]) m.add(bar([x, H, -2.4], [x, H, -D / 2], 0.018), 'trim', '#3a3634');
    for (const [x, z, c] of [
      [-1.5, 0.9, '#c8704a'],
      [4.2, 0.1, '#c8704a'],
    ]) {
      pendant(m, [x, 2.0, z], H, c);
      m.add(bar([x, H, z], [x, H, -D / 2], 0.018), 'trim', '#3a3634');
    }
  },
};
