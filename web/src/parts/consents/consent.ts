import { send, type Item, type Out } from "../../lib/api.ts";
import { hasText, t } from "../../lib/text.ts";
import { useLoad, type Loaded } from "../../kit/load.ts";
import { complain } from "../../kit/toast.tsx";

export type Consent = Item<"GET /api/me/consents">;

/** Purposes have a short name here; one that is new has its words only. */
export const consentName = (one: Consent): string =>
  hasText(`consent.${one.purpose}`) ? t(`consent.${one.purpose}`) : (one.text ?? one.purpose);

/** What was agreed to, and the way to change it: shown at once, taken back when the server refuses. */
export function useConsents(): Loaded<Out<"GET /api/me/consents">> & {
  put: (one: Consent, given: boolean) => Promise<void>;
} {
  const loaded = useLoad("GET /api/me/consents", {});
  const show = (purpose: string, given: boolean) =>
    loaded.set((old) => ({
      ...old,
      items: old.items.map((one) => (one.purpose === purpose ? { ...one, given } : one)),
    }));
  const put = async ({ purpose }: Consent, given: boolean) => {
    show(purpose, given);
    try {
      await send("PUT /api/me/consents/{purpose}", { purpose, given });
      loaded.again();
    } catch (error) {
      show(purpose, !given);
      complain(error);
    }
  };
  return { ...loaded, put };
}
