// Garments that are cut from the base's cage: numbers, no files. Lengths as in web/src/looks/rule.ts.
export const GARMENTS = [
  { id: "tee", slot: "top", layer: 3, cover: ["chest", "belly"], excludes: ["dress"], zones: ["main", "trim"],
    palette: "cloth", patterns: true, free: true, default: true,
    rule: { on: "torso", neck: "crew", sleeve: 0.5, hem: 0.1, fit: 0.09, trim: 0.13 } },
  { id: "jeans", slot: "legs", layer: 2, cover: ["hip", "thigh"], excludes: ["dress"], zones: ["main", "trim"],
    palette: "cloth", patterns: true, free: true, default: true,
    rule: { on: "legs", len: 1.94, fit: 0.07 } },
];
