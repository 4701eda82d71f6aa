import { useEffect } from "preact/hooks";

/* Below this a keyboard is open or the window is tiny: the picture makes room for the talk. */
const SHORT_PX = 480;

/**
 * Keeps a page that fills the window inside what the on-screen keyboard leaves of it. Where
 * browsers shrink the window themselves this changes nothing; Safari only says so here.
 */
export function useFit(): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!view) return;
    const root = document.documentElement;
    const fit = () => {
      root.style.setProperty("--seen", `${view.height}px`);
      root.classList.toggle("short", view.height < SHORT_PX);
      if (view.offsetTop > 0) scrollTo(0, 0);
    };
    fit();
    view.addEventListener("resize", fit);
    view.addEventListener("scroll", fit);
    return () => {
      view.removeEventListener("resize", fit);
      view.removeEventListener("scroll", fit);
      root.style.removeProperty("--seen");
      root.classList.remove("short");
    };
  }, []);
}
