// How the lounge looks: colours, walls, pictures, what lies about.
import { framed, bookPile, mug, vase } from './decor.mjs';
import { room } from './room.mjs';
import { dayView, landscape, leaves, rugArt, shapes, sheet } from './drawings.mjs';
import { sunPatches } from './daylight.mjs';
import { drawing, hex, planks } from './textures.mjs';
import scene from './lounge.mjs';

const [W, D] = scene.size,
  WINDOW = [-0.85, 1.02, 1.45, 2.4];
const art = sheet(1024, 512, {
  rug: [0, 0, 640, 460, rugArt('#ecdcc2', '#b5543f', '#3f7d78')],
  landscape: [650, 0, 260, 180, landscape],
  leaves: [650, 190, 180, 240, leaves],
  shapes: [840, 190, 180, 180, shapes],
});
const DADO = { colour: '#efe4d3', rail: '#fbf5ea', high: 0.98 };

const LOOKS = {
  sofa: {
    colour: '#dfa53f',
    pillows: [
      [-0.86, '#c8553d', 0.35],
      [0.84, '#3f7d78', -0.3],
      [0.5, '#f3e3c8', -0.1],
    ],
  },
  armchair_left: { colour: '#c8604a', pillows: [[0.05, '#f0cf8e', 0.1]] },
  armchair_right: { colour: '#3f8089', pillows: [[-0.05, '#f0cf8e', -0.1]] },
  pouf_left: { colour: '#d98a6a' },
  pouf_right: { colour: '#d98a6a' },
  windowBench: {
    cushion: '#5b8f8a',
    accents: [
      [-1.02, '#e0a63c', 0.3],
      [1.0, '#c8604a', -0.3],
    ],
  },
  rug: { art: art.rect('rug') },
};
for (const item of scene.items) Object.assign(item, LOOKS[item.names?.[0]] ?? LOOKS[item.kind]);

export default {
  reach: 1.15,
  art: art.svg,
  sky: () => drawing(dayView, 80),
  floor: planks({ light: hex('#cb9860'), dark: hex('#98673c') }),
  light: sunPatches(scene, [{ hole: WINDOW }], [1.2, 1.0, 0.62]),
  extras(m, rnd) {
    room(m, {
      size: [W, D],
      height: scene.height,
      back: { colour: '#a3c7b4', dado: DADO },
      left: {
        colour: '#9cc2af',
        dado: DADO,
        windows: [{ hole: WINDOW, curtains: '#e9b98a' }],
        doors: [{ hole: [-3.02, 0, -2.06, 2.12] }],
      },
    });
    m.inside([0, 0, -D / 2], 0, () => {
      framed(m, [-0.62, 2.02, 0], 0.95, 0.66, art.rect('landscape'));
      framed(m, [0.36, 1.98, 0], 0.5, 0.66, art.rect('leaves'), '#b07a4a');
      framed(m, [3.1, 2.05, 0.34], 0.62, 0.62, art.rect('shapes'));
    });
    m.inside([-W / 2, 0, 0], Math.PI / 2, () =>
      framed(m, [2.55, 1.85, 0], 0.42, 0.56, art.rect('leaves'), '#b07a4a'),
    );
    m.inside([-0.2, 0.432, -1.6], 0, () => {
      bookPile(m, [-0.34, 0, 0.05], 4, rnd);
      vase(m, [0.08, 0, -0.08], '#3f7d78', rnd, '#f6e3dc', 0.22);
      mug(m, [0.36, 0, 0.12], '#e8dcc6', 2.4);
      mug(m, [-0.06, 0, 0.2], '#c8604a', 0.5);
    });
    m.inside([3.1, 0.74, 1.45], 0, () => {
      vase(m, [0, 0, 0], '#e8dcc6', rnd, '#e0a63c', 0.2);
      mug(m, [0.26, 0, 0.1], '#4f93a3', 1.2);
      mug(m, [-0.2, 0, -0.22], '#e0a63c', 4);
      bookPile(m, [-0.1, 0, 0.28], 1, rnd);
    });
  },
};
