// A garment as numbers: cloth that is cut from the base's cage. All lengths in decimetres of the
// neutral body; places along limbs: 0 the shoulder or hip, 1 elbow or knee, 2 wrist or ankle.
export type Neck =
  | "crew"
  | "v"
  | "deep_v"
  | "scoop"
  | "boat"
  | "square"
  | "high"
  | "turtle"
  | "open"
  | "wide"
  | "halter"
  | "wrap"
  | "edge";

export interface Rule {
  on: "torso" | "legs" | "skirt" | "dress" | "socks" | "shoe";
  neck?: Neck;
  /** Where the sleeve ends; below 0 there is none. */
  sleeve?: number;
  /** Half the width of what is left over a shoulder, where there is no sleeve. */
  strap?: number;
  /** How far below the hip joint a top ends. */
  hem?: number;
  /** How far the cloth stands off the body. */
  fit?: number;
  /** How much further towards the hem, at the wrist, at the upper arm, at the ankle. */
  flare?: number;
  sleeve_flare?: number;
  puff?: number;
  leg_flare?: number;
  /** Where trousers, skirts and socks end (socks: begin) along the leg. */
  len?: number;
  rise?: number;
  /** A skirt's width at the hem and its folds. */
  wide?: number;
  folds?: number;
  fold_count?: number;
  /** The waist of a dress above the hip joint. */
  waist?: number;
  /** Half the gap of an open front, and how it widens upward. */
  gap?: number;
  lapel?: number;
  /** Bands along the edges: width, and whether in the second colour. */
  trim?: number;
  trim_zone?: number;
  /** What is sewn on: [kind, ...numbers]; see sew.ts. */
  sewn?: [string, ...number[]][];
  /** Thickness of soles, shoes only; how high a shaft goes. */
  sole?: number;
  heel?: number;
  shaft?: number;
  toe?: number;
  /** How crisp: fewer rounds of smoothing. */
  stiff?: number;
}
