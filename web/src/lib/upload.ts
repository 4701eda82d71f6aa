import type { Api } from "../gen/api.ts";
import { insist, randomId, Refused, refused, Unreachable } from "./api.ts";
import { language } from "./text.ts";

/** Routes whose body is a file. */
export type FileRoute = { [R in keyof Api]: Api[R] extends { file: Blob } ? R : never }[keyof Api];

const SILENCE_MS = 60_000;
const TRIES = 3;
const PAUSE_MS = 3000; // others' files are being looked at

/**
 * The one way for a file to the server; `onShare` hears how much of it is there, 0 to 1. fetch
 * cannot tell that, hence XMLHttpRequest. What is no part of the path goes into the query.
 */
export function upload<R extends FileRoute>(
  route: R,
  input: Api[R]["in"],
  file: Blob,
  onShare: (share: number) => void = () => undefined,
): Promise<Api[R]["out"]> {
  const key = randomId();
  const fields = input as Record<string, unknown>;
  return insist(async (work) => {
    for (let tried = 1; ; tried++) {
      try {
        return await sendFile<R>(route, { ...fields, work }, file, key, onShare);
      } catch (error) {
        const busy = error instanceof Refused && error.status === 503;
        if (!busy || tried === TRIES) throw error;
        await new Promise((done) => setTimeout(done, PAUSE_MS * tried));
      }
    }
  });
}

function sendFile<R extends FileRoute>(
  route: R,
  input: Record<string, unknown>,
  file: Blob,
  key: string,
  onShare: (share: number) => void,
): Promise<Api[R]["out"]> {
  const [method, pattern] = (route as string).split(" ") as [string, string];
  const query = new URLSearchParams();
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input[name])),
  );
  for (const [name, value] of Object.entries(input))
    if (!pattern.includes(`{${name}}`) && value !== undefined && value !== null)
      query.set(name, String(value));
  return new Promise((done, failed) => {
    const call = new XMLHttpRequest();
    let silence = setTimeout(() => call.abort(), SILENCE_MS);
    call.open(method, `${path}?${query}`);
    call.setRequestHeader("Accept-Language", language.value);
    call.setRequestHeader("Content-Type", file.type);
    call.setRequestHeader("X-Bauta", "1");
    call.setRequestHeader("Idempotency-Key", key);
    call.upload.onprogress = ({ loaded, total }) => {
      clearTimeout(silence);
      silence = setTimeout(() => call.abort(), SILENCE_MS);
      onShare(total > 0 ? loaded / total : 0);
    };
    call.onloadend = () => {
      clearTimeout(silence);
      const json = parsed(call.responseText);
      if (call.status === 0) failed(new Unreachable());
      else if (call.status < 300) done(json as Api[R]["out"]);
      else failed(refused(call.status, json ?? {}));
    };
    call.send(file);
  });
}

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
