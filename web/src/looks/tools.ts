// What tools/looks takes of the run time.
export { readBase } from "./base";
export { readBound } from "./bound";
export { assemble } from "./assemble";
export { readCatalogue } from "./catalogue";
export { armShare, prepare, skinNormals } from "./prepare";
export { isCovered, readRecipe } from "./recipe";
export { hairline, scalpOf, skull } from "./scalp";
