import { useEffect, useRef, useState } from "preact/hooks";
import { drawnPortrait, holdPortrait, keyOf, type Pictured } from "./portraits.ts";

/* Faces that will soon be seen are drawn, and no others. */
const NEAR = "240px";
let watched: IntersectionObserver | null = null;
const near = new WeakMap<Element, () => void>();

function whenNear(element: Element, call: () => void): () => void {
  if (typeof IntersectionObserver === "undefined") {
    call();
    return () => undefined;
  }
  watched ??= new IntersectionObserver(
    (all) => {
      for (const { isIntersecting, target } of all) if (isIntersecting) near.get(target)?.();
    },
    { rootMargin: NEAR },
  );
  near.set(element, call);
  watched.observe(element);
  return () => watched?.unobserve(element);
}

/** The address of a portrait: "" while there is none, with where it will be shown. */
export function usePortrait(whom: Pictured) {
  const key = keyOf(whom);
  const host = useRef<HTMLSpanElement>(null);
  const [url, setUrl] = useState(() => drawnPortrait(key) ?? "");
  useEffect(() => {
    if (!key) return setUrl("");
    let release = () => {};
    const unwatch = whenNear(host.current!, () => {
      unwatch();
      release = holdPortrait(key, setUrl);
    });
    return () => {
      unwatch();
      release();
    };
  }, [key]);
  return { host, url, none: () => setUrl("") };
}

/**
 * A face, drawn here from the person's look; until it is drawn, and where none can be, the first
 * letter of the name. Names stand beside it.
 */
export function Portrait({
  look,
  avatar,
  name,
  size = "",
}: Pictured & { name: string; size?: string }) {
  const { host, url, none } = usePortrait({ look, avatar });
  // What was there at once doesn't come up.
  const [fresh] = useState(url ? "" : "fresh");
  return (
    <span class={`portrait ${size} ${fresh}`} aria-hidden="true" ref={host}>
      {url ? <img src={url} alt="" onError={none} /> : [...name][0]?.toUpperCase()}
    </span>
  );
}
