import { LookTold } from "../looks/told.tsx";
import type { PageProps } from "../../rows.ts";
import type { Person } from "../../lib/person.ts";
import { t } from "../../lib/text.ts";
import { Blocks } from "../homepages/blocks.tsx";
import { useLoad } from "../../kit/load.ts";
import { Heading } from "../../kit/page.tsx";
import { Empty, Failed, Loading } from "../../kit/parts.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { Badges, Facts, PersonActions, usePerson } from "./facts.tsx";

/** Somebody's page: what they say of themselves, their homepage, their guest book. */
export function PersonPage({ params }: PageProps) {
  const id = params.id!;
  const { data, failed, refused, again } = usePerson(id);
  if (failed || refused || !data)
    return (
      <div class="page">
        <Heading title={t("person.title")}>{t("person.title")}</Heading>
        {failed ? (
          <Failed retry={again} />
        ) : refused ? (
          <Empty icon="user" title={refused.message}>
            <a class="button line" href="/rooms">
              {t("room.back")}
            </a>
          </Empty>
        ) : (
          <Loading height="9rem" />
        )}
      </div>
    );
  return (
    <div class="page wide person" key={data.id}>
      <Head person={data} />
      <div class="person-parts">
        <section class="card stack" aria-labelledby="facts">
          <h2 id="facts">{t("person.about")}</h2>
          <Facts fields={data.fields} />
          <LookTold person={data} />
        </section>
        <Home person={data} />
      </div>
    </div>
  );
}

function Head({ person }: { person: Person }) {
  const shown = person.display_name ?? person.name;
  return (
    <header class="person-head">
      <Portrait look={person.look} avatar={person.avatar} name={person.name} size="xl" />
      <div class="stack tight grow">
        <Heading title={shown}>
          <span dir="auto">{shown}</span>
        </Heading>
        {person.display_name && (
          <p class="mute" dir="auto">
            {person.name}
          </p>
        )}
        <Badges person={person} />
        <PersonActions person={person} page />
      </div>
    </header>
  );
}

function Home({ person }: { person: Person }) {
  const { data, failed, again } = useLoad("GET /api/people/{id}/home", { id: person.id });
  const own = person.relation === "self";
  if (failed) return <Failed retry={again} />;
  if (!data) return <Loading height="9rem" />;
  if (data.blocks.length === 0)
    return (
      <div class="card">
        <Empty icon="house" title={t(own ? "home.empty_own" : "home.empty")}>
          {own && (
            <a class="button main" href="/profile/home">
              {t("person.decorate")}
            </a>
          )}
        </Empty>
      </div>
    );
  return (
    <Blocks
      blocks={data.blocks}
      style={data.style}
      owner={{ id: person.id, name: person.display_name ?? person.name }}
      comment={person.may.comment}
    />
  );
}
