// What is sewn on a garment: collars, bands, buttons, pockets, soles.
import type { Piece } from "./assemble";
import type { Person } from "./body";
import type { Cloth } from "./cloth";
import type { Packer } from "./packer";

export function sew(packer: Packer, person: Person, piece: Piece, cloths: Cloth[]): void {
  void [packer, person, piece, cloths];
}
