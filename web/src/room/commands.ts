// What a written line asks of body and face: commands that begin with a slash, and, for whoever
// wants that, a first word that means a gesture.
import { EMOTES, MOODS, type Emote, type Mood } from "../live/protocol.ts";

export interface Asked {
  /** What is said; empty: nothing. */
  text: string;
  emote?: Emote;
  mood?: Mood;
  /** A command that there is not: nothing is done, nothing said. */
  unknown?: string;
}

/** The words of a gesture or a mood in the language of the page, parted by blanks. */
export type WordsOf = (key: `emote_words.${Emote}` | `mood_words.${Mood}`) => string;

const COMMAND = /^\/(\p{L}[\p{L}\p{M}\p{N}_-]*)(?:\s+([\s\S]*))?$/u;

const has = (words: string, word: string): boolean => words.split(" ").includes(word);

/** The id works in every language, besides the words of one's own. */
function commandOf(word: string, wordsOf: WordsOf): Pick<Asked, "emote" | "mood"> {
  const emote = EMOTES.find((one) => one === word || has(wordsOf(`emote_words.${one}`), word));
  if (emote) return { emote };
  const mood = MOODS.find((one) => one === word || has(wordsOf(`mood_words.${one}`), word));
  return mood ? { mood } : {};
}

/**
 * A line as it was written. "//" says a line that begins with a slash; what only looks like a path or
 * a number is said as it is. `words`: its first word may mean a gesture.
 */
export function askedOf(line: string, words: boolean, wordsOf: WordsOf): Asked {
  if (line.startsWith("//")) return { text: line.slice(1) };
  const command = COMMAND.exec(line);
  if (command) {
    const found = commandOf(command[1]!.toLowerCase(), wordsOf);
    if (!found.emote && !found.mood) return { text: "", unknown: `/${command[1]}` };
    return { ...found, text: command[2]?.trim() ?? "" };
  }
  const first = words ? /^[\p{L}\p{M}]+/u.exec(line)?.[0].toLowerCase() : undefined;
  const emote = first && EMOTES.find((one) => has(wordsOf(`emote_words.${one}`), first));
  return emote ? { text: line, emote } : { text: line };
}
