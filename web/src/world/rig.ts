// Bones of somebody in a room. They are in no scene: it would walk over all 60 of each person on every
// frame, twice. Where they are is told from the person and not from the room, so that who only goes
// somewhere, or is not bent in this frame, costs nothing.
import { type Bone, DetachedBindMode, type SkinnedMesh } from "three";

const nothing = (): void => {};

/** Takes the bones of a look out of what is drawn. Returns what is to be called when they were turned. */
export function rigged(meshes: readonly SkinnedMesh[]): () => void {
  const skeleton = meshes[0]?.skeleton;
  if (!skeleton) return nothing;
  const bones = skeleton.bones.filter((bone) => bone.parent !== null);
  const parents = bones.map(({ parent }) => (bones.includes(parent as Bone) ? parent : null));
  bones.forEach((bone, b) => {
    if (!parents[b]) bone.removeFromParent();
    // Nobody asks for angles: three.js would work them out at each turn.
    bone.quaternion._onChange(nothing);
  });
  for (const mesh of meshes) {
    // What the bones move stays in the units of positions, whose size is the mesh's own.
    mesh.bindMode = DetachedBindMode;
    mesh.scale.setFromMatrixScale(mesh.bindMatrix);
  }
  let bent = true;
  const update = skeleton.update.bind(skeleton);
  skeleton.update = () => {
    if (!bent) return;
    bent = false;
    update();
  };
  return () => {
    bent = true;
    // Parents come first in the list.
    for (let b = 0; b < bones.length; b++) {
      const [bone, parent] = [bones[b]!, parents[b]];
      bone.matrix.compose(bone.position, bone.quaternion, bone.scale);
      if (parent) bone.matrixWorld.multiplyMatrices(parent.matrixWorld, bone.matrix);
      else bone.matrixWorld.copy(bone.matrix);
    }
  };
}
