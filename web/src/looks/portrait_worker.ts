// Draws portraits off the main thread, one after the other, and fetches what they are made of, each
// layer once. Nothing of a recipe stays here.
import { type Catalogue, type CatalogueFile, readCatalogue } from "./catalogue";
import {
  drawable,
  type Fields,
  type Layer,
  type LayersFile,
  layersOf,
  portrait,
  type Stock,
} from "./portrait";
import { isHonest } from "./honest";
import { patternReader } from "./portrait_pattern";

export interface PortraitOpening {
  kind: "open";
  /** Where the catalogue and the list of layers are, and what comes before the names of files in it. */
  catalogue: string;
  layers: string;
  parts: string;
}

export interface PortraitRequest {
  kind: "draw";
  id: number;
  /** A recipe as it came, or a ready avatar. */
  recipe: unknown;
}

/** Without a picture: `no` stays so, `parts` may be asked for again. */
export interface PortraitAnswer {
  id: number;
  picture: Blob | null;
  why?: "no" | "parts";
}

const scope = self as unknown as {
  postMessage(answer: PortraitAnswer): void;
  onmessage: ((event: MessageEvent<PortraitOpening | PortraitRequest>) => void) | null;
};

/** Layers that are kept decoded: those of a full room, 60 KB each at most. */
const LAYERS_MAX = 96;

interface Opened {
  catalogue: Catalogue;
  file: LayersFile;
  fields: Fields;
}

let opening: PortraitOpening | null = null;
let opened: Promise<Opened> | null = null;
const layers = new Map<string, Layer>();
const pattern = patternReader();
let last: Promise<void> = Promise.resolve();

/** Behind whatever else the page asks for: a room is more than a face. */
async function fetched(url: string): Promise<Response> {
  const answer = await fetch(url, { priority: "low" } as RequestInit);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer;
}

/** The build lays files of folders flat. */
const partUrl = (file: string) => opening!.parts + file.replaceAll("/", "-");

async function open(): Promise<Opened> {
  const { catalogue, layers: list } = opening!;
  const [known, file] = await Promise.all(
    [catalogue, list].map(async (url) => (await fetched(url)).json()),
  );
  const { names, scale, file: name } = (file as LayersFile).fields;
  const steps = new Int8Array(await (await fetched(partUrl(name))).arrayBuffer());
  const fields = { names: new Map(names.map((id, i) => [id, i])), scale, steps };
  return { catalogue: readCatalogue(known as CatalogueFile), file, fields };
}

const canvasOf = (width: number, height: number) => {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  return { canvas, context };
};

async function layer(file: LayersFile, id: string): Promise<void> {
  const known = layers.get(id);
  const entry = file.layers[id]!;
  layers.delete(id);
  if (known) return void layers.set(id, known);
  const image = await createImageBitmap(await (await fetched(partUrl(entry.file))).blob());
  const { context } = canvasOf(image.width, image.height);
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  image.close();
  const bytes = new Uint8Array(data.length / 4);
  for (let i = 0; i < bytes.length; i++) bytes[i] = data[i * 4]!;
  const [, , width, height] = entry.box;
  if (bytes.length !== width * height * entry.planes.length) throw new Error(`${id}: torn`);
  layers.set(id, { entry, bytes });
}

async function draw(given: unknown): Promise<Blob | "no"> {
  if (!isHonest()) return "no";
  opened ??= open();
  const { catalogue, file, fields } = await opened;
  const recipe = drawable(given, catalogue);
  if (!recipe) return "no";
  await Promise.all(layersOf(recipe, file).map((id) => layer(file, id)));
  const stock: Stock = { catalogue, file, layers, fields, pattern };
  const { canvas, context } = canvasOf(file.size, file.size);
  context.putImageData(new ImageData(portrait(recipe, stock), file.size, file.size), 0, 0);
  for (const id of layers.keys()) {
    if (layers.size <= LAYERS_MAX) break;
    layers.delete(id);
  }
  return canvas.convertToBlob({ type: "image/webp", quality: 0.9 });
}

async function answer({ id, recipe }: PortraitRequest): Promise<void> {
  try {
    const picture = await draw(recipe);
    scope.postMessage(picture === "no" ? { id, picture: null, why: "no" } : { id, picture });
  } catch {
    opened?.catch(() => (opened = null));
    scope.postMessage({ id, picture: null, why: "parts" });
  }
}

scope.onmessage = ({ data }) => {
  if (data.kind === "open") opening = data;
  else last = last.then(() => answer(data));
};
