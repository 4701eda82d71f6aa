import { isMember, type SeenBy } from "../../lib/seen.ts";
import { me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import type { SeenRow } from "../../rows.ts";
import { useLoad } from "../../kit/load.ts";
import { Empty, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { Blocks } from "./blocks.tsx";

/** My homepage, as it reaches one of that kind; who does not see me sees no page either. */
function Home({ by }: { by: SeenBy }) {
  const { data, failed, refused, again } = useLoad("GET /api/me/home/preview", { by });
  if (refused?.status === 404) return null;
  return (
    <Section id="seen-home" title={t("seen.home")}>
      {failed || refused ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading height="6rem" />
      ) : data.blocks.length === 0 ? (
        <div class="card">
          <Empty icon="house" title={t("seen.home_none")} />
        </div>
      ) : (
        <Blocks
          blocks={data.blocks}
          style={data.style}
          owner={{ id: me.value!.id, name: me.value!.avatar_name }}
          comment={false}
          preview
        />
      )}
    </Section>
  );
}

export const seen: SeenRow[] = [{ place: 30, when: isMember, Seen: Home }];
