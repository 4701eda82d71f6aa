// Addresses of this world in what people write: only its rooms and people, by nothing but their id.
// Whatever else stands there stays text: it could lead elsewhere, or do something when it is opened.

const PAGE = /^\/(?:rooms|people)\/[A-Za-z0-9_-]{1,40}(?![\w/?#%&=:@+~-])/;

export interface Piece {
  text: string;
  path?: string;
}

export function ownLinks(text: string, origin: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (let at = text.indexOf(origin); at >= 0; at = text.indexOf(origin, at + 1)) {
    /* In the middle of a longer address it is a part of that. */
    if (at > 0 && !/[\s(<"'“‘,;]/.test(text[at - 1]!)) continue;
    const path = PAGE.exec(text.slice(at + origin.length))?.[0];
    if (!path || at < from) continue;
    if (at > from) found.push({ text: text.slice(from, at) });
    from = at + origin.length + path.length;
    found.push({ text: origin + path, path });
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}
