import { useEffect, useRef, useState } from "preact/hooks";
import { onProve, send, type Item } from "../../lib/api.ts";
import { addPasskey, deviceName, passkeysMissing } from "./passkey.ts";
import { me } from "../../lib/session.ts";
import { showDay, showMoment, t } from "../../lib/text.ts";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, later, toast } from "../../kit/toast.tsx";

type Passkey = Item<"GET /api/passkeys">;

const LABEL_MAX = 40;
const MOST = 20;
/* The server's, and how long a toast may be held open. */
const PROOF_MS = 10 * 60_000;
const UNDO_MS = 60_000;

/* What is undone or done later must not ask for a proof when nobody looks any more. */
async function provedLately(): Promise<void> {
  const { proved_ms } = await send("GET /api/sessions/current/proof", {});
  if (Date.now() - proved_ms > PROOF_MS - UNDO_MS) await onProve.call(false);
}

/** The keys of one's own devices that sign in without a password. */
export function Passkeys() {
  const { data, failed, again, set } = useLoad("GET /api/passkeys", {});
  const [renaming, setRenaming] = useState("");
  /* Its button gets the focus back. */
  const renamed = useRef("");
  const missing = passkeysMissing();
  const put = (id: string, change: Partial<Passkey>) =>
    set((old) => ({
      ...old,
      items: old.items.map((one) => (one.id === id ? { ...one, ...change } : one)),
    }));
  const remove = async (gone: Passkey) => {
    const before = data!;
    await provedLately();
    set((old) => ({ ...old, items: old.items.filter((one) => one.id !== gone.id) }));
    later(
      t("passkey.removing", { name: gone.label }),
      () => send("DELETE /api/passkeys/{id}", { id: gone.id }),
      () => set(() => before),
    );
  };
  return (
    <Section id="passkeys" title={t("passkey.title")} lead={t("passkey.lead")}>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={2} />
      ) : data.items.length === 0 ? (
        <p>{t("passkey.empty")}</p>
      ) : (
        <ul class="table">
          {data.items.map((one) => (
            <li key={one.id}>
              <Icon name="key" />
              {renaming === one.id ? (
                <Rename
                  one={one}
                  done={(label) => {
                    if (label) put(one.id, { label });
                    setRenaming("");
                    renamed.current = one.id;
                  }}
                />
              ) : (
                <Row
                  one={one}
                  focus={renamed.current === one.id}
                  rename={() => {
                    renamed.current = "";
                    setRenaming(one.id);
                  }}
                  remove={() => void remove(one).catch(complain)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {missing ? (
        <Notice>
          <p>{t(missing)}</p>
        </Notice>
      ) : (
        data && data.items.length < MOST && <Add added={again} />
      )}
    </Section>
  );
}

function Row({
  one,
  focus,
  rename,
  remove,
}: {
  one: Passkey;
  focus: boolean;
  rename: () => void;
  remove: () => void;
}) {
  const buttons = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focus) buttons.current?.querySelector("button")?.focus();
  }, []);
  return (
    <>
      <div class="grow">
        <strong>{one.label}</strong>{" "}
        <span class={one.synced ? "tag good" : "tag"}>
          {t(one.synced ? "passkey.synced" : "passkey.bound")}
        </span>
        {!one.verifies && (
          <>
            {" "}
            <span class="tag">{t("passkey.second_only")}</span>
          </>
        )}
        <p class="mute small">
          {[
            t("passkey.added", { day: showDay(one.created_ms) }),
            one.used_ms
              ? t("devices.used", { when: showMoment(one.used_ms) })
              : t("passkey.unused"),
          ].join(" · ")}
        </p>
      </div>
      <div class="row" ref={buttons}>
        <Button
          kind="line slim"
          aria-label={t("passkey.rename_name", { name: one.label })}
          onClick={rename}
        >
          {t("passkey.rename")}
        </Button>
        <Button
          kind="line slim"
          aria-label={t("passkey.remove_name", { name: one.label })}
          onClick={remove}
        >
          {t("passkey.remove")}
        </Button>
      </div>
    </>
  );
}

function Rename({ one, done }: { one: Passkey; done: (label: string) => void }) {
  const form = useForm();
  const [label, setLabel] = useState(one.label);
  useEffect(() => {
    const input = form.ref.current?.querySelector("input");
    input?.focus();
    input?.select();
  }, []);
  const submit = async () => {
    const name = label.trim();
    if (!name) return form.fail({ label: t("passkey.label_missing") });
    await send("PATCH /api/passkeys/{id}", { id: one.id, label: name });
    done(name);
  };
  return (
    <div class="grow" onKeyDown={(event) => event.key === "Escape" && done("")}>
      <Form state={form} submit={submit} button={t("app.save")}>
        <Field
          form={form}
          name="label"
          label={t("passkey.label")}
          value={label}
          set={setLabel}
          maxLength={LABEL_MAX}
          autocomplete="off"
          required
        />
      </Form>
    </div>
  );
}

function Add({ added }: { added: () => void }) {
  const form = useForm();
  const [label, setLabel] = useState(deviceName);
  const submit = async () => {
    const name = label.trim();
    if (!name) return form.fail({ label: t("passkey.label_missing") });
    await addPasskey(me.value!.avatar_name, name);
    toast(t("passkey.added_now", { name }));
    setLabel(deviceName());
    added();
  };
  return (
    <Form state={form} submit={submit} button={t("passkey.add")} icon="plus">
      <Field
        form={form}
        name="label"
        label={t("passkey.label")}
        value={label}
        set={setLabel}
        hint={t("passkey.label_hint")}
        maxLength={LABEL_MAX}
        autocomplete="off"
        required
      />
    </Form>
  );
}
