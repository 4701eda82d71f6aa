// Where the head of an avatar is.
/** Height of the head joint above the floor, metres. */
export function headHeight({ json }) {
  const up = new Map(json.nodes.flatMap((node, i) => (node.children ?? []).map((c) => [c, i])));
  let y = 0;
  for (let i = json.nodes.findIndex((node) => node.name === "head"); i !== undefined; i = up.get(i))
    y += json.nodes[i].translation?.[1] ?? 0;
  return y;
}
