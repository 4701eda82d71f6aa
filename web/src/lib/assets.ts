import names from "bauta:assets";

/** Address of a built file by its logical name ("avatars/mia.glb"); unknown names are a mistake. */
export function assetUrl(name: string): string {
  const url = names[name];
  if (!url) throw new Error(`no asset named ${name}`);
  return url;
}

export const hasAsset = (name: string): boolean => name in names;

const cache = new Map<string, Promise<unknown>>();

/** A JSON asset, fetched once. A failed fetch is forgotten, so that the next asker tries again. */
export function assetJson<T>(name: string): Promise<T> {
  let known = cache.get(name);
  if (!known) {
    known = fetch(assetUrl(name)).then((answer) => {
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      return answer.json();
    });
    known.catch(() => cache.delete(name));
    cache.set(name, known);
  }
  return known as Promise<T>;
}

const stock = new Map<string, Promise<ArrayBuffer>>();
/* What somebody took they have: it is not fetched again for them. */
const taken = new Set<string>();

/** Fetches a file that will be asked for later, behind whatever is asked for now. */
export function stockUp(name: string): Promise<unknown> {
  if (taken.has(name)) return Promise.resolve();
  let bytes = stock.get(name);
  if (!bytes) {
    bytes = fetch(assetUrl(name), { priority: "low" } as RequestInit).then((answer) => {
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      return answer.arrayBuffer();
    });
    bytes.catch(() => stock.delete(name));
    stock.set(name, bytes);
  }
  return bytes;
}

/** What was stocked, for one taker; undefined when it was not. */
export function fromStock(name: string): Promise<ArrayBuffer> | undefined {
  const bytes = stock.get(name);
  if (stock.delete(name)) taken.add(name);
  return bytes;
}

export function emptyStock(): void {
  stock.clear();
  taken.clear();
}
