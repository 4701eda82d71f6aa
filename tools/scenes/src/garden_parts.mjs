export const GARDEN = {};
