// Samples a clip: curves through its keys with each part trailing by its lag, then bone rotations.
import { curve, dot } from './math.mjs';
import { lag, solve } from './rig.mjs';

export const FPS = 15;

export function sampler(clip) {
  const channels = Object.keys(clip.keys[0][1]);
  const ts = clip.keys.map((k) => k[0]);
  const curves = channels.map((c) => [
    c,
    lag(c),
    curve(
      ts,
      clip.keys.map((k) => k[1][c]),
      clip.loop ? clip.seconds : 0,
    ),
  ]);
  return (t) => {
    const p = {};
    for (const [c, behind, f] of curves) p[c] = f(t - behind);
    clip.motion?.(t, p);
    return solve(p);
  };
}

// Frames of quaternions as integers / 8191, neighbours on the same side of the sphere; a part that
// does not move has one frame.
export function bake(clip) {
  const at = sampler(clip),
    n = Math.round(clip.seconds * FPS) + 1;
  const frames = Array.from({ length: n }, (_, i) => at(clip.loop && i === n - 1 ? 0 : i / FPS));
  const tracks = {};
  for (const bone of Object.keys(frames[0].tracks)) {
    let last = [0, 0, 0, 1];
    tracks[bone] = {
      q: frames.map((f) => {
        const q = f.tracks[bone];
        last = dot(q, last) < 0 ? q.map((v) => -v) : q;
        return last.map((v) => Math.round(v * 8191) + 0);
      }),
    };
    const [first, ...rest] = tracks[bone].q;
    if (rest.every((q) => q.every((v, i) => v === first[i]))) tracks[bone].q = [first];
  }
  tracks.hips.p = frames.map((f) => f.at.map((v) => Math.round(v * 1000) + 0));
  const head = { loop: clip.loop, seconds: Math.round(clip.seconds * 1e4) / 1e4 };
  if (clip.speed) head.speed = Math.round(clip.speed * 100) / 100;
  return { ...head, tracks };
}
