// Web Push in this browser: asked for by a click, never by itself.
import { send } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { worker } from "../../lib/worker.ts";
import { toast } from "../../kit/toast.tsx";

export type PushState = "missing" | "denied" | "off" | "on";

/** `here`: does the server send to this session's browser? */
export function pushState(here: boolean): PushState {
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!able || !isSecureContext) return "missing";
  if (Notification.permission === "denied") return "denied";
  return here && Notification.permission === "granted" ? "on" : "off";
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

async function subscription(): Promise<PushSubscription | null> {
  return (await worker()).pushManager.getSubscription();
}

/** False: the person or the browser would rather not; what to say has been said. */
export async function switchPushOn(): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const { key } = await send("GET /api/push/key", {});
  let made: PushSubscription;
  try {
    await (await subscription())?.unsubscribe(); // it may be of another key
    made = await (await worker()).pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(key),
    });
  } catch {
    toast(t("push.failed"));
    return false;
  }
  const { endpoint, keys } = made.toJSON();
  await send("POST /api/push", { endpoint: endpoint!, p256dh: keys!.p256dh!, auth: keys!.auth! });
  return true;
}

export async function switchPushOff(): Promise<void> {
  await send("DELETE /api/push", {});
  await subscription()
    .then((made) => made?.unsubscribe())
    .catch(() => false);
}
