// What looks are chosen from, as the file assets/looks/catalogue.json lists it.
import type { Rule } from "./rule";

export interface Slider {
  id: string;
  part: "body" | "face" | "head";
  min: number;
  max: number;
}

/** 0 is none of it. Most are shares; of a tattoo it is a motif, of what has a palette a colour of that. */
export interface Mark {
  id: string;
  max: number;
  palette?: string;
}

export interface Item {
  id: string;
  slot: string;
  layer: number;
  cover?: string[];
  excludes?: string[];
  zones: string[];
  palette: string;
  patterns?: boolean;
  free: boolean;
  /** The file of its shape, or the numbers by which it is cut from the base. */
  file?: string;
  rule?: Rule;
  default?: boolean;
  health?: boolean;
  belief?: boolean;
  /** Whose work it is: a row of `credits`. */
  credit: string;
}

export interface Credit {
  id: string;
  author: string;
  licence: string;
  source: string;
  /** It may leave this world in a file. */
  export: boolean;
}

export interface CatalogueFile {
  v: number;
  sliders: Slider[];
  marks: Mark[];
  palettes: Record<string, string[]>;
  patterns: string[];
  slots: { id: string; layer: number }[];
  items: Item[];
  credits: Credit[];
  /** Of what has no row of its own. */
  credit_of: { base: string; patterns: string };
  base: string;
  presets: { id: string; recipe: unknown }[];
}

export interface Catalogue {
  sliders: Map<string, Slider>;
  marks: Map<string, Mark>;
  items: Map<string, Item>;
  patterns: string[];
  /** A palette's colours as "rrggbb"; of one that isn't there a single grey. */
  colours(palette: string): readonly string[];
  file: CatalogueFile;
}

const GREY = ["8b8f98"];

/** Throws when the file is of a version that this client does not know. */
export function readCatalogue(file: CatalogueFile): Catalogue {
  if (file.v !== 1) throw new Error("looks: a catalogue of another version");
  const byId = <T extends { id: string }>(list: T[]) => new Map(list.map((one) => [one.id, one]));
  return {
    sliders: byId(file.sliders),
    marks: byId(file.marks),
    items: byId(file.items),
    patterns: file.patterns,
    colours: (palette) => file.palettes[palette] ?? GREY,
    file,
  };
}
