// Paints a look that was laid flat, by the very shader that draws it in rooms, but without light.
import {
  BufferAttribute,
  BufferGeometry,
  Camera,
  CanvasTexture,
  DoubleSide,
  Mesh,
  NearestFilter,
  NoBlending,
  NoColorSpace,
  PlaneGeometry,
  ShaderMaterial,
  type ShaderMaterialParameters,
  Sphere,
  WebGLRenderer,
  WebGLRenderTarget,
} from "three";
import { LOOK_ATTRIBUTES, LOOK_NUMBERS, paintUniforms } from "../material";
import { drawPatterns } from "../patterns";
import { ALBEDO, FRAGMENT_HEAD, VERTEX_BODY, VERTEX_HEAD } from "../shader";
import { type Laid, PICTURE } from "./vrm";

/** There are no graphics to paint with. */
export class NoGraphics extends Error {}

const VERTEX = `${VERTEX_HEAD}
void main() {
  ${VERTEX_BODY}
  gl_Position = vec4(position.x * 2. - 1., 1. - position.y * 2., 0., 1.);
}`;

const FRAGMENT = `${FRAGMENT_HEAD}
void main() {
  vec4 diffuseColor = vec4(1.);
  ${ALBEDO}
  vec3 light = clamp(diffuseColor.rgb, 0., 1.);
  vec3 high = 1.055 * pow(light, vec3(1. / 2.4)) - .055;
  gl_FragColor = vec4(mix(high, light * 12.92, vec3(lessThanEqual(light, vec3(.0031308)))), 1.);
}`;

/** What nothing was painted on takes the nearest colour: smaller pictures mix it in. */
const SPREAD = `
uniform sampler2D painted;
void main() {
  ivec2 here = ivec2(gl_FragCoord.xy);
  vec4 found = texelFetch(painted, here, 0);
  for (int far = 1; far <= 4; far++)
    for (int y = -1; y <= 1; y++)
      for (int x = -1; x <= 1; x++)
        if (found.a < .5) found = texelFetch(painted, clamp(here + ivec2(x, y) * far, ivec2(0), ivec2(${PICTURE - 1})), 0);
  gl_FragColor = vec4(mix(vec3(.5), found.rgb, found.a), 1.);
}`;

const SHARED: ShaderMaterialParameters = {
  side: DoubleSide,
  depthTest: false,
  depthWrite: false,
  blending: NoBlending,
};

function geometryOf({ packed, flat }: Laid): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(flat.uv, 2));
  for (const [name, size, normalized] of LOOK_ATTRIBUTES) {
    if (!/^(tone|tint|mask|place)$/.test(name)) continue;
    const from = packed[name];
    const to = new LOOK_NUMBERS[name](flat.from.length * size);
    flat.from.forEach((v, i) => to.set(from.subarray(v * size, v * size + size), i * size));
    geometry.setAttribute(name, new BufferAttribute(to, size, normalized));
  }
  geometry.setIndex(new BufferAttribute(flat.index, 1));
  /* It is always in sight, and the drawing library would work it out from three numbers a place. */
  geometry.boundingSphere = new Sphere();
  return geometry;
}

/** The picture as a PNG. Throws NoGraphics. */
export async function paint(
  laid: Laid,
  marks: Readonly<Record<string, number>>,
): Promise<Uint8Array> {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2", { depth: false });
  if (!context) throw new NoGraphics("looks: nothing to paint with");
  const renderer = new WebGLRenderer({ canvas, context });
  renderer.setPixelRatio(1);
  renderer.setSize(PICTURE, PICTURE, false);
  renderer.setClearColor(0, 0);
  const patterns = new CanvasTexture(drawPatterns());
  patterns.flipY = false;
  const target = new WebGLRenderTarget(PICTURE, PICTURE, {
    depthBuffer: false,
    minFilter: NearestFilter,
    magFilter: NearestFilter,
    colorSpace: NoColorSpace,
  });
  const skin = new Mesh(
    geometryOf(laid),
    new ShaderMaterial({
      ...SHARED,
      uniforms: paintUniforms(patterns, marks, { value: 0 }),
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
    }),
  );
  const whole = new Mesh(
    new PlaneGeometry(2, 2),
    new ShaderMaterial({
      ...SHARED,
      uniforms: { painted: { value: target.texture } },
      vertexShader: "void main() { gl_Position = vec4(position.xy, 0., 1.); }",
      fragmentShader: SPREAD,
    }),
  );
  try {
    for (const [mesh, to] of [
      [skin, target],
      [whole, null],
    ] as const) {
      mesh.frustumCulled = false;
      renderer.setRenderTarget(to);
      renderer.render(mesh, new Camera());
    }
    if (renderer.getContext().isContextLost())
      throw new NoGraphics("looks: the graphics went away");
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (!blob) throw new NoGraphics("looks: no picture came of it");
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    for (const { geometry, material } of [skin, whole]) {
      geometry.dispose();
      material.dispose();
    }
    target.dispose();
    patterns.dispose();
    renderer.dispose();
    renderer.forceContextLoss();
  }
}
