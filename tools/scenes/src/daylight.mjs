// Sun that falls through windows of the left wall: bright patches on the floor.
import { step } from './textures.mjs';

const SOFT_M = 0.05,
  BAR_M = 0.025;
const within = (v, lo, hi, soft = SOFT_M) =>
  step(lo - soft, lo + soft, v) * (1 - step(hi - soft, hi + soft, v));

// windows: [{hole: [x0, y0, x1, y1] in the wall's frame, cols, rows}].
export function sunPatches({ size, sun }, windows, [r, g, b]) {
  const [sx, sy, sz] = sun.position;
  return (x, z) => {
    const k = (x + size[0] / 2) / -sx,
      a = -(z + sz * k),
      y = sy * k;
    let lit = 0;
    for (const {
      hole: [x0, y0, x1, y1],
      cols = 2,
      rows = 2,
    } of windows) {
      let here = within(a, x0, x1) * within(y, y0, y1);
      for (let i = 1; i < cols; i++) {
        const c = x0 + ((x1 - x0) * i) / cols;
        here *= 1 - 0.85 * within(a, c - BAR_M, c + BAR_M, 0.03);
      }
      for (let i = 1; i < rows; i++) {
        const c = y0 + ((y1 - y0) * i) / rows;
        here *= 1 - 0.85 * within(y, c - BAR_M, c + BAR_M, 0.03);
      }
      lit = Math.max(lit, here);
    }
    return [1 + r * lit, 1 + g * lit, 1 + b * lit];
  };
}
