import { render } from "preact";
import { App } from "./app.tsx";
import { keepFocus } from "../lib/focus.ts";
import { parts } from "../gen/parts/pages.ts";
import { startChannel } from "../live/channel.ts";
import { followWorker, startRouter } from "../lib/router.ts";
import { startSession } from "../lib/session.ts";
import { chosenLanguage } from "../lib/choices.ts";
import { speak } from "../lib/text.ts";

async function start(): Promise<void> {
  startRouter();
  keepFocus();
  await Promise.all([speak(chosenLanguage()), startSession()]);
  for (const part of parts) part.start?.();
  startChannel();
  render(<App />, document.getElementById("app")!);
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  followWorker();
  // What it fetches for later must not be in the way of what is wanted now.
  const keep = () => void navigator.serviceWorker.register("/sw.js");
  if (document.readyState === "complete") keep();
  else addEventListener("load", keep, { once: true });
}

void start();
