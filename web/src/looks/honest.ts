// Some browsers hide from pages what their canvases hold: what is drawn there comes back as noise.

/** What packing and rounding may change of a colour. */
const HONEST = 3;
let honest: boolean | null = null;

/** Does a canvas give back what was drawn? */
export function isHonest(): boolean {
  if (honest !== null) return honest;
  const context = new OffscreenCanvas(16, 16).getContext("2d", { willReadFrequently: true });
  if (!context) return (honest = false);
  context.fillStyle = "rgb(200,120,40)";
  context.fillRect(0, 0, 16, 16);
  const { data } = context.getImageData(0, 0, 16, 16);
  const wanted = [200, 120, 40, 255];
  return (honest = data.every((x, i) => Math.abs(x - wanted[i % 4]!) <= HONEST));
}
