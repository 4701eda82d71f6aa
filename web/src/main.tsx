import { render } from "preact";
import { App } from "./app.tsx";
import { keepFocus } from "./focus.ts";
import { startChannel } from "./live/channel.ts";
import { startInbox } from "./messages/start.ts";
import { startNotices } from "./notices.ts";
import { followWorker, startRouter } from "./router.ts";
import { startSession } from "./session.ts";
import { chosenLanguage } from "./choices.ts";
import { useLanguage } from "./text.ts";

startRouter();
keepFocus();
await Promise.all([useLanguage(chosenLanguage()), startSession()]);
startInbox();
startChannel();
startNotices();
render(<App />, document.getElementById("app")!);

if ("serviceWorker" in navigator && isSecureContext) {
  void navigator.serviceWorker.register("/sw.js");
  followWorker();
}
