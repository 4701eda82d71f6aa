// How a look is painted: skin, cloth, hair and eyes from what each vertex carries, in one shader.
// The kinds are those of packer.ts. Colours come as square roots of light.
import { MOVES_MAX, MOVES_ROW } from "./moves";

export const VERTEX_HEAD = `
attribute vec4 tone;
attribute vec4 tint;
attribute vec4 mask;
attribute vec2 place;
varying vec4 vTone;
varying vec4 vTint;
varying vec4 vMask;
varying vec2 vPlace;
`;

export const VERTEX_BODY = `
vTone = vec4(tone.rgb * tone.rgb, tone.a * 255.);
/* On skin these are no colour but places for ink. */
vTint = vec4(tone.a < .5 / 255. ? tint.rgb : tint.rgb * tint.rgb, tint.a * 255.);
vMask = mask;
vPlace = place * 64.;
`;

/**
 * For drawing in motion alone: `hang` is where hair and skirts begin to hang, and how many joints there are;
 * `moving` how many vertices a face has that moves, in how many rows of `moves`, by which steps.
 */
export const SWAY_HEAD = `
uniform vec3 hang;
uniform vec3 moving;
uniform sampler2D moves;
`;

/** How much of each expression is shown stands in the third matrix behind the joints. */
export const MOVES = `
#ifdef USE_SKINNING
if (float(gl_VertexID) < moving.x) {
  mat4 shown = getBoneMatrix(hang.z + 2.);
  ivec2 texel = ivec2(gl_VertexID % ${MOVES_ROW}, gl_VertexID / ${MOVES_ROW});
  for (int m = 0; m < ${MOVES_MAX}; m++) {
    float much = shown[m / 4][m % 4] * moving.z;
    if (much != 0.) transformed += (texelFetch(moves, texel, 0).xyz * 255. - 128.) * much;
    texel.y += int(moving.y);
  }
}
#endif
`;

/** What hangs is moved by the two bones behind the joints, the more the lower it is. */
export const SWAY = `
#ifdef USE_SKINNING
float hairHangs = step(abs(vTone.a - 2.), .5);
float skirtHangs = step(abs(vTone.a - 1.), .5) * step(.1, mask.z) * step(mask.z, .9);
float hangsFrom = mix(hang.y, hang.x, hairHangs) - (bindMatrix * vec4(position, 1.)).y;
float hangsBy = clamp(hangsFrom * mix(2., 3.3, hairHangs), 0., 1.1) * max(hairHangs, skirtHangs);
/* A tail that is tied high hangs free above the neck, too. */
hangsBy = max(hangsBy, mask.x * hairHangs);
mat4 hangsOn = getBoneMatrix(hang.z + 1. - hairHangs);
transformed += (bindMatrixInverse * vec4(hangsOn[3].xyz, 0.)).xyz * hangsBy * hangsBy;
#endif
`;

export const FRAGMENT_HEAD = `
varying vec4 vTone;
varying vec4 vTint;
varying vec4 vMask;
varying vec2 vPlace;
uniform sampler2D patterns;
uniform vec4 marks[5];
uniform vec3 ink;
uniform vec4 polish;
uniform float fill;
float chance(vec2 p) {
  p = fract(p * vec2(123.34, 456.21));
  p += dot(p, p + 45.32);
  return fract(p.x * p.y);
}
float bumps(vec2 p) {
  vec2 i = floor(p), f = fract(p);
  f = f * f * (3. - 2. * f);
  return mix(mix(chance(i), chance(i + vec2(1., 0.)), f.x),
             mix(chance(i + vec2(0., 1.)), chance(i + vec2(1., 1.)), f.x), f.y);
}
/* Dots scattered over cells of the size given: 1 inside one. */
float dots(vec2 p, float size, float many, float radius) {
  vec2 cell = floor(p / size), in_cell = fract(p / size) - .5;
  float h = chance(cell + 3.7);
  vec2 at = (vec2(chance(cell + 1.3), chance(cell + 8.1)) - .5) * .6;
  float r = radius * (.5 + h);
  return step(h, many) * (1. - smoothstep(r * .55, r, length(in_cell - at)));
}
/* Soft by fw, the width of a pixel: motifs repeat by jumps, where fwidth says nothing. */
float ring(float d, float wide, float fw) {
  return 1. - smoothstep(wide - fw, wide + fw, abs(d));
}
float disc(float d, float fw) {
  return 1. - smoothstep(-fw, fw, d);
}
/* Motifs by number, over [-1, 1] each way; x goes on around the limb. */
float motif(float n, vec2 q, float fw) {
  vec2 a = abs(q);
  float step_x = abs(fract(q.x * 2.) - .5) * 2.;
  if (n < 1.5) return max(max(ring(q.y, .2, fw), ring(a.y - .5, .07, fw)), ring(a.y - .72, .035, fw));
  if (n < 2.5) return max(ring(q.y + (step_x - .5) * .5, .11, fw), max(ring(q.y + (step_x - .5) * .5 - .42, .05, fw), ring(q.y + (step_x - .5) * .5 + .42, .05, fw)));
  float t = fract(q.y * 1.4 + .1), side = a.x - t * .46;
  if (n < 3.5) return disc(side, fw) * (1. - disc(max(side + .16, t - .8), fw) * (1. - disc(side + .34, fw))) * step(a.y, .93);
  float r = length(q);
  float turn = atan(q.y, q.x);
  if (n < 4.5) return max(max(disc(r - .2, fw), ring(r - .42, .05, fw)), disc(length(vec2(r - .72, (fract(turn * 1.9099) - .5) * r * .5236)) - .085, fw));
  float cell = a.x + abs(fract(q.y * 1.6 + .5) - .5) * 1.25;
  if (n < 5.5) return max(ring(cell - .56, .07, fw), disc(cell - .2, fw)) * step(a.y, .94);
  if (n < 6.5) return max(ring(fract(r * 3.4) - .5, .2, fw) * step(r, .9) * step(0., q.y + .35), ring(q.y + .52, .07, fw) * step(a.x, .8));
  if (n < 7.5) return max(ring(r - mix(.34, .82, pow(abs(cos(turn * 4.)), 3.)), .045, fw), disc(r - .13, fw));
  float leaf = fract(q.y * 2.5 + a.x * 1.1) - .5;
  return max(disc(a.x - .035, fw) * step(a.y, .95), ring(leaf, .2, fw) * step(a.x, .62 * sqrt(max(0., 1. - q.y * q.y))) * step(.09, a.x));
}
/* How much ink is on the skin here: each place has a motif of its own. */
float inkOf() {
  if (dot(marks[3], vec4(1.)) + dot(marks[4].xyz, vec3(1.)) < .005) return 0.;
  float where = floor(vTint.a + .5);
  if (where < .5 || where > 5.5 || fwidth(vTint.a) > .002) return 0.;
  vec2 round = vTint.rg * 2. - 1.;
  float turn = atan(round.y, round.x), along = vTint.b * 2.;
  float n = 0.;
  vec2 q = vec2(0.);
  if (where < 2.5) {
    bool upper = along < 1.;
    n = where < 1.5 ? (upper ? marks[3].x : marks[3].z) : (upper ? marks[3].y : marks[3].w);
    q = vec2(turn * .92, upper ? (along - .54) * 3.8 : (along - 1.55) * 3.6);
  } else if (where < 4.5) {
    n = where < 3.5 ? marks[4].y : marks[4].z;
    q = vec2(turn * .95, (along - 1.42) * 3.6);
  } else {
    n = marks[4].x;
    q = vec2(turn * 1.3, (.6 - along) * 2.7);
  }
  n = floor(n * 100. + .5);
  float fw = length(fwidth(q)) * .7 + .004;
  return n < .5 || abs(q.y) > 1. ? 0. : motif(n, q * vec2(1., -1.), fw);
}
/* 1 on a nail: the back of a fingertip, its end. */
float nailOf() {
  if (vTint.a < 5.9) return 0.;
  vec2 q = vec2((vTint.g * 2. - 1.) / .8, (vTint.r - .66) / .46);
  return (1. - smoothstep(.8, 1., dot(q, q))) * smoothstep(.5, .56, vTint.b);
}
vec3 skinOf(vec3 base) {
  float light = dot(base, vec3(.3, .59, .11));
  float dark = smoothstep(.22, .03, light);
  vec2 p = vPlace;
  float patchy = smoothstep(.52, .60, bumps(p * 1.1 + 7.) * .65 + bumps(p * 3.1) * .35 +
                            (marks[0].y - .5) * .42) * step(.01, marks[0].y);
  base = mix(base, vec3(.86, .66, .55) * mix(1., .9, dark), patchy * .92);
  dark *= 1. - patchy;
  vec3 blush = mix(base * vec3(1.16, .66, .60), base * vec3(1.10, .78, .76), dark);
  vec3 lip = mix(base * vec3(.90, .44, .42), base * vec3(1.14, .63, .62) + vec3(.034, .006, .011), dark);
  base = mix(base, blush, vMask.y * (.5 + .4 * marks[0].z));
  vec3 painted = vec3(.50, .045, .075);
  base = mix(base, mix(lip, painted, marks[0].w * .8), smoothstep(.2, .72, vMask.x) * .82);
  base = mix(base, base * vec3(.78, .64, .62), vMask.z * .42);
  base = mix(base, base * vec3(.55, .38, .46), vMask.z * marks[1].x * .85);
  if (marks[0].x > .01) {
    float where = exp(-dot((p - vec2(0., -.42)) * vec2(.9, 1.9), (p - vec2(0., -.42)) * vec2(.9, 1.9)));
    float spots = max(dots(p, .085, .5, .34), dots(p + 5.3, .13, .4, .26));
    base = mix(base, base * vec3(.68, .48, .38), spots * smoothstep(.18, .6, where) * marks[0].x * .8);
  }
  if (marks[1].z > .01) {
    vec2 q = mat2(.88, .47, -.47, .88) * (p - vec2(-.72, -.62));
    float scar = (1. - smoothstep(.012, .03, abs(q.y + .03 * sin(q.x * 7.)))) * (1. - smoothstep(.2, .3, abs(q.x)));
    base = mix(base, base * vec3(1.12, .80, .78) + .02, scar * marks[1].z);
  }
  base = mix(base, base * .16, smoothstep(.62, .92, vMask.z) * marks[1].y * .8);
  if (marks[2].x > .01) {
    float line = -.92 + max(0., abs(p.x) - .35) * 1.15;
    float jaw = smoothstep(line + .1, line - .16, p.y) * smoothstep(-1.95, -1.6, p.y) * (1. - smoothstep(.15, .6, vMask.x));
    jaw = max(jaw, (1. - smoothstep(.34, .46, abs(p.x))) * (1. - smoothstep(.05, .11, abs(p.y + .86))) * (1. - vMask.x));
    float fine = .62 + .38 * chance(floor(p * 46.));
    base = mix(base, base * vec3(.42, .40, .42), jaw * fine * marks[2].x * .62);
  }
  if (marks[2].y > .01) {
    float cut = (1. - smoothstep(.018, .036, abs((p.x + .66) * .94 + (p.y - .42) * .34))) * (1. - smoothstep(.22, .3, abs(p.y - .42)));
    base = mix(base, base * vec3(1.14, .8, .78) + .02, cut * marks[2].y);
  }
  if (marks[2].z > .01) base = mix(base, base * vec3(.78, .64, .55), dots(p * vec2(1., .9), .42, .42, .2) * marks[2].z * .6);
  if (marks[2].w > .01) {
    float high = smoothstep(.35, .8, abs(p.x)) * smoothstep(-.75, -.4, p.y) * smoothstep(.1, -.2, p.y);
    base += dots(p, .07, .5, .3) * high * marks[2].w * vec3(.5, .45, .6);
  }
  if (marks[1].w > .01) {
    float mole = 1. - smoothstep(.028, .04, length(p - vec2(.44, -.92)));
    base = mix(base, base * .3, mole * marks[1].w);
  }
  base = mix(base, ink, inkOf() * .86);
  base = mix(base, mix(base * vec3(1.12, .95, .92) + .02, polish.rgb, polish.a), nailOf() * mix(.5, 1., polish.a));
  /* The lining of a mouth and nostrils are as good as dark; what of it comes through a cheek shows its back. */
  float nostril = step(abs(p.x), .5) * step(abs(p.y + .575), .225) * smoothstep(.48, .34, vMask.w);
  float lining = step(abs(p.x), .8) * step(abs(p.y + 1.4), .6) * smoothstep(.56, .06, vMask.w);
  float within = (gl_FrontFacing ? 1. : 0.) * max(nostril, lining) * (1. - smoothstep(.2, .5, vMask.x));
  base *= mix(vec3(1.), vec3(.16, .05, .05), within);
  return base * mix(vec3(1.), vec3(.60, .40, .36), 1. - vMask.w);
}
vec3 clothOf(vec3 base) {
  vec3 other = vTint.rgb;
  float id = floor(vTint.a + .5);
  if (id > .5) {
    id -= 1.;
    vec2 p = vPlace / 1.1, t = fract(p), cell = vec2(mod(id, 8.), floor(id / 8.));
    vec2 dx = dFdx(p) * vec2(.125, .2), dy = dFdy(p) * vec2(.125, .2);
    float m = textureGrad(patterns, (cell + clamp(t, .02, .98)) / vec2(8., 5.), dx, dy).r;
    base = mix(base, other, m);
  }
  float edge = vMask.x * 1.5, wide = vMask.y * 1.5;
  if (wide > .001) {
    float fw = fwidth(edge) + .002;
    float band = 1. - smoothstep(wide - fw, wide + fw, edge);
    base = mix(base, mix(vTone.rgb * .82, other, step(.5, vMask.z)), band);
    base *= 1. - .3 * (1. - smoothstep(fw * .5, fw * .5 + .02, abs(edge - wide)));
  }
  return base * mix(vec3(1.), vec3(.44, .41, .5), 1. - vMask.w);
}
vec3 hairOf(vec3 base) {
  float strand = .5 + .5 * sin(vPlace.x * 40. + sin(vPlace.y * 5.) * .6);
  float lock = .5 + .5 * sin(vPlace.x * 15. + 1.7);
  base = mix(base * .66, mix(base, vTint.rgb, .7), smoothstep(0., 1., vPlace.y));
  return base * (.88 + .12 * strand + .1 * lock) * mix(vec3(1.), vec3(.34), 1. - vMask.w);
}
vec3 eyeOf(vec3 base) {
  vec2 q = vPlace;
  float r = length(q), aa = fwidth(r) + .004, iris_r = .60;
  vec3 white = vec3(.95, .94, .93) * (1. - .3 * smoothstep(.55, 1.15, r));
  float turn = atan(q.y, q.x);
  float ray = .5 + .5 * sin(turn * 19.) * sin(turn * 7. + 1.);
  vec3 iris = base * mix(.5, 1.75, smoothstep(.45, -.5, q.y)) * (.85 + .24 * ray * smoothstep(.14, .5, r));
  iris = mix(iris, base * .18, smoothstep(iris_r * .76, iris_r * .97, r));
  iris = mix(vec3(.010, .008, .010), iris, smoothstep(iris_r * .42 - aa, iris_r * .42 + aa * 2., r));
  vec3 eye = mix(iris, white, smoothstep(iris_r - aa, iris_r + aa, r));
  eye *= mix(.42, 1., smoothstep(.68, .22, q.y));
  float shine = 1. - smoothstep(.155 - aa, .155 + aa, length(q - vec2(-.20, .24)));
  float small = 1. - smoothstep(.075 - aa, .075 + aa, length(q - vec2(.22, -.20)));
  return mix(eye, vec3(1.4), max(shine, small * .8));
}
`;

export const ALBEDO = `
float kind = floor(vTone.a + .5);
vec3 painted = vTone.rgb;
if (kind < .5) painted = skinOf(painted);
/* A garment's inner side lies in its own shade: what one sees into is told from what one sees. */
else if (kind < 1.5)
  painted = clothOf(painted) * (gl_FrontFacing || abs(vMask.z - .5) > .48 ? 1. : .42);
else if (kind < 2.5) painted = hairOf(painted);
else if (kind < 3.5) painted = eyeOf(painted);
else painted *= mix(kind < 4.5 ? .06 : .36, 1., vMask.w);
diffuseColor.rgb *= painted;
`;

/** Wrapped light with a warm edge on skin, a band across hair, a small shine. */
export const LIGHT = `
varying vec3 vViewPosition;
struct LambertMaterial { vec3 diffuseColor; float specularStrength; };
void RE_Direct_Lambert(const in IncidentLight directLight, const in vec3 geometryPosition,
    const in vec3 geometryNormal, const in vec3 geometryViewDir,
    const in vec3 geometryClearcoatNormal, const in LambertMaterial material,
    inout ReflectedLight reflectedLight) {
  float kind = floor(vTone.a + .5);
  float d = dot(geometryNormal, directLight.direction);
  float x = clamp((d + .2) / 1.2, 0., 1.);
  vec3 ramp = vec3(mix(x, smoothstep(0., .75, x), kind < .5 ? .6 : .45));
  vec3 colour = material.diffuseColor;
  if (kind < .5) {
    float edge = smoothstep(0., .35, x) * (1. - smoothstep(.35, .8, x));
    ramp = mix(ramp, ramp * vec3(1.12, .93, .85) + vec3(.04, 0., 0.) * edge, edge);
  }
  if (kind > 2.5 && kind < 3.5) ramp = vec3(.58 + .34 * ramp.x);
  reflectedLight.directDiffuse += ramp * directLight.color * 1.02 * BRDF_Lambert(colour);
  #ifndef LOOK_PLAIN
  vec3 half_way = normalize(directLight.direction + geometryViewDir);
  float facing = max(0., dot(geometryNormal, half_way));
  if (kind > 1.5 && kind < 2.5) {
    vec3 up = normalize((viewMatrix * vec4(0., 1., 0., 0.)).xyz);
    vec3 along = normalize(up - geometryNormal * dot(up, geometryNormal) + 1e-4);
    float th = dot(along, half_way);
    float band = pow(max(0., sqrt(1. - th * th)), 40.) * smoothstep(0., .5, d);
    reflectedLight.directSpecular += directLight.color * (colour * .6 + .02) * band;
  } else if (kind > 4.5) {
    reflectedLight.directSpecular += directLight.color * .12 * pow(facing, 40.);
  } else if (kind < .5) {
    float dark = 1. - smoothstep(.02, .25, dot(colour, vec3(.33)));
    reflectedLight.directSpecular += directLight.color * (.02 + .04 * dark) * pow(facing, 14.);
  }
  #endif
}
void RE_IndirectDiffuse_Lambert(const in vec3 irradiance, const in vec3 geometryPosition,
    const in vec3 geometryNormal, const in vec3 geometryViewDir,
    const in vec3 geometryClearcoatNormal, const in LambertMaterial material,
    inout ReflectedLight reflectedLight) {
  reflectedLight.indirectDiffuse += (irradiance + fill) * BRDF_Lambert(material.diffuseColor);
}
#define RE_Direct RE_Direct_Lambert
#define RE_IndirectDiffuse RE_IndirectDiffuse_Lambert
`;

/** Soft folds of cloth, from where it lies; fading where they would flicker. */
export const FOLDS = `
#ifndef LOOK_PLAIN
if (floor(vTone.a + .5) == 1.) {
  vec2 p = vPlace * .95;
  float h = sin(p.y * 3.1 + sin(p.x * 2.3) * 1.5) * .5 +
    sin(p.x * 4.1 + p.y * 1.7 + sin(p.y * 3.3) * .9) * .35;
  h *= .0065 * (1. - smoothstep(.06, .2, max(fwidth(p.x), fwidth(p.y))));
  vec3 at = -vViewPosition, ax = dFdx(at), ay = dFdy(at);
  vec3 r1 = cross(ay, normal), r2 = cross(normal, ax);
  float det = dot(ax, r1);
  vec2 dh = clamp(vec2(dFdx(h), dFdy(h)), -.003, .003);
  normal = normalize(abs(det) * normal - sign(det) * (dh.x * r1 + dh.y * r2));
}
#endif
`;

export const RIM = `
#ifndef LOOK_PLAIN
{
  float kind = floor(vTone.a + .5);
  vec3 view = normalize(vViewPosition);
  float away = 1. - saturate(dot(normal, view));
  vec3 up = (viewMatrix * vec4(0., 1., 0., 0.)).xyz;
  float sky = .35 + .65 * (.5 + .5 * dot(normal, up));
  float much = kind < .5 ? .22 : kind < 1.5 ? .16 : kind < 2.5 ? .24 : 0.;
  outgoingLight += smoothstep(.55, .95, away) * sky * much * (diffuseColor.rgb * .85 + vec3(.10, .085, .065));
}
#endif
`;
