// Writing to somebody, from wherever they are met.
import { send } from "../../lib/api.ts";
import { go } from "../../lib/router.ts";

/** The one conversation with this person, old or new: they are told with the first message. */
export async function writeTo(people: string[], name?: string): Promise<void> {
  const { id } = await send("POST /api/conversations", { people, name });
  go(`/messages/${id}`);
}
