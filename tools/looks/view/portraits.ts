// Portraits as lists show them, for the page of pictures: `sheet.mjs portraits`.
import { readCatalogue, type CatalogueFile } from "../../../web/src/looks/catalogue";
import {
  layersOf,
  type Layer,
  type LayersFile,
  portrait,
  type Stock,
} from "../../../web/src/looks/portrait";
import { patternReader } from "../../../web/src/looks/portrait_pattern";
import type { Recipe } from "../../../web/src/looks/recipe";

const bytesOf = (url: string) => fetch(url).then((r) => r.arrayBuffer());

async function decoded(file: string, entry: LayersFile["layers"][string]): Promise<Layer> {
  const image = await createImageBitmap(new Blob([await bytesOf(`/assets/looks/${file}`)]));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const x = canvas.getContext("2d")!;
  x.drawImage(image, 0, 0);
  const { data } = x.getImageData(0, 0, image.width, image.height);
  return { entry, bytes: Uint8Array.from({ length: data.length / 4 }, (_, i) => data[i * 4]!) };
}

/** Each of the recipes in the sizes given, side by side, `columns` a row. */
async function portraits({
  recipes,
  sizes,
  columns,
  back,
}: {
  recipes: Recipe[];
  sizes: number[];
  columns: number;
  back: string;
}): Promise<object> {
  const catalogue = readCatalogue(
    (await (await fetch("/assets/looks/catalogue.json")).json()) as CatalogueFile,
  );
  const file = (await (await fetch("/assets/looks/layers.json")).json()) as LayersFile;
  const layers = new Map<string, Layer>();
  const steps = new Int8Array(await bytesOf(`/assets/looks/${file.fields.file}`));
  const fields = {
    names: new Map(file.fields.names.map((name, i) => [name, i])),
    scale: file.fields.scale,
    steps,
  };
  const stock: Stock = { catalogue, file, layers, fields, pattern: patternReader() };
  const gap = 8;
  const wide = sizes.reduce((sum, one) => sum + one + gap, 0);
  const high = Math.max(...sizes) + gap;
  const canvas = Object.assign(document.createElement("canvas"), {
    width: wide * columns + gap,
    height: high * Math.ceil(recipes.length / columns) + gap,
  });
  document.body.append(canvas);
  const x = canvas.getContext("2d")!;
  x.fillStyle = back;
  x.fillRect(0, 0, canvas.width, canvas.height);
  let ms = 0;
  for (const [i, recipe] of recipes.entries()) {
    for (const id of layersOf(recipe, file))
      if (!layers.has(id)) layers.set(id, await decoded(file.layers[id]!.file, file.layers[id]!));
    const began = performance.now();
    const data = portrait(recipe, stock);
    ms += performance.now() - began;
    const picture = new OffscreenCanvas(file.size, file.size);
    picture.getContext("2d")!.putImageData(new ImageData(data, file.size, file.size), 0, 0);
    let left = (i % columns) * wide + gap;
    for (const size of sizes) {
      const top = Math.floor(i / columns) * high + gap;
      x.save();
      x.beginPath();
      x.arc(left + size / 2, top + size / 2, size / 2, 0, 7);
      x.clip();
      x.fillStyle = "#f0e4fb";
      x.fillRect(left, top, size, size);
      x.imageSmoothingQuality = "high";
      /* As the style sheet does: in a small circle the face is what counts. */
      const grow = size > 80 ? 1.16 : 1.4;
      const [w, dx, dy] = [
        size * grow,
        (size * (1 - grow)) / 2,
        size * (1 - grow) * (size > 80 ? 0.88 : 0.64),
      ];
      x.drawImage(picture, left + dx, top + dy, w, w);
      x.restore();
      left += size + gap;
    }
  }
  return { ms: ms / recipes.length };
}

Object.assign(window, { portraits });
