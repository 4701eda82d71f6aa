import { useEffect, useState } from "preact/hooks";
import { assetJson } from "./assets.ts";

export interface Slot {
  slot: number;
  part: string;
  colours: string[];
  default: number;
}

/** A ready avatar, as assets/avatars/avatars.json describes it. */
export interface AvatarInfo {
  id: string;
  slots: Slot[];
}

export async function avatars(): Promise<AvatarInfo[]> {
  return (await assetJson<{ avatars: AvatarInfo[] }>("avatars/avatars.json")).avatars;
}

/** The ready avatars; empty until they are there. */
export function useAvatars(): AvatarInfo[] {
  const [list, setList] = useState<AvatarInfo[]>([]);
  useEffect(() => {
    avatars().then(setList, () => undefined);
  }, []);
  return list;
}

export const defaultColours = (avatar: AvatarInfo): number[] =>
  avatar.slots.map((slot) => slot.default);
