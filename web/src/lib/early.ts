// What the page asked for before its program was there (boot.ts): taken once, by whoever asks first.

declare global {
  var bautaEarly: Record<string, Promise<Response>> | undefined;
}

/** Asks now for what will be asked for next. */
export function askEarly(path: string, headers: Record<string, string>): void {
  const answer = fetch(path, { headers });
  answer.catch(() => undefined);
  (globalThis.bautaEarly ??= {})[path] = answer;
}

/** As `fetch`, of a path of our own. */
export function reach(path: string, init: RequestInit = {}): Promise<Response> {
  const early = globalThis.bautaEarly?.[path];
  if (!early) return fetch(path, init);
  delete globalThis.bautaEarly![path];
  const late = new Promise<never>((_, fail) =>
    init.signal?.addEventListener("abort", () => fail(init.signal!.reason)),
  );
  return Promise.race([early, late]);
}
