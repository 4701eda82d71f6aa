// Puts avatars into a preview: on seats and on places, each in a frame of a clip.
import * as THREE from 'three';
import { clone } from 'three/addons/utils/SkeletonUtils.js';

const SEAT_LIFT_M = 0.1;

function strike(root, clip, frame) {
  const n = clip.tracks.hips.q.length,
    f = Math.floor(frame * (n - 1));
  root.traverse((o) => {
    const track = clip.tracks[o.name];
    if (!track) return;
    o.quaternion.set(...track.q[f].map((v) => v / 32767));
    if (track.p) o.position.add(new THREE.Vector3(...track.p[f]).multiplyScalar(0.001));
  });
}

// acts: "clip@frame@place,…" with place a seat number or x:z:yaw; people take them in order.
export async function standPeople(scene, loader, plan, files, acts) {
  const { clips } = await (await fetch('/assets/animations/clips.json')).json();
  const loaded = [];
  for (const f of files) loaded.push((await loader.loadAsync(`/assets/avatars/${f}`)).scene);
  acts.split(',').forEach((act, i) => {
    const [name, frame, place] = act.split('@'),
      root = clone(loaded[i % loaded.length]);
    strike(root, clips[name], Number(frame));
    const seat = plan.seats.find((s) => String(s.n) === place);
    const [x, z, yaw] = seat ? [seat.x, seat.z, seat.yaw] : place.split(':').map(Number);
    root.position.set(x, 0, z);
    root.rotation.y = yaw;
    if (seat) root.getObjectByName('hips').position.y = seat.y + SEAT_LIFT_M;
    root.traverse((o) => {
      if (!o.isMesh) return;
      o.castShadow = o.receiveShadow = true;
      o.frustumCulled = false;
    });
    scene.add(root);
  });
}
