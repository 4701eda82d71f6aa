import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { language, t } from "../../lib/text.ts";
import { Button } from "../../kit/parts.tsx";
import { complain, toast } from "../../kit/toast.tsx";
import { USUAL } from "./new.tsx";

/** A fresh world has no room: its administrator gets a public one of each scene by one press. */
export function FirstRooms({ done }: { done: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    try {
      const { items } = await send("GET /api/scenes", {});
      for (const { id } of items)
        await send("POST /api/rooms", {
          name: t(`scene.${id}`),
          scene: id,
          language: language.value,
          capacity: USUAL,
          visibility: "public",
        });
      toast(t("room_list.first_made"));
    } catch (error) {
      complain(error);
    }
    setBusy(false);
    await done().catch(complain);
  };
  return (
    <Button kind="line" busy={busy} onClick={() => void make()}>
      {t("room_list.first")}
    </Button>
  );
}
