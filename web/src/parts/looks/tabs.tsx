import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** One page of several: arrows go from tab to tab, Tab goes into what is open. */
export function Tabs({
  label,
  tabs,
  open,
  choose,
  children,
}: {
  label: string;
  tabs: { id: string; label: string }[];
  open: string;
  choose: (id: string) => void;
  children: ComponentChildren;
}) {
  const name = useId();
  const go = (event: KeyboardEvent) => {
    const ends = { Home: 0, End: tabs.length - 1 };
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    const at = tabs.findIndex(({ id }) => id === open);
    const to =
      event.key in ends
        ? ends[event.key as keyof typeof ends]
        : event.key in steps
          ? (at + steps[event.key as keyof typeof steps] + tabs.length) % tabs.length
          : -1;
    const tab = tabs[to];
    if (!tab) return;
    event.preventDefault();
    choose(tab.id);
    document.getElementById(`${name}${tab.id}`)?.focus();
  };
  return (
    <>
      <div class="look-tabs" role="tablist" aria-label={label} onKeyDown={go}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`${name}${tab.id}`}
            type="button"
            role="tab"
            class="look-tab"
            aria-selected={tab.id === open}
            aria-controls={`${name}panel`}
            tabIndex={tab.id === open ? 0 : -1}
            onClick={() => choose(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        class="look-panel stack"
        role="tabpanel"
        id={`${name}panel`}
        aria-labelledby={`${name}${open}`}
      >
        {children}
      </div>
    </>
  );
}
