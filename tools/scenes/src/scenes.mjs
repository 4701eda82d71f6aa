// The scenes there are. A new one: a description, a look, a line here.
import lounge from './lounge.mjs';
import loungeLook from './lounge_look.mjs';

export const SCENES = [
  { scene: lounge, look: loungeLook },
];
