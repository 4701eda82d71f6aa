// The animations as numbers ready to be mixed: a table of rotations a clip, bones in one order.
export interface ClipFile {
  fps: number;
  clips: Record<
    string,
    {
      loop: boolean;
      seconds: number;
      /** Ground speed (m/s) that the steps are made for. */
      speed?: number;
      tracks: Record<string, { q: number[][]; p?: number[][] }>;
    }
  >;
}

export interface Clip {
  name: string;
  loop: boolean;
  frames: number;
  seconds: number;
  speed: number;
  /** frames × bones × (x, y, z, w) */
  rotations: Float32Array;
  /** frames × (x, y, z): the hips beside their rest place, metres for HIPS_REF_M tall hips. */
  hips: Float32Array;
}

export interface Clips {
  fps: number;
  bones: string[];
  byName: Map<string, Clip>;
}

/** Height of the hips of the body that the clips were made on. */
export const HIPS_REF_M = 0.93;
const CLIPS_MAX = 64;
const FRAMES_MAX = 60 * 15;

/** Reads a file of clips; throws when it is not what the format says. */
export function readClips(file: ClipFile): Clips {
  if (!(file.fps > 0)) throw new Error("clips: bad head");
  const tracks = Object.values(file.clips).flatMap((clip) => Object.keys(clip.tracks));
  const clips = { fps: file.fps, bones: [...new Set(tracks)].sort(), byName: new Map() };
  addClips(clips, file);
  return clips;
}

/** More of them, for the same bones. */
export function addClips({ fps, bones, byName }: Clips, file: ClipFile): void {
  const entries = Object.entries(file.clips);
  if (file.fps !== fps || byName.size + entries.length > CLIPS_MAX)
    throw new Error("clips: bad head");
  for (const [name, clip] of entries) {
    const frames = Math.round(clip.seconds * fps) + 1;
    if (!(frames >= 2 && frames <= FRAMES_MAX)) throw new Error(`clip ${name}: bad length`);
    const rotations = new Float32Array(frames * bones.length * 4);
    const hips = new Float32Array(frames * 3);
    bones.forEach((bone, b) => {
      const track = clip.tracks[bone];
      // A part that does not move has one frame.
      const still = track?.q.length === 1;
      if (track && !still && track.q.length !== frames)
        throw new Error(`clip ${name}: ${bone} has gaps`);
      for (let f = 0; f < frames; f++)
        put(rotations, (f * bones.length + b) * 4, track?.q[still ? 0 : f]);
    });
    clip.tracks["hips"]?.p?.slice(0, frames).forEach((p, f) => {
      hips.set(
        p.map((mm) => mm / 1000),
        f * 3,
      );
    });
    const seconds = (frames - 1) / fps;
    const speed = clip.speed ?? 0;
    byName.set(name, { name, loop: clip.loop, frames, seconds, speed, rotations, hips });
  }
}

/* There are thousands: nothing is made for one of them. */
function put(all: Float32Array, at: number, q: number[] | undefined): void {
  if (!q) {
    all[at + 3] = 1;
    return;
  }
  const [x, y, z, w] = q as [number, number, number, number];
  const length = Math.sqrt(x * x + y * y + z * z + w * w);
  if (q.length !== 4 || !(length > 0)) throw new Error("clips: not a rotation");
  all[at] = x / length;
  all[at + 1] = y / length;
  all[at + 2] = z / length;
  all[at + 3] = w / length;
}
