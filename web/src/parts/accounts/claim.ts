/* The child's code is shown once, right after asking; a cookie keeps it for this browser. */
let fresh = "";
export const keepCode = (code: string) => void (fresh = code);
export const freshCode = () => fresh;
