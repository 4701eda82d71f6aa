// Assembles looks off the main thread: a request names a recipe and a level, the answer brings the
// buffers, whose memory goes over with it. Parts come by themselves, each once.
import { assemble, type Library, Uncovered } from "./assemble";
import { type Level, readBase } from "./base";
import { type Bound, readBound } from "./bound";
import { type Catalogue, type CatalogueFile, readCatalogue } from "./catalogue";
import type { Packed } from "./packer";
import { type Prepared, prepare } from "./prepare";
import { isReady, readyRecipe } from "./ready";
import { readRecipe } from "./recipe";

export interface Opening {
  kind: "open";
  /** Where the catalogue is, and what comes before the names of files in it. */
  catalogue: string;
  parts: string;
}

export interface Request {
  kind: "assemble";
  id: number;
  /** A recipe as it came, or a ready avatar. */
  recipe: unknown;
  level: Level;
}

export type Answer =
  | { kind: "open"; joints: string[]; parents: number[] }
  | { kind: "look"; id: number; look: Packed; marks: Record<string, number> }
  /** Why there is none: `covered` and `recipe` stay so, `parts` may be asked for again. */
  | { kind: "none"; id: number; why: "recipe" | "covered" | "parts" };

interface Opened {
  catalogue: Catalogue;
  prepared: Promise<Prepared>;
  parts: string;
}

const scope = self as unknown as {
  postMessage(answer: Answer, give: Transferable[]): void;
  onmessage: ((event: MessageEvent<Opening | Request>) => void) | null;
};

let opening: Opening | null = null;
let opened: Promise<Opened> | null = null;
const bound = new Map<string, Bound>();
const coming = new Map<string, Promise<void>>();

async function fetched(url: string): Promise<Uint8Array> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function open({ catalogue: url, parts }: Opening): Promise<Opened> {
  const text = new TextDecoder().decode(await fetched(url));
  const catalogue = readCatalogue(JSON.parse(text) as CatalogueFile);
  const prepared = fetched(parts + partName(catalogue.file.base)).then((bytes) =>
    prepare(readBase(bytes)),
  );
  prepared.catch(() => undefined);
  return { catalogue, prepared, parts };
}

/** The build lays files of folders flat. */
const partName = (file: string) => file.replaceAll("/", "-");

/** Fetches the item's file unless it is here; one that fails is asked for again the next time. */
function part({ catalogue, prepared, parts }: Opened, id: string): Promise<void> {
  const file = catalogue.items.get(id)?.file;
  if (!file || bound.has(id)) return Promise.resolve();
  const known = coming.get(id);
  if (known) return known;
  // On its way while the base is: without that nobody can read it.
  const bytes = fetched(parts + partName(file));
  const task = Promise.all([bytes, prepared])
    .then(([read, { base }]) => void bound.set(id, readBound(read, base.count)))
    .finally(() => coming.delete(id));
  coming.set(id, task);
  return task;
}

function buffersOf(look: Packed): Transferable[] {
  const arrays = [
    look.position,
    look.normal,
    look.tone,
    look.tint,
    look.mask,
    look.place,
    look.skinIndex,
    look.skinWeight,
    look.index,
    look.joints,
    look.inverse,
    ...look.morphs.map(({ delta }) => delta),
    ...(look.moves ? [look.moves.texels] : []),
  ];
  return arrays.map((array) => array.buffer as ArrayBuffer);
}

async function answer({ id, recipe: given, level }: Request): Promise<void> {
  const none = (why: "recipe" | "covered" | "parts") =>
    scope.postMessage({ kind: "none", id, why }, []);
  try {
    const here = await ready();
    const { catalogue } = here;
    const recipe = readRecipe(isReady(given) ? readyRecipe(given, catalogue) : given, catalogue);
    if (typeof recipe === "string") return none("recipe");
    await Promise.all(recipe.wear.map((worn) => part(here, worn.id)));
    const library: Library = { catalogue, bound };
    const look = assemble(await here.prepared, library, recipe, { level });
    scope.postMessage({ kind: "look", id, look, marks: recipe.marks ?? {} }, buffersOf(look));
  } catch (error) {
    none(error instanceof Uncovered ? "covered" : "parts");
  }
}

/** The catalogue, and the base as soon as it is there; what failed to come is fetched again for whoever asks next. */
function ready(): Promise<Opened> {
  if (opened) return opened;
  if (!opening) return Promise.reject(new Error("looks: not opened"));
  const task = (opened = open(opening));
  task
    .then(({ prepared }) => prepared)
    .then(
      ({ base: { joints, parents } }) => scope.postMessage({ kind: "open", joints, parents }, []),
      () => (opened = null),
    );
  return task;
}

scope.onmessage = ({ data }) => {
  if (data.kind === "assemble") return void answer(data);
  opening = data;
  ready().catch(() => undefined);
};
