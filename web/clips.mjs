// Movements come in two files: what somebody does who comes in and walks, and the rest, which is
// fetched when the room's picture stands.
const FIRST = ["idle", "walk", "run", "sit"];

/** clips.json in two: { first, rest }, each as the whole was. */
export function divideClips({ fps, clips }) {
  const of = (wanted) => ({
    fps,
    clips: Object.fromEntries(
      Object.entries(clips).filter(([name]) => FIRST.includes(name) === wanted),
    ),
  });
  return { first: of(true), rest: of(false) };
}
