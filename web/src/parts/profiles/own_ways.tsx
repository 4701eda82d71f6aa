import { pageOf } from "../../lib/person.ts";
import { me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";

/** From what one says of oneself to how it looks: to others, and as one's page. */
export function OwnWays() {
  return (
    <div class="row">
      <a class="button line" href="/profile/seen">
        {t("seen.title")}
      </a>
      <a class="button line" href={pageOf(me.value!.id)}>
        {t("nav.my_page")}
      </a>
    </div>
  );
}
