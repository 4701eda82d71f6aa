// When somebody was born, as the fields of the age screen have it.

export interface Birth {
  day: string;
  month: string;
  year: string;
  country: string;
}

const OLDEST = 1900;

/** YYYY-MM-DD, or null when the fields name no day of the calendar. */
export function birthDate({ day, month, year }: Birth): string | null {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const date = new Date(Date.UTC(y, m - 1, d));
  const real = /^\d{4}$/.test(year) && date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
  return real && y >= OLDEST && date.getTime() <= Date.now()
    ? date.toISOString().slice(0, 10)
    : null;
}

/** Which part of it names no day of the calendar that was; null when all do. */
export function wrongPart(birth: Birth): "day" | "month" | "year" | null {
  if (birthDate(birth)) return null;
  const day = Number(birth.day);
  const year = Number(birth.year);
  if (day < 1 || day > 31) return "day";
  if (!birth.month) return "month";
  const now = new Date().getFullYear();
  if (!/^\d{4}$/.test(birth.year) || year < OLDEST || year > now) return "year";
  /* The day is judged last: how many there are hangs on month and year. */
  const exists = new Date(Date.UTC(year, Number(birth.month) - 1, day)).getUTCDate() === day;
  return exists ? "year" : "day";
}
