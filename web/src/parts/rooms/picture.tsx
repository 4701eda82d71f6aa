import { ScenePreview } from "../../kit/parts.tsx";

/** The first is what stands for the whole scene. */
export const WHOLE = "whole";
export const LIGHTS = ["plain", "morning", "golden", "dusk", "night"] as const;

export interface Picture {
  scene: string;
  view: string;
  light: string;
}

/** A room's own picture: a view of its scene, in a light. */
export function RoomPicture({ room }: { room: Picture }) {
  return (
    <span class={`room-shot ${room.light}`}>
      <ScenePreview scene={room.scene} view={room.view} />
    </span>
  );
}
