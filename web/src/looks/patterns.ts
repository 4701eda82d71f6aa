export const PATTERNS = ["none"];
export function drawPatterns(): HTMLCanvasElement {
  const c = document.createElement("canvas");
  c.width = 1024; c.height = 640;
  return c;
}
