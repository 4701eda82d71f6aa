// Stands for the page where a test has none: what the client asks of it as soon as it is loaded. To be
// imported before what needs it, which is then imported by `await import`.

/** A store of the browser: its keys are its own members, as there. */
export class Store {
  [key: string]: unknown;
  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? (this[key] as string) : null;
  }
  setItem(key: string, value: string): void {
    this[key] = value;
  }
  removeItem(key: string): void {
    delete this[key];
  }
  clear(): void {
    for (const key of Object.keys(this)) delete this[key];
  }
}

/** What pages of this test keep on the device, and for the visit. */
export const device = new Store();
export const visit = new Store();

const page = {
  localStorage: device,
  sessionStorage: visit,
  navigator: { languages: ["en"] },
  document: { documentElement: { lang: "en" }, addEventListener: () => undefined },
  location: { href: "http://localhost/", pathname: "/", search: "", hash: "" },
  matchMedia: () => ({ matches: false, addEventListener: () => undefined }),
  addEventListener: () => undefined,
};
for (const [name, value] of Object.entries(page))
  Object.defineProperty(globalThis, name, { value, configurable: true });

/** What the server is asked for, and what it answers by path; else 404. */
export const asked: string[] = [];
export const answers: Record<string, unknown> = {};

/** Has the page ask this server. A path without an answer is refused with `status`. */
export function serve(given: Record<string, unknown>, status = 404): void {
  for (const path of Object.keys(answers)) delete answers[path];
  Object.assign(answers, given);
  asked.length = 0;
  globalThis.fetch = ((path: string) => {
    asked.push(path);
    const known = answers[path];
    const [body, code] = known ? [known, 200] : [{ code: "none", text: "" }, status];
    const headers = { "content-type": "application/json" };
    return Promise.resolve(new Response(JSON.stringify(body), { status: code, headers }));
  }) as typeof fetch;
}
