// Giving, from wherever a friend is met.
import { signal } from "@preact/signals";
import { send } from "../../lib/api.ts";
import { onMissed, onTold } from "../../live/channel.ts";
import { t } from "../../lib/text.ts";
import { toast } from "../../kit/toast.tsx";

/** Grows when something was given: what shows it loads anew. */
export const giftsChanged = signal(0);
const changed = () => void giftsChanged.value++;
onTold("gifts", changed);
onMissed(changed);

/** Throws what the server refuses. */
export async function give({ id, name }: { id: string; name: string }): Promise<void> {
  await send("POST /api/people/{id}/gifts", { id });
  toast(t("gifts.done", { name }));
}
