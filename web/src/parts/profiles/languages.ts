/* What people say they speak: the most spoken ones; names come from the browser. */
export const LANGUAGES_SPOKEN = (
  "ar ban bg bn bug ca cs da de el en es et fa fi fr ga he hi hr hu id is it ja jv kk ko lt lv " +
  "mad mak min mk ms my ne nl no pa pl ps pt ro ru si sk sl sq sr su sv sw ta te th tl tr uk ur " +
  "uz vi yo yue zh zu"
).split(" ");
