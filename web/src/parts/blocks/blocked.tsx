import { useState } from "preact/hooks";
import {
  again as blockAgain,
  blockNow,
  blocksChanged,
  unblock,
  type Blocked as One,
} from "./block.ts";
import { showDay, t } from "../../lib/text.ts";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";
import { useChanges, useLoad } from "../../kit/load.ts";
import { Heading } from "../../kit/page.tsx";
import { Button, Empty, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";

/** "Manage blocked users list": a name to block, and whom one has blocked. */
export function Blocked() {
  const { data, failed, again } = useLoad("GET /api/blocks", {});
  const form = useForm();
  const [name, setName] = useState("");
  useChanges(again, blocksChanged.value);
  const submit = async () => {
    if (!name.trim()) return form.fail({ name: t("blocks.name_missing") });
    await blockNow({ name: name.trim() });
    setName("");
  };
  const remove = async (one: One) => {
    await unblock(one);
    toast(
      t("blocks.undone", { name: one.name }),
      () => void blockNow(blockAgain(one)).catch(complain),
    );
  };
  return (
    <div class="page">
      <div class="stack tight">
        <p class="label">
          <a href="/settings/privacy#people">{t("settings.privacy")}</a>
        </p>
        <Heading title={t("blocks.title")}>{t("blocks.title")}</Heading>
        <p class="mute">{t("blocks.lead")}</p>
      </div>
      <Form state={form} submit={submit} button={t("blocks.block")}>
        <Field
          form={form}
          name="name"
          label={t("blocks.contact")}
          hint={t("blocks.contact_hint")}
          value={name}
          set={setName}
          maxLength={64}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          required
        />
      </Form>
      <Section id="blocked" title={t("blocks.list")}>
        {failed ? (
          <Failed retry={again} />
        ) : !data ? (
          <Loading rows={2} />
        ) : data.items.length === 0 ? (
          <Empty icon="users" title={t("blocks.nobody")} />
        ) : (
          <ul class="table">
            {data.items.map((one) => (
              <li key={one.id}>
                <Icon name="user" />
                <div class="grow">
                  <strong>{one.name}</strong>
                  <p class="mute small">{t("blocks.since", { day: showDay(one.since_ms) })}</p>
                </div>
                <Button
                  kind="line slim"
                  aria-label={t("blocks.unblock_name", { name: one.name })}
                  onClick={() => void remove(one).catch(complain)}
                >
                  {t("blocks.unblock")}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  );
}
