export const CHROMIUM: string;
export const DRAWS: string[];
export const DRAWS_NOT: string[];
