export const CAFE = {};
