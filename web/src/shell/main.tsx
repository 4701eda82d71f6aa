import { render } from "preact";
import { App } from "./app.tsx";
import { keepFocus } from "../lib/focus.ts";
import { parts } from "../gen/parts/pages.ts";
import { startChannel } from "../live/channel.ts";
import { startRouter } from "../lib/router.ts";
import { startSession } from "../lib/session.ts";
import { chosenLanguage } from "../lib/choices.ts";
import { speak } from "../lib/text.ts";
import { startWorker } from "../lib/worker.ts";

async function start(): Promise<void> {
  startRouter();
  keepFocus();
  await Promise.all([speak(chosenLanguage()), startSession()]);
  for (const part of parts) part.start?.();
  startChannel();
  render(<App />, document.getElementById("app")!);
  startWorker();
}

void start();
