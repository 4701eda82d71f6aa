import { useId } from "preact/hooks";
import type { ComponentChildren } from "preact";

/** One of a few, all in sight; what is chosen counts at once. */
export function Choices({
  legend,
  hint,
  options,
  value,
  set,
}: {
  legend: string;
  hint?: ComponentChildren;
  options: { value: string; label: string }[];
  value: string;
  set: (value: string) => void;
}) {
  const id = useId();
  return (
    <fieldset class="choices" aria-describedby={hint ? `${id}h` : undefined}>
      <legend>{legend}</legend>
      <div class="choice-list">
        {options.map((one) => (
          <label key={one.value} class="choice">
            <input
              class="unseen-input"
              type="radio"
              name={id}
              value={one.value}
              checked={one.value === value}
              onChange={() => set(one.value)}
            />
            {one.label}
          </label>
        ))}
      </div>
      {hint && (
        <p class="hint" id={`${id}h`}>
          {hint}
        </p>
      )}
    </fieldset>
  );
}

/** On or off, at once. */
export function Switch({
  label,
  hint,
  on,
  set,
}: {
  label: string;
  hint?: ComponentChildren;
  on: boolean;
  set: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="switch-row">
      <div>
        <label for={id}>{label}</label>
        {hint && (
          <p class="hint" id={`${id}h`}>
            {hint}
          </p>
        )}
      </div>
      <input
        class="switch"
        id={id}
        type="checkbox"
        role="switch"
        aria-describedby={hint ? `${id}h` : undefined}
        checked={on}
        onChange={(event) => set(event.currentTarget.checked)}
      />
    </div>
  );
}
