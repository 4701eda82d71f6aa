// People to begin with.
export const PRESETS = [];
