// Names and speech above heads: plain elements over the picture, the same words as in the log.
import { clamp } from "./grid";

const TAGS_MAX = 20;
const LIFE_MIN_S = 4;
const LIFE_MAX_S = 9;
const LIFE_PER_CHARACTER_S = 0.06;
const GAP_PX = 4;
/** A name pushed further than this no longer belongs to its head: it gives way altogether. */
const PUSH_MAX_PX = 64;
const SHIFT_TAU_S = 0.12;
const EDGE_PX = 6;

const STYLE = `
.world-labels{position:absolute;inset:0;overflow:hidden;container-type:size;pointer-events:none;user-select:none}
.world-label{position:absolute;left:0;top:0;display:flex;flex-direction:column;align-items:center;
  gap:.25rem;width:max-content;max-width:min(15rem,62%);will-change:transform}
.world-label[hidden]{display:none}
.world-tag{padding:.1rem .6rem;border-radius:1rem;background:#2d2140;color:#fff;font-weight:600;
  font-size:.8125rem;line-height:1.4;max-width:11rem;overflow:hidden;text-overflow:ellipsis;
  white-space:nowrap;border:1px solid transparent}
.world-me .world-tag{background:#6a28b8}
.world-away .world-tag{background:#4a4453;color:#dcd6e4;font-style:italic}
.world-bubble{position:relative;padding:.4rem .75rem;border-radius:1rem;background:#fff;
  color:#231a30;font-size:.875rem;line-height:1.35;overflow-wrap:anywhere;max-width:100%;
  box-sizing:border-box;  border:1px solid transparent;box-shadow:0 2px 10px rgb(35 20 50/.22)}
.world-bubble>span{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;
  overflow:hidden}
.world-bubble::after{content:"";position:absolute;left:50%;bottom:-.3rem;width:.65rem;height:.65rem;
  margin-left:-.325rem;background:inherit;transform:rotate(45deg);border-radius:0 0 .15rem 0}
/* No room for what they say: their name stays, and the log has the words. */
.world-quiet .world-bubble{visibility:hidden}
/* A low picture is a phone's. */
@container (max-height:26rem){.world-bubble>span{-webkit-line-clamp:2}}
.world-dots{display:flex;gap:.25rem;padding:.2rem 0}
.world-dots i{width:.4rem;height:.4rem;border-radius:50%;background:#6a5a80;
  animation:world-dot 1.2s infinite ease-in-out}
.world-dots i:nth-child(2){animation-delay:.15s}
.world-dots i:nth-child(3){animation-delay:.3s}
@keyframes world-dot{0%,60%,100%{opacity:.35;transform:none}
  30%{opacity:1;transform:translateY(-.15rem)}}
.still .world-dots i{animation:none}
`;

let sheet: CSSStyleSheet | null = null;

function styleOnce(): void {
  if (sheet) return;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

function element(kind: string, name: string, parent: HTMLElement): HTMLElement {
  const made = document.createElement(kind);
  made.className = name;
  parent.append(made);
  return made;
}

export function bubbleSeconds(text: string): number {
  return clamp(LIFE_MIN_S + [...text].length * LIFE_PER_CHARACTER_S, LIFE_MIN_S, LIFE_MAX_S);
}

export class Label {
  readonly root: HTMLElement;
  private readonly bubble: HTMLElement;
  private readonly tag: HTMLElement;
  private left_s = 0;
  private typing = false;
  /** Size on screen, measured only when the content changed. */
  width = 0;
  height = 0;
  /** The same for the name alone. */
  tagWidth = 0;
  tagHeight = 0;
  shift = 0;
  stale = true;
  /** Where it stands in the picture now; null when it is not shown. */
  box: Box | null = null;

  constructor(parent: HTMLElement, name: string, me: boolean) {
    this.root = element("div", me ? "world-label world-me" : "world-label", parent);
    this.bubble = element("div", "world-bubble", this.root);
    this.bubble.style.display = "none";
    this.tag = element("div", "world-tag", this.root);
    this.tag.dir = "auto";
    this.name(name);
  }

  get speaking(): boolean {
    return this.left_s > 0 || this.typing;
  }

  name(name: string): void {
    if (this.tag.textContent === name) return;
    this.tag.textContent = name;
    this.stale = true;
  }

  away(on: boolean): void {
    this.root.classList.toggle("world-away", on);
  }

  say(text: string): number {
    this.left_s = bubbleSeconds(text);
    this.typing = false;
    const line = document.createElement("span");
    line.dir = "auto";
    line.textContent = text;
    this.fill(line);
    return this.left_s;
  }

  dots(on: boolean): void {
    if (on === this.typing) return;
    this.typing = on;
    if (this.left_s > 0) return;
    this.show();
  }

  step(dt_s: number): void {
    if (this.left_s <= 0) return;
    this.left_s -= dt_s;
    if (this.left_s <= 0) this.show();
  }

  measure(): void {
    if (!this.stale) return;
    this.stale = false;
    this.width = this.root.offsetWidth;
    this.height = this.root.offsetHeight;
    this.tagWidth = this.tag.offsetWidth;
    this.tagHeight = this.tag.offsetHeight;
  }

  private show(): void {
    if (!this.typing) {
      this.fill(null);
      return;
    }
    const dots = document.createElement("div");
    dots.className = "world-dots";
    for (let i = 0; i < 3; i++) dots.append(document.createElement("i"));
    this.fill(dots);
  }

  private fill(content: HTMLElement | null): void {
    this.bubble.replaceChildren(...(content ? [content] : []));
    this.bubble.style.display = content ? "" : "none";
    this.stale = true;
  }
}

export interface Anchor {
  label: Label;
  /** Where the label's foot belongs, in pixels of the host; null when not on screen. */
  at: { x: number; y: number } | null;
  distance: number;
}

export class Labels {
  readonly root: HTMLElement;
  shown = true;
  /** The picture, or the size of letters, is another one. */
  resized = false;

  constructor(host: HTMLElement) {
    styleOnce();
    this.root = element("div", "world-labels", host);
    // The chat log and the list of people say the same to those who listen.
    this.root.setAttribute("aria-hidden", "true");
  }

  add(name: string, me: boolean): Label {
    return new Label(this.root, name, me);
  }

  /** Sets every label above its person; nearer ones keep their place, others give way upwards. */
  layout(anchors: Anchor[], dt_s: number, width: number): void {
    this.root.hidden = !this.shown;
    if (!this.shown) return;
    const order = anchors.filter((one) => one.at).sort((a, b) => rank(a) - rank(b));
    const seen = new Set(order.slice(0, TAGS_MAX));
    for (const one of anchors) {
      one.label.box = null;
      one.label.stale ||= this.resized;
      one.label.step(dt_s);
      const hide = !seen.has(one);
      if (one.label.root.hidden !== hide) one.label.root.hidden = hide;
    }
    this.resized = false;
    for (const one of seen) one.label.measure();
    const placed: Box[] = [];
    const near = [...seen].sort((a, b) => a.distance - b.distance);
    for (const { label, at } of near) {
      let put = label.speaking ? fit(at!, label.width, label.height, width, placed) : null;
      const quiet = label.speaking && !put;
      label.root.classList.toggle("world-quiet", quiet);
      put ??= fit(at!, label.tagWidth, label.tagHeight, width, placed);
      const lost = !put || (!label.speaking && put.up > PUSH_MAX_PX);
      label.root.style.visibility = lost ? "hidden" : "";
      if (!put || lost) continue;
      const { box, up } = put;
      label.shift += (up - label.shift) * (1 - Math.exp(-dt_s / SHIFT_TAU_S));
      placed.push({ ...box, top: box.top - up, bottom: box.bottom - up });
      const foot = box.bottom - label.shift;
      const y = Math.max(EDGE_PX, foot - (box.bottom - box.top));
      label.box = { ...box, top: y, bottom: y + box.bottom - box.top };
      const left = Math.round(((box.left + box.right) / 2 - label.width / 2) * 2) / 2;
      const top = Math.round((label.box.bottom - label.height) * 2) / 2;
      label.root.style.transform = `translate(${left}px,${top}px)`;
      label.root.style.zIndex = String(1000 - placed.length + (label.speaking ? 1000 : 0));
    }
  }

  dispose(): void {
    this.root.remove();
  }
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Who speaks is shown before who only stands there. */
function rank(one: Anchor): number {
  return one.distance - (one.label.speaking ? 1000 : 0);
}

/**
 * Where a label of this size stands over its person, and how far up it gives way to those that stand
 * already; null where there is no room. What would look out at the top comes down over the head.
 */
export function fit(
  at: { x: number; y: number },
  wide: number,
  high: number,
  width: number,
  placed: Box[],
): { box: Box; up: number } | null {
  const x = clamp(
    at.x,
    EDGE_PX + wide / 2,
    Math.max(EDGE_PX + wide / 2, width - EDGE_PX - wide / 2),
  );
  const bottom = Math.max(at.y, EDGE_PX + high);
  const box = { left: x - wide / 2, right: x + wide / 2, top: bottom - high, bottom };
  const up = giveWay(box, placed);
  return up > 0 && box.top - up < EDGE_PX ? null : { box, up };
}

function giveWay(box: Box, placed: Box[]): number {
  let up = 0;
  for (let n = 0; n < placed.length; n++) {
    const hit = placed.find(
      (other) =>
        box.left < other.right &&
        box.right > other.left &&
        box.top - up < other.bottom &&
        box.bottom - up > other.top,
    );
    if (!hit) break;
    up = box.bottom - hit.top + GAP_PX;
  }
  return up;
}
