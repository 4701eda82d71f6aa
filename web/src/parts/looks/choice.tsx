import { Choices } from "../../kit/choices.tsx";
import { useLoad } from "../../kit/load.ts";
import { Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";
import { send, type Out } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";

type Copies = Out<"GET /api/me/look/choice">["copies"];
const WHO: Copies[] = ["nobody", "friends"];

/** Who is offered to copy what one wears. */
export function LookChoice() {
  const { data, failed, again, set } = useLoad("GET /api/me/look/choice", {});
  const choose = (copies: Copies) => {
    const before = data!;
    set(() => ({ copies }));
    send("PUT /api/me/look/choice", { copies }).catch((error: unknown) => {
      set(() => before);
      complain(error);
    });
  };
  return (
    <Section id="look-copies" title={t("look.copies_title")}>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={1} />
      ) : (
        <Choices
          legend={t("look.copies")}
          hint={t("look.copies_hint")}
          options={WHO.map((value) => ({ value, label: t(`look.copies_${value}`) }))}
          value={data.copies}
          set={(value) => choose(value as Copies)}
        />
      )}
    </Section>
  );
}
