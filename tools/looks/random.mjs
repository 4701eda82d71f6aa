// Random people by a seed: whole outfits on all kinds of bodies.
import { randomOf } from "./chance.mjs";

const OUTFIT = {
  base: 0.3,
  over: 0.25,
  outer: 0.3,
  feet: 1,
  head: 0.2,
  eyewear: 0.25,
  ears: 0.3,
  neck: 0.2,
  hands: 0.2,
  back: 0.08,
  aids: 0.06,
  beard: 0.2,
  brows: 1,
  lashes: 0.6,
  hair: 0.95,
};

export function outfits(catalogue, n, seed) {
  const random = randomOf(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const bySlot = Map.groupBy ? null : new Map();
  /* Of the aids one, and nobody sits: clips of who stands are played. */
  const aids = catalogue.file.items.filter(
    ({ id, slot }) => /^(hearing|limb|hand)$/.test(slot) && id !== "wheelchair",
  );
  const slotItems = (slot) => {
    if (slot === "aids") return aids;
    if (!bySlot?.has(slot))
      bySlot?.set(
        slot,
        catalogue.file.items.filter((one) => one.slot === slot),
      );
    return bySlot?.get(slot) ?? catalogue.file.items.filter((one) => one.slot === slot);
  };
  const slider = ({ min, max }) => Math.round(min + ((max - min) * (random() + random())) / 2);
  return Array.from({ length: n }, () => {
    const body = {},
      face = {};
    for (const one of catalogue.sliders.values()) {
      const to = one.part === "face" ? face : body;
      if (random() < 0.5)
        to[one.id] = one.id === "figure" ? (random() < 0.5 ? -80 : 80) : slider(one);
    }
    const chosen = [];
    const take = (slot, chance = 1) => {
      if (random() < chance) chosen.push(pick(slotItems(slot)));
    };
    if (random() < 0.3) take("dress");
    else {
      take("top");
      take("legs");
    }
    for (const [slot, chance] of Object.entries(OUTFIT)) take(slot, chance);
    const without = new Set(chosen.flatMap((one) => one.excludes ?? []));
    const wear = catalogue.file.slots.flatMap(({ id }) => {
      const one = chosen.find((item) => item.slot === id && !without.has(id));
      if (!one) return [];
      const shades = catalogue.colours(one.palette).length;
      const shade = () => Math.floor(random() * shades);
      return [
        {
          id: one.id,
          colours: one.zones.map(shade),
          ...(one.patterns && random() < 0.3
            ? {
                pattern: 1 + Math.floor(random() * (catalogue.patterns.length - 1)),
                pattern_colour: shade(),
              }
            : {}),
        },
      ];
    });
    return {
      v: 1,
      body,
      face,
      skin: Math.floor(random() * 14),
      eyes: Math.floor(random() * 10),
      wear,
    };
  });
}
