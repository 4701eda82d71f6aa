import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../lib/text.ts";
import { look } from "../lib/theme.ts";
import type { IconName } from "./icons.tsx";
import { Button } from "./parts.tsx";

/* From how large a share of all that may be written it is counted. */
const COUNT_FROM = 0.9;

/* The code of a key that went into a composition. */
const COMPOSED = 229;

/** On a touch keyboard Enter is the only way to a new line. */
export const touches = (): boolean => matchMedia("(pointer: coarse)").matches;

export interface ComposerProps {
  /** Of the field; what belongs to it has ids that begin so. */
  id: string;
  label: string;
  placeholder: string;
  /** Who sees what is written here. */
  public: ComponentChildren;
  text: string;
  /** The field was changed; `cursor`: where it stands now. */
  write: (text: string, cursor: number) => void;
  /** Without air around it, neither empty nor too long. */
  send: (words: string) => void;
  /** Characters. */
  most: number;
  /** Whether Enter sends, or begins a line. */
  enterSends: boolean;
  /** A key that was for somebody else: true. */
  typed?: (event: KeyboardEvent) => boolean;
  blurred?: () => void;
  /** Where the cursor is to stand; a new object each time. */
  caret?: { at: number } | null;
  /** Gets the focus each time this is another thing, but null. */
  focus?: unknown;
  aria?: Record<string, string | undefined>;
  button?: { icon: IconName; text: string };
  busy?: boolean;
  /** What stands beside or above the field. */
  children?: ComponentChildren;
}

function fit(element: HTMLTextAreaElement): void {
  element.style.height = "auto";
  element.style.height = `${element.scrollHeight + 2}px`;
}

/** The place to write, as high as what is written. What was sent leaves it to its owner to empty it. */
export function Composer(props: ComposerProps) {
  const { id, text, most, caret, enterSends, busy } = props;
  const input = useRef<HTMLTextAreaElement>(null);
  const length = [...text.trim()].length;
  const long = length > most;
  const { icon, text: name } = props.button ?? { icon: "send", text: t("write.send") };
  const submit = () => {
    const words = text.trim();
    if (!words || long || busy) return;
    input.current?.focus();
    props.send(words);
  };
  /* Before the next key is typed, which a frame may come after. */
  useLayoutEffect(() => {
    if (caret) input.current!.setSelectionRange(caret.at, caret.at);
  }, [caret]);
  useLayoutEffect(() => {
    if (props.focus) input.current!.focus();
  }, [props.focus]);
  useLayoutEffect(() => fit(input.current!), [text, look.value.text]);
  /* A phone that is turned makes other lines of it. */
  useEffect(() => {
    const element = input.current!;
    let width = element.clientWidth;
    const sizes = new ResizeObserver(() => {
      if (width === element.clientWidth) return;
      width = element.clientWidth;
      fit(element);
    });
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {props.children}
      <label class="unseen" for={id}>
        {props.label}
      </label>
      <textarea
        ref={input}
        id={id}
        class="input"
        rows={1}
        value={text}
        autocomplete="off"
        enterkeyhint={enterSends ? "send" : "enter"}
        placeholder={props.placeholder}
        dir="auto"
        aria-describedby={`${id}-public ${id}-count`}
        aria-invalid={long ? true : undefined}
        {...props.aria}
        onInput={({ currentTarget: { value, selectionStart } }) =>
          props.write(value, selectionStart)
        }
        onBlur={props.blurred}
        onKeyDown={(event) => {
          // Safari tells of the end of a composition before the Enter that ended it.
          if (event.isComposing || event.keyCode === COMPOSED) return;
          if (props.typed?.(event)) return event.preventDefault();
          if (event.key !== "Enter" || event.shiftKey || !enterSends) return;
          event.preventDefault();
          submit();
        }}
      />
      <Button
        kind="main icon"
        type="submit"
        icon={icon}
        busy={busy}
        aria-label={name}
        title={name}
        aria-disabled={!text.trim() || long ? "true" : undefined}
      />
      <p id={`${id}-count`} class={`count small ${long ? "fault" : "mute"}`} role="status">
        {length >= most * COUNT_FROM &&
          t(long ? "write.too_long" : "write.left", { n: Math.abs(most - length) })}
      </p>
      <p id={`${id}-public`} class="mute small public">
        {props.public}
      </p>
    </form>
  );
}
