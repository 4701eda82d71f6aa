// What can become of a call to the server, apart from an answer.

/** An answer that says no: `code` is stable ("rooms.full"), `text` is for people. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    text: string,
    readonly field?: string,
    readonly work?: { challenge: string; bits: number },
  ) {
    super(text);
  }
}

/** No answer at all: offline, server away. What was asked may or may not have happened. */
export class Unreachable extends Error {}

/** The person would rather not: nothing happened, and nothing needs to be said. */
export class Cancelled extends Error {}
