import { Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";
import { send, type Item } from "../../lib/api.ts";
import { may, me } from "../../lib/session.ts";
import { showDay, t } from "../../lib/text.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Empty, Failed, Loading } from "../../kit/parts.tsx";
import { PersonName } from "../../kit/person_name.tsx";
import { complain, toast } from "../../kit/toast.tsx";
import { adminsWaits } from "../staff/waits.ts";

type Account = Item<"GET /api/admin/accounts">;
const STATES = ["", "waiting", "active", "ended"];
const PAUSE_MS = 250;

export function Accounts() {
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  const [state, setState] = useState("");
  const [ending, setEnding] = useState<Account | null>(null);
  const { data, failed, again } = useLoad("GET /api/admin/accounts", { search, state });
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const approve = async (one: Account) => {
    await send("POST /api/admin/accounts/{id}/approve", { id: one.id });
    toast(t("people.approved", { name: one.avatar_name }));
    again();
    void adminsWaits.look();
  };
  return (
    <>
      <div class="row">
        <div class="search grow">
          <Icon name="search" />
          <input
            class="input"
            type="search"
            aria-label={t("people.search")}
            value={typed}
            placeholder={t("people.search")}
            onInput={(e) => setTyped(e.currentTarget.value)}
          />
        </div>
        <select
          class="input slim"
          aria-label={t("people.state")}
          value={state}
          onChange={(e) => setState(e.currentTarget.value)}
        >
          {STATES.map((one) => (
            <option key={one} value={one}>
              {t(`people.state_${one || "all"}`)}
            </option>
          ))}
        </select>
      </div>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <Empty icon="users" title={t("people.nobody_here")} />
      ) : (
        <ul class="table">
          {data.items.map((one) => (
            <li key={one.id}>
              <div class="grow">
                <strong>
                  {one.state === "active" ? (
                    <PersonName id={one.id} name={one.avatar_name} />
                  ) : (
                    <bdi>{one.avatar_name}</bdi>
                  )}
                </strong>{" "}
                <span class="tag plain">{t(`people.state_${one.state}`)}</span>
                {one.roles.map((role) => (
                  <Fragment key={role}>
                    {" "}
                    <span class="tag">{t(`people.role_${role}`)}</span>
                  </Fragment>
                ))}
                <p class="mute small">
                  {t("settings.since", { day: showDay(one.created_ms) })}
                  {one.former && ` · ${t("people.former", { name: one.former })}`}
                </p>
              </div>
              {one.state === "waiting" && (
                <Button kind="main slim" onClick={() => void approve(one).catch(complain)}>
                  {t("people.approve")}
                </Button>
              )}
              {may("endings") && one.state !== "ended" && one.id !== me.value?.id && (
                <Button
                  kind="line slim bad"
                  aria-label={t("people.end_name", { name: one.avatar_name })}
                  onClick={() => setEnding(one)}
                >
                  {t("people.end")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {ending && (
        <EndAccount
          account={ending}
          close={() => setEnding(null)}
          done={() => {
            setEnding(null);
            again();
            void adminsWaits.look();
          }}
        />
      )}
    </>
  );
}

function EndAccount({
  account,
  close,
  done,
}: {
  account: Account;
  close: () => void;
  done: () => void;
}) {
  const form = useForm();
  const [reason, setReason] = useState("");
  const submit = async () => {
    if (!reason.trim()) return form.fail({ reason: t("people.reason_missing") });
    await send("POST /api/admin/accounts/{id}/end", { id: account.id, reason: reason.trim() });
    toast(t("people.ended", { name: account.avatar_name }));
    done();
  };
  return (
    <Dialog title={t("people.end_name", { name: account.avatar_name })} close={close}>
      <Form state={form} submit={submit} button={t("people.end")}>
        <p>{t("people.end_what")}</p>
        <Field
          form={form}
          name="reason"
          label={t("people.reason")}
          value={reason}
          set={setReason}
          maxLength={500}
          autocomplete="off"
          required
        />
      </Form>
    </Dialog>
  );
}
