import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Cancelled, Refused, working } from "../lib/api.ts";
import { t } from "../lib/text.ts";
import { Icon } from "./icons.tsx";
import { Button, Notice } from "./parts.tsx";

export type Faults = Record<string, string>;

export interface FormState {
  busy: boolean;
  faults: Faults;
  /** Runs `act`; what the server refuses is shown at its field, or above the button. */
  run: (act: () => Promise<void>) => Promise<void>;
  fail: (faults: Faults) => void;
  clear: (field: string) => void;
  ref: { current: HTMLFormElement | null };
}

const WHOLE = "";

export function useForm(): FormState {
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Faults>({});
  const ref = useRef<HTMLFormElement>(null);
  const fresh = useRef(false);
  const fail = (found: Faults) => {
    fresh.current = true;
    setFaults(found);
  };
  /* Before the next key: one who types on already is not called back. */
  useLayoutEffect(() => {
    if (!fresh.current) return;
    fresh.current = false;
    ref.current?.querySelector<HTMLElement>("[aria-invalid=true], .notice.bad")?.focus();
  }, [faults]);
  const run = async (act: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setFaults({});
    try {
      await act();
    } catch (error) {
      if (error instanceof Cancelled) return;
      if (error instanceof Refused) fail(atField(error, ref.current));
      else fail({ [WHOLE]: t("app.unreachable") });
    } finally {
      setBusy(false);
    }
  };
  const clear = (field: string) => {
    if (field in faults) setFaults(({ [field]: _, ...rest }) => rest);
  };
  return { busy, faults, run, fail, clear, ref };
}

function atField(error: Refused, form: HTMLFormElement | null): Faults {
  const shown = error.field && form?.querySelector(`[data-field="${CSS.escape(error.field)}"]`);
  return { [shown ? error.field! : WHOLE]: error.message || t("app.refused") };
}

export function Form({
  state,
  submit,
  children,
  button,
  buttonLabel,
  quiet,
  icon,
  more,
}: {
  state: FormState;
  submit: () => Promise<void>;
  children: ComponentChildren;
  button: string;
  /** Where several forms of a page have the same button: what it is about, too. */
  buttonLabel?: string;
  /** Where there is nothing to save yet, the button does not call. */
  quiet?: boolean;
  icon?: "send" | "check" | "plus";
  /** Other buttons beside it. */
  more?: ComponentChildren;
}) {
  const share = working.value;
  return (
    <form
      class="stack"
      ref={state.ref}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void state.run(submit);
      }}
    >
      {children}
      {state.faults[WHOLE] && (
        <div class="notice bad" role="alert" tabIndex={-1}>
          <Icon name="alert" />
          <p>{state.faults[WHOLE]}</p>
        </div>
      )}
      {state.busy && share !== null && (
        <Notice>
          <p>{t("app.working")}</p>
          <progress value={share} aria-label={t("app.working")} />
        </Notice>
      )}
      <div class="row">
        <Button
          kind={quiet ? "line" : "main"}
          type="submit"
          busy={state.busy}
          icon={icon}
          aria-label={buttonLabel}
        >
          {button}
        </Button>
        {more}
      </div>
    </form>
  );
}

interface Labelled {
  name: string;
  label: string;
  hint?: ComponentChildren;
  form: FormState;
}

function useLabel({ name, hint, form }: Omit<Labelled, "label">) {
  const id = useId();
  const fault = form.faults[name];
  const described = [hint && `${id}h`, fault && `${id}f`].filter(Boolean).join(" ") || undefined;
  const below = (
    <>
      {hint && (
        <div class="hint" id={`${id}h`}>
          {hint}
        </div>
      )}
      {fault && (
        <div class="fault" id={`${id}f`}>
          <Icon name="alert" />
          {fault}
        </div>
      )}
    </>
  );
  const aria = { id, "aria-describedby": described, "aria-invalid": fault ? true : undefined };
  return { aria: { ...aria, "data-field": name, name }, below };
}

interface Extra {
  type?: string;
  autocomplete?: string;
  autocapitalize?: string;
  inputMode?: string;
  maxLength?: number;
  min?: number;
  max?: number;
  placeholder?: string;
  required?: boolean;
  spellcheck?: boolean;
  /** "auto": words of people, which begin on the side of their own writing. */
  dir?: "auto";
}

type FieldProps = Labelled &
  Extra & {
    value: string;
    set: (value: string) => void;
    after?: ComponentChildren;
    /** Characters as the server counts them; a browser's maxLength takes one of emoji for two. */
    most?: number;
  };

export function Field({ name, label, hint, form, value, set, after, most, ...rest }: FieldProps) {
  const { aria, below } = useLabel({ name, hint, form });
  const long = most !== undefined && leftOf(value, most) < 0;
  return (
    <div class="field">
      <label for={aria.id}>{label}</label>
      <div class="row nowrap">
        <input
          class="input"
          {...aria}
          aria-invalid={aria["aria-invalid"] || long || undefined}
          value={value}
          {...(rest as object)}
          onInput={(event) => {
            form.clear(name);
            set(event.currentTarget.value);
          }}
        />
        {after}
      </div>
      {most !== undefined && <Left left={leftOf(value, most)} most={most} />}
      {below}
    </div>
  );
}

export function Password(props: FieldProps) {
  const [open, setOpen] = useState(false);
  return (
    <Field
      {...props}
      type={open ? "text" : "password"}
      spellcheck={false}
      autocapitalize="off"
      after={
        <Button
          kind="line icon"
          icon={open ? "eyeOff" : "eye"}
          aria-pressed={open}
          aria-label={t("form.show_password")}
          title={t("form.show_password")}
          onClick={() => setOpen(!open)}
        />
      }
    />
  );
}

const leftOf = (value: string, most: number): number => most - [...value].length;

/** Said when it gets narrow. */
function Left({ left, most }: { left: number; most: number }) {
  return (
    <p class={`small ${left < 0 ? "fault" : "mute"}`} role="status">
      {left < most / 10 && t(left < 0 ? "form.too_long" : "form.left", { n: Math.abs(left) })}
    </p>
  );
}

/** Text of several lines; how much fits still is said when it gets narrow. */
export function Area({
  name,
  label,
  hint,
  form,
  value,
  set,
  most,
  rows = 4,
}: Labelled & { value: string; set: (value: string) => void; most: number; rows?: number }) {
  const { aria, below } = useLabel({ name, hint, form });
  const left = leftOf(value, most);
  return (
    <div class="field">
      <label for={aria.id}>{label}</label>
      <textarea
        class="input"
        dir="auto"
        {...aria}
        aria-invalid={aria["aria-invalid"] || left < 0 ? true : undefined}
        rows={rows}
        value={value}
        onInput={(event) => {
          form.clear(name);
          set(event.currentTarget.value);
        }}
      />
      <Left left={left} most={most} />
      {below}
    </div>
  );
}

type Option = { value: string; label: string };

export function Select({
  name,
  label,
  hint,
  form,
  value,
  set,
  options,
  ...rest
}: Labelled & {
  value: string;
  set: (value: string) => void;
  options: Option[];
} & Extra) {
  const { aria, below } = useLabel({ name, hint, form });
  return (
    <div class="field">
      <label for={aria.id}>{label}</label>
      <select
        class="input"
        {...aria}
        {...(rest as object)}
        value={value}
        onChange={(event) => {
          form.clear(name);
          set(event.currentTarget.value);
        }}
      >
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
      {below}
    </div>
  );
}

export function Check({
  label,
  hint,
  checked,
  set,
}: {
  label: string;
  hint?: string;
  checked: boolean;
  set: (on: boolean) => void;
}) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(e) => set(e.currentTarget.checked)} />
      <span>
        {label}
        {hint && (
          <span class="hint">
            <br />
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
