/** What is known now of a list that is shown: each at its place, so that nothing moves under a finger;
 *  those that are new come last, and those that are not there any more go. */
export function renewed<T extends { id: string }>(shown: T[], now: T[]): T[] {
  const found = new Map(now.map((one) => [one.id, one]));
  const kept = shown.flatMap(({ id }) => found.get(id) ?? []);
  for (const { id } of kept) found.delete(id);
  return [...kept, ...found.values()];
}
