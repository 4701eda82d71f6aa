import { useState } from "preact/hooks";
import { site } from "../../lib/session.ts";
import { number, percent, t } from "../../lib/text.ts";
import { upload as sendFile } from "../../lib/upload.ts";
import { Form, useForm } from "../../kit/form.tsx";
import { Page } from "../../kit/page.tsx";
import { Button, Notice } from "../../kit/parts.tsx";
import type { View } from "./parent.tsx";
import { words } from "./decide.tsx";

const MOST = 5 * 1024 * 1024;
const TYPES = ["application/pdf", "image/jpeg", "image/png"];

/** The form to print and sign, and where it comes back. */
export function HandIn({
  view,
  upload,
  done,
  back,
}: {
  view: View;
  upload: string;
  done: () => void;
  back: () => void;
}) {
  const form = useForm();
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const submit = async () => {
    if (!file) return form.fail({ form: t("parents.file_missing") });
    if (!TYPES.includes(file.type)) return form.fail({ form: t("parents.file_type") });
    if (file.size > MOST) return form.fail({ form: t("parents.file_large") });
    setShare(0);
    try {
      await sendFile("POST /api/parents/form", { ticket: upload }, file, setShare);
    } finally {
      setShare(null);
    }
    done();
  };
  const fault = form.faults.form;
  return (
    <Page key="form" title={t("parents.form_title")} lead={t("parents.form_lead")}>
      <ol class="steps">
        <li>{t("parents.form_print")}</li>
        <li>{t("parents.form_sign")}</li>
        <li>{t("parents.form_send")}</li>
      </ol>
      <Paper view={view} />
      <div class="row">
        <Button kind="line" icon="scrollText" onClick={() => print()}>
          {t("parents.print")}
        </Button>
      </div>
      <Form state={form} submit={submit} button={t("parents.hand_in")} icon="send">
        <div class="field">
          <label for="signed-form">{t("parents.file")}</label>
          <input
            class="input"
            type="file"
            id="signed-form"
            name="form"
            data-field="form"
            accept={TYPES.join(",")}
            aria-invalid={fault ? true : undefined}
            aria-describedby={fault ? "signed-form-hint signed-form-fault" : "signed-form-hint"}
            onChange={(event) => {
              form.clear("form");
              setFile(event.currentTarget.files?.[0] ?? null);
            }}
          />
          <p class="hint" id="signed-form-hint">
            {t("parents.file_hint")}
          </p>
          {fault && (
            <p class="fault" id="signed-form-fault">
              {fault}
            </p>
          )}
        </div>
        {share !== null && (
          <Notice>
            <p>{t("parents.sending", { share: percent(share) })}</p>
            <progress value={share} aria-label={t("parents.sending", { share: percent(share) })} />
          </Notice>
        )}
      </Form>
      <div class="row">
        <Button kind="link" onClick={back}>
          {t("parents.back")}
        </Button>
      </div>
    </Page>
  );
}

/** The sheet that is printed: what is consented to, and lines to fill in by hand. */
function Paper({ view }: { view: View }) {
  const wants = view.more[0] ?? view;
  const parts = [
    { key: "account", on: true },
    { key: "chat", on: wants.chat },
    { key: "marketing", on: wants.marketing },
    { key: "performance", on: wants.performance },
  ];
  return (
    <article class="paper" aria-label={t("parents.paper_title")}>
      <h2>{t("parents.paper_title")}</h2>
      <p>
        {t("parents.paper_for", {
          site: site.value?.name ?? "Bauta",
          name: view.avatar_name ?? "",
          number: view.case_number ?? "",
        })}
      </p>
      <p>{t("parents.paper_i")}</p>
      <ul>
        {parts
          .filter((part) => part.on)
          .map((part) => (
            <li key={part.key}>{words(part.key)}</li>
          ))}
      </ul>
      {["name", "address", "date", "signature"].map((line) => (
        <p key={line} class="paper-line">
          {t(`parents.paper_${line}`)}
        </p>
      ))}
      <p class="mute small">{t("parents.paper_kept", { n: number(7) })}</p>
    </article>
  );
}
