// The light in which looks are made and judged: of the editor, of portraits and of the pages of pictures.
import { AmbientLight, DirectionalLight, HemisphereLight, type Light } from "three";

/** Sky, a little of everywhere, and a warm sun that casts the shadow of one person. */
export function studioLights(): Light[] {
  const sun = new DirectionalLight("#fff0dc", 2.1);
  sun.position.set(-1.6, 2.9, 2.6);
  sun.castShadow = true;
  sun.shadow.mapSize.set(1024, 1024);
  sun.shadow.camera.left = sun.shadow.camera.bottom = -1.4;
  sun.shadow.camera.right = sun.shadow.camera.top = 2;
  sun.shadow.bias = -0.0006;
  sun.shadow.normalBias = 0.012;
  return [new HemisphereLight("#fff4e4", "#b39a86", 0.95), new AmbientLight("#ffffff", 0.38), sun];
}
