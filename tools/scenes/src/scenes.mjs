// The scenes there are. A new one: a description, a look, a line here.
import cafe from './cafe.mjs';
import cafeLook from './cafe_look.mjs';
import garden from './garden.mjs';
import gardenLook from './garden_look.mjs';
import lounge from './lounge.mjs';
import loungeLook from './lounge_look.mjs';

export const SCENES = [
  { scene: lounge, look: loungeLook },
  { scene: cafe, look: cafeLook },
  { scene: garden, look: gardenLook },
];
