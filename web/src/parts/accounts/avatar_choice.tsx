import type { AvatarInfo } from "../../lib/avatars.ts";
import { t } from "../../lib/text.ts";
import { Portrait } from "../../kit/portrait.tsx";

/** The ready avatars as a group of radio buttons with faces. */
export function AvatarChoice({
  list,
  chosen,
  choose,
}: {
  list: AvatarInfo[];
  chosen: string;
  choose: (id: string) => void;
}) {
  return (
    <fieldset>
      <legend>{t("avatar.choose")}</legend>
      <div class="avatar-grid">
        {list.map((one) => (
          <label key={one.id} class="pick-card avatar-card">
            <input
              type="radio"
              name="avatar"
              class="unseen-input"
              value={one.id}
              checked={one.id === chosen}
              onChange={() => choose(one.id)}
            />
            <Portrait avatar={one.id} name={one.id} size="xl" />
            <span class="avatar-name">{one.id}</span>
            <span class="unseen">{t(`avatar.wears_${one.id}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
