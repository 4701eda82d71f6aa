// Writes a scene's merged meshes as a compressed GLB.
import { Document, Logger, NodeIO } from '@gltf-transform/core';
import {
  ALL_EXTENSIONS,
  EXTTextureWebP,
  KHRMaterialsUnlit,
  KHRTextureTransform,
} from '@gltf-transform/extensions';
import { meshopt } from '@gltf-transform/functions';
import { MeshoptDecoder, MeshoptEncoder } from 'meshoptimizer';
import validator from 'gltf-validator';
import { MATERIALS } from './model.mjs';
import { hex } from './textures.mjs';

const linear = (s) => hex(s).map((v) => v ** 2.2);

// Texture coordinates into 0..1, so that they can be stored small; the transform undoes it.
function packUv(uv) {
  const lo = [Infinity, Infinity],
    hi = [-Infinity, -Infinity];
  uv.forEach((v, i) => {
    lo[i % 2] = Math.min(lo[i % 2], v);
    hi[i % 2] = Math.max(hi[i % 2], v);
  });
  const scale = [0, 1].map((k) => hi[k] - lo[k] || 1);
  return { uv: uv.map((v, i) => (v - lo[i % 2]) / scale[i % 2]), scale, offset: lo };
}

export async function writeGlb(meshes, textures, file) {
  const doc = new Document().setLogger(new Logger(Logger.Verbosity.WARN)),
    buffer = doc.createBuffer();
  const scene = doc.createScene();
  doc.getRoot().setDefaultScene(scene);
  const unlit = doc.createExtension(KHRMaterialsUnlit);
  const moved = doc.createExtension(KHRTextureTransform);
  doc.createExtension(EXTTextureWebP).setRequired(true);
  const images = new Map();
  let triangles = 0;
  for (const [name, g] of meshes) {
    const m = MATERIALS[name];
    const material = doc
      .createMaterial(name)
      .setRoughnessFactor(m.rough ?? 1)
      .setMetallicFactor(m.metal ?? 0)
      .setDoubleSided(Boolean(m.both));
    if (m.colour) material.setBaseColorFactor(m.colour);
    if (m.glow) material.setEmissiveFactor(linear(m.glow).map((v) => v * m.strength));
    if (m.blend) material.setAlphaMode('BLEND');
    if (m.unlit) material.setExtension('KHR_materials_unlit', unlit.createUnlit());
    const accessor = (type, array, normalized = false) =>
      doc
        .createAccessor()
        .setType(type)
        .setArray(array)
        .setNormalized(normalized)
        .setBuffer(buffer);
    const rgba = g.attributes.color.array;
    const colour = new Uint16Array((rgba.length / 4) * 3);
    for (let i = 0; i < rgba.length / 4; i++) {
      for (let k = 0; k < 3; k++) {
        // Even steps to the eye: few different values compress well.
        const seen = Math.round(Math.sqrt(Math.min(1, rgba[i * 4 + k])) * 120) / 120;
        colour[i * 3 + k] = Math.round(seen * seen * 65535);
      }
    }
    const prim = doc
      .createPrimitive()
      .setMaterial(material)
      .setAttribute('POSITION', accessor('VEC3', g.attributes.position.array))
      .setAttribute('NORMAL', accessor('VEC3', g.attributes.normal.array))
      .setAttribute('COLOR_0', accessor('VEC3', colour, true))
      .setIndices(accessor('SCALAR', new Uint32Array(g.index.array)));
    triangles += g.index.count / 3;
    if (m.map) {
      const { uv, scale, offset } = packUv(g.attributes.uv.array);
      prim.setAttribute('TEXCOORD_0', accessor('VEC2', uv));
      if (!images.has(m.map)) {
        images.set(
          m.map,
          doc.createTexture(m.map).setMimeType('image/webp').setImage(textures[m.map]),
        );
      }
      material.setBaseColorTexture(images.get(m.map));
      const info = material.getBaseColorTextureInfo();
      const wrap = m.tile ? 10497 : 33071;
      info.setWrapS(wrap).setWrapT(wrap);
      info.setExtension(
        'KHR_texture_transform',
        moved.createTransform().setScale(scale).setOffset(offset),
      );
    }
    // The client asks userData.cast before it lets a mesh throw a shadow: walls must not.
    const node = doc
      .createNode(name)
      .setMesh(doc.createMesh(name).addPrimitive(prim))
      .setExtras({ cast: Boolean(m.cast), receive: !m.unlit && !m.glow });
    scene.addChild(node);
  }
  await MeshoptEncoder.ready;
  const io = new NodeIO()
    .registerExtensions(ALL_EXTENSIONS)
    .registerDependencies({ 'meshopt.encoder': MeshoptEncoder, 'meshopt.decoder': MeshoptDecoder });
  const report = await validator.validateBytes(await io.writeBinary(doc), { maxIssues: 20 });
  const bad = report.issues.messages.filter(
    (i) => i.severity < 2 && !/EXT_texture_webp|IMAGE/.test(i.code + i.message),
  );
  if (bad.length) throw new Error(`${file}: ${JSON.stringify(bad, null, 1)}`);
  await doc.transform(meshopt({ encoder: MeshoptEncoder, level: 'high' }));
  await io.write(file, doc);
  return { triangles, draws: meshes.size };
}
