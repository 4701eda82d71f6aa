import { send, type Out } from "../../lib/api.ts";
import { showDay, t } from "../../lib/text.ts";
import { Choices, Switch } from "../../kit/choices.tsx";
import { useLoad, type Loaded } from "../../kit/load.ts";
import { Failed, Loading, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";
import { PushHere, type Told } from "./push_switch.tsx";

type Mail = Out<"GET /api/me/mail">;
type Choice = Told["choice"];
const DIGESTS: Choice["digest"][] = ["soon", "hourly", "daily"];
const GATHERED = "digest";

/** How one is told when the page is closed: pushes, mail, when and how often. */
export function Notifications() {
  const mail = useLoad("GET /api/me/mail", {});
  const told = useLoad("GET /api/me/notices", {});
  if (!mail.data || !told.data) {
    return mail.failed || told.failed ? (
      <Failed
        retry={() => {
          mail.again();
          told.again();
        }}
      />
    ) : (
      <Loading rows={6} />
    );
  }
  const change = (wish: Partial<Choice>) => {
    const before = told.data!.choice;
    const choice = { ...before, ...wish };
    told.set((old) => ({ ...old, choice }));
    send("PUT /api/me/notices", choice).catch((error: unknown) => {
      told.set((old) => ({ ...old, choice: before }));
      complain(error);
    });
  };
  return (
    <>
      <PushHere told={told} change={change} />
      <Kinds mail={mail} told={told} />
      <Gathered mail={mail} choice={told.data.choice} change={change} />
      <Quiet choice={told.data.choice} change={change} />
    </>
  );
}

function putMail(mail: Loaded<Mail>, topic: string, wanted: boolean): void {
  const show = (on: boolean) =>
    mail.set((old) => ({
      ...old,
      topics: old.topics.map((one) => (one.topic === topic ? { ...one, wanted: on } : one)),
    }));
  show(wanted);
  send("PUT /api/me/mail/{topic}", { topic, wanted }).catch((error: unknown) => {
    show(!wanted);
    complain(error);
  });
}

function putPush(told: Loaded<Told>, topic: string, push: boolean): void {
  const show = (on: boolean) =>
    told.set((old) => ({
      ...old,
      topics: old.topics.map((one) => (one.topic === topic ? { ...one, push: on } : one)),
    }));
  show(push);
  send("PUT /api/me/notices/{topic}", { topic, push }).catch((error: unknown) => {
    show(!push);
    complain(error);
  });
}

/** "Change e-mail preferences", and pushes beside them: a row a kind, a switch a way. */
function Kinds({ mail, told }: { mail: Loaded<Mail>; told: Loaded<Told> }) {
  const { topics, undeliverable, since_ms } = mail.data!;
  return (
    <Section id="preferences" title={t("mail_page.switches")} lead={t("mail_page.switches_lead")}>
      {undeliverable && (
        <Notice kind="bad">
          <p>{t("mail_page.undeliverable", { when: showDay(since_ms) })}</p>
          <p>
            <a href="/settings/sign-in#email">{t("mail_page.to_address")}</a>
          </p>
        </Notice>
      )}
      <table class="kinds">
        <thead>
          <tr>
            <th scope="col">{t("mail_page.kind")}</th>
            <th scope="col">{t("mail_page.push")}</th>
            <th scope="col">{t("mail_page.mail")}</th>
          </tr>
        </thead>
        <tbody>
          {topics
            .filter(({ topic }) => topic !== GATHERED)
            .map(({ topic, text, words, wanted }) => {
              const push = told.data!.topics.find((one) => one.topic === topic);
              return (
                <tr key={topic}>
                  <th scope="row">
                    {text}
                    {words && <p class="hint">{words}</p>}
                  </th>
                  <td>
                    {push && (
                      <Cell
                        way="push"
                        label={t("mail_page.by_push", { kind: text })}
                        on={push.push}
                        set={(on) => putPush(told, topic, on)}
                      />
                    )}
                  </td>
                  <td>
                    <Cell
                      way="mail"
                      label={t("mail_page.by_mail", { kind: text })}
                      on={wanted}
                      set={(on) => putMail(mail, topic, on)}
                    />
                  </td>
                </tr>
              );
            })}
        </tbody>
      </table>
      <Notice>
        <p>{t("mail_page.necessary")}</p>
      </Notice>
    </Section>
  );
}

function Cell({
  way,
  label,
  on,
  set,
}: {
  way: string;
  label: string;
  on: boolean;
  set: (on: boolean) => void;
}) {
  return (
    <input
      class="switch"
      name={way}
      type="checkbox"
      role="switch"
      aria-label={label}
      checked={on}
      onChange={(event) => set(event.currentTarget.checked)}
    />
  );
}

function Gathered({
  mail,
  choice,
  change,
}: {
  mail: Loaded<Mail>;
  choice: Choice;
  change: (wish: Partial<Choice>) => void;
}) {
  const gathered = mail.data!.topics.find((one) => one.topic === GATHERED)!;
  return (
    <Section id="gathered" title={t("digest.title")} lead={t("digest.lead")}>
      <div class="switches">
        <Switch
          label={gathered.text}
          on={gathered.wanted}
          set={(on) => putMail(mail, GATHERED, on)}
        />
      </div>
      {gathered.wanted && (
        <Choices
          legend={t("digest.when")}
          options={DIGESTS.map((value) => ({ value, label: t(`digest.${value}`) }))}
          value={choice.digest}
          set={(digest) => change({ digest: digest as Choice["digest"] })}
        />
      )}
    </Section>
  );
}

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const minuteOf = (text: string) => {
  const [hours, minutes] = text.split(":").map(Number);
  return hours! * 60 + minutes!;
};

/* The hours are those of the place where they were chosen last. */
function Quiet({ choice, change }: { choice: Choice; change: (wish: Partial<Choice>) => void }) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const zone = choice.quiet ? choice.zone : here;
  const time = (name: "quiet_from" | "quiet_to") => (
    <div class="field">
      <label for={name}>{t(`quiet.${name}`)}</label>
      <input
        class="input"
        id={name}
        type="time"
        required
        value={clock(choice[name])}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (value) change({ [name]: minuteOf(value), zone: here });
          else event.currentTarget.value = clock(choice[name]);
        }}
      />
    </div>
  );
  return (
    <Section id="quiet" title={t("quiet.title")} lead={t("quiet.lead")}>
      <div class="switches">
        <Switch
          label={t("quiet.on")}
          on={choice.quiet}
          set={(quiet) => change({ quiet, zone: here })}
        />
      </div>
      {choice.quiet && (
        <>
          <div class="row quiet-times">
            {time("quiet_from")}
            {time("quiet_to")}
          </div>
          <p class="mute small">{t("quiet.zone", { zone: zone.replaceAll("_", " ") })}</p>
        </>
      )}
    </Section>
  );
}
