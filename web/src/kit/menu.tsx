import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";

export interface MenuRow {
  text: string;
  /** Its picture: one of ours, or a sign. */
  icon?: IconName;
  sign?: string;
  /** It can be on or off, and this is how it is. */
  on?: boolean;
  /** Where it leads, or what it does. */
  href?: string;
  act?: () => void;
}

const AIR_PX = 4;

/* Above the button where there is more room, never over the edge of what scrolls, and no higher. */
function stayInside(box: HTMLElement): void {
  const panel = box.querySelector<HTMLElement>(".drop-panel")!;
  const frame = (box.closest(".log") ?? document.documentElement).getBoundingClientRect();
  const button = box.querySelector("button")!.getBoundingClientRect();
  const { left, bottom } = panel.getBoundingClientRect();
  const [over, under] = [button.top - frame.top, frame.bottom - button.bottom];
  const above = bottom > frame.bottom && over > under;
  if (bottom > frame.bottom) panel.style.maxHeight = `${Math.max(over, under) - 2 * AIR_PX}px`;
  const right = Math.max(0, frame.left + AIR_PX - left);
  const up = above ? panel.offsetHeight + button.height + 2 * AIR_PX : 0;
  panel.style.translate = `${right}px ${-up}px`;
}

/**
 * A button that opens a menu below itself. Arrows, Home, End and first letters move in it; Esc, Tab,
 * a choice or a click elsewhere closes it.
 */
export function MenuButton({
  label,
  rows,
  children,
  icon,
  kind = "",
  wide,
  tabIndex,
}: {
  label: string;
  rows: MenuRow[];
  /** What stands on the button; or only a picture, and `label` is its name. */
  children?: ComponentChildren;
  icon?: IconName;
  kind?: string;
  /** Two rows beside each other. */
  wide?: boolean;
  tabIndex?: number;
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const first = useRef(0);
  const items = () => [...box.current!.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const show = (at: number) => {
    first.current = at;
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    box.current!.querySelector("button")!.focus();
  };
  useLayoutEffect(() => {
    if (!open) return;
    stayInside(box.current!);
    items().at(first.current)?.focus();
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);
  const move = (event: KeyboardEvent) => {
    const list = items();
    const at = list.indexOf(document.activeElement as HTMLElement);
    const to = {
      ArrowDown: (at + 1) % list.length,
      ArrowUp: (at - 1 + list.length) % list.length,
      Home: 0,
      End: list.length - 1,
    }[event.key];
    if (to !== undefined) list[to]!.focus();
    else if (event.key === "Escape") close();
    else if (event.key === "Tab") return setOpen(false);
    else if (/^\p{L}$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const from = [...list.slice(at + 1), ...list.slice(0, at + 1)];
      const wanted = event.key.toLowerCase();
      from.find((one) => one.textContent!.trim().toLowerCase().startsWith(wanted))?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="drop" ref={box}>
      <button
        type="button"
        class={`button ${icon ? "icon" : "who"} ${kind}`}
        aria-label={icon && label}
        title={icon && label}
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => (open ? setOpen(false) : show(0))}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          show(event.key === "ArrowDown" ? 0 : -1);
        }}
      >
        {children}
        <Icon name={icon ?? "chevronDown"} />
      </button>
      {open && (
        <div
          class={`drop-panel ${wide ? "wide" : ""}`}
          role="menu"
          id={id}
          aria-label={label}
          onKeyDown={move}
        >
          {rows.map(({ text, icon: picture, sign, on, href, act }) => {
            const inside = (
              <>
                {picture && <Icon name={picture} />}
                {sign && (
                  <span class="sign" aria-hidden="true">
                    {sign}
                  </span>
                )}
                {text}
              </>
            );
            const rest = {
              class: "drop-row",
              role: on === undefined ? ("menuitem" as const) : ("menuitemcheckbox" as const),
              "aria-checked": on,
              tabIndex: -1,
            };
            return href ? (
              <a key={text} {...rest} href={href} onClick={() => setOpen(false)}>
                {inside}
              </a>
            ) : (
              <button
                key={text}
                {...rest}
                type="button"
                onClick={() => {
                  close();
                  act?.();
                }}
              >
                {inside}
              </button>
            );
          })}
        </div>
      )}
    </div>
  );
}
