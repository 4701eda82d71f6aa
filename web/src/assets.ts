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
