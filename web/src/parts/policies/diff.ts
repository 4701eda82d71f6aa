// Two texts, word by word; a library, which only whoever compares fetches.
export { diffWordsWithSpace } from "diff";
