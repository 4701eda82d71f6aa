// The operator's terms and privacy notice as a member meets them: what they are asked, and what they said.
import { computed, effect, signal } from "@preact/signals";
import { send, type Item } from "../../lib/api.ts";
import { me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { complain, toast } from "../../kit/toast.tsx";

export type Asked = Item<"GET /api/me/policies">;
export type Kind = Asked["kind"];

/** All that was asked of this member, and what they said; null while it is not known. */
export const asked = signal<Asked[] | null>(null);
const later = signal(false);

export const refused = computed(
  () => asked.value?.find((one) => one.answer === "declined") ?? null,
);
/** What the window asks: one after the other, until they want to hear of it later. */
export const asking = computed(() =>
  later.value ? null : (asked.value?.find((one) => one.answer === null) ?? null),
);
export const askLater = (): void => void (later.value = true);

export const lookAtPolicies = (): Promise<void> =>
  send("GET /api/me/policies", {}).then(
    ({ items }) => void (asked.value = items),
    () => undefined, // it is asked on the next page that is opened
  );

export function startPolicies(): void {
  effect(() => {
    later.value = false;
    asked.value = null;
    if (me.value?.state === "active") void lookAtPolicies();
  });
}

export async function answer(one: Asked, said: NonNullable<Asked["answer"]>): Promise<void> {
  const { kind, number } = one;
  try {
    await send("PUT /api/me/policies/{kind}/{number}", { kind, number, answer: said });
  } catch (error) {
    return complain(error);
  }
  await lookAtPolicies();
  if (said !== "declined") toast(t(`policies.done_${said}`));
}

export const pathOf = (one: { kind: string; number: number }): string =>
  `/policies/${one.kind}/${one.number}`;
