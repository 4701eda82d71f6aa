// Small drawings for frames, boards, rugs and window views, laid out on one sheet a scene.
const svg = (w, h, body) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" ` +
  `viewBox="0 0 ${w} ${h}">${body}</svg>`;

// entries: {name: [x, y, w, h, body drawn in a 100 x 100 box]}.
export function sheet(w, h, entries) {
  const parts = Object.values(entries).map(
    ([x, y, ew, eh, body]) =>
      `<svg x="${x}" y="${y}" width="${ew}" height="${eh}" viewBox="0 0 100 100" ` +
      `preserveAspectRatio="none">${body}</svg>`,
  );
  const rect = (name) => {
    const [x, y, ew, eh] = entries[name];
    return [(x + 1) / w, (y + 1) / h, (x + ew - 1) / w, (y + eh - 1) / h];
  };
  return { svg: svg(w, h, parts.join('')), rect };
}

const hills = (y, amp, colour, seed) => {
  let d = `M0 100 L0 ${y}`;
  for (let x = 0; x <= 100; x += 4)
    d += ` L${x} ${y - amp * Math.sin(x / 13 + seed) - amp * 0.5 * Math.sin(x / 5.3 + seed * 2)}`;
  return `<path d="${d} L100 100 Z" fill="${colour}"/>`;
};

export const landscape = `<rect width="100" height="100" fill="#f6d9b0"/>
<circle cx="68" cy="34" r="15" fill="#ef8a5a"/>${hills(58, 7, '#d98a6a', 0.4)}
${hills(70, 6, '#7fa08a', 2.2)}${hills(84, 5, '#3f6f68', 4.1)}`;

export const leaves = `<rect width="100" height="100" fill="#f7efdf"/>
<g fill="none" stroke="#2f5d50" stroke-width="2.2"><path d="M50 92 C50 60 50 40 52 12"/></g>
${[0, 1, 2, 3, 4]
  .map(
    (i) => `<ellipse cx="${66 - i * 1.5}" cy="${74 - i * 14}" rx="17" ry="6.5"
 transform="rotate(${-32 - i * 3} ${66 - i * 1.5} ${74 - i * 14})" fill="${i % 2 ? '#5f9a7c' :
'#3f7d68'}"/>
<ellipse cx="${35 + i * 1.5}" cy="${68 - i * 14}" rx="17" ry="6.5"
 transform="rotate(${32 + i * 3} ${35 + i * 1.5} ${68 - i * 14})" fill="${i % 2 ? '#3f7d68' :
'#7fb394'}"/>`,
  )
  .join('')}`;

export const shapes = `<rect width="100" height="100" fill="#efe2cf"/>
<circle cx="38" cy="42" r="24" fill="#c8553d"/><path d="M30 88 A28 28 0 0 1 86 88 Z"
fill="#e0a63c"/>
<rect x="58" y="16" width="22" height="40" rx="11" fill="#3f7d78"/>
<path d="M14 74 Q34 60 50 78 T88 70" fill="none" stroke="#44566e" stroke-width="3.4"/>`;

// A woven rug: borders and a field of diamonds.
export function rugArt(ground, ink, warm) {
  let field = '';
  for (let r = 0; r < 5; r++) {
    for (let c = 0; c < 8; c++) {
      const [x, y] = [17 + c * 9.45, 18 + r * 16];
      const fill = (r + c) % 2 ? warm : ink;
      field += `<path d="M${x} ${y - 6.4} L${x + 3.7} ${y} L${x} ${y + 6.4} L${x - 3.7} ${y} Z"
fill="${fill}"
 opacity="0.85"/><path d="M${x} ${y - 2.6} L${x + 1.5} ${y} L${x} ${y + 2.6} L${x - 1.5} ${y} Z"
 fill="${ground}"/>`;
    }
  }
  const border = (i, w, colour) => `<rect x="${i}" y="${i * 1.4}" width="${100 - 2 * i}"
 height="${100 - 2.8 * i}" fill="none" stroke="${colour}" stroke-width="${w}"/>`;
  return `<rect width="100" height="100" fill="${ground}"/>${border(2.6, 2.4, ink)}
${border(5.4, 0.8, warm)}${border(7.6, 0.6, ink)}${field}`;
}

export const dayView = svg(
  512,
  384,
  `<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="#74bdf5"/><stop offset="0.62" stop-color="#d5eefc"/>
<stop offset="1" stop-color="#fdf3dc"/></linearGradient></defs>
<rect width="512" height="384" fill="url(#s)"/>
${[
  [90, 80, 1],
  [300, 55, 0.8],
  [430, 120, 0.6],
  [210, 140, 0.5],
]
  .map(
    ([x, y, s]) =>
      `<g fill="#fff" opacity="0.95" transform="translate(${x} ${y}) scale(${s})">
<ellipse cx="0" cy="0" rx="58" ry="17"/><circle cx="-22" cy="-12" r="20"/><circle cx="8" cy="-20"
r="26"/>
<circle cx="34" cy="-8" r="17"/></g>`,
  )
  .join('')}
<path d="M0 262 Q90 214 190 248 T380 236 T512 250 V384 H0 Z" fill="#a9cf9a"/>
<path d="M0 300 Q120 262 260 292 T512 284 V384 H0 Z" fill="#86b878"/>
${[
  [60, 290, 26],
  [110, 300, 18],
  [330, 284, 24],
  [452, 292, 30],
  [404, 300, 16],
]
  .map(
    ([x, y, r]) =>
      `<rect x="${x - 3}" y="${y}" width="6" height="34" fill="#7a5a40"/>
<circle cx="${x}" cy="${y - 8}" r="${r}" fill="#5f9a5a"/>
<circle cx="${x - r * 0.3}" cy="${y - 8 - r * 0.3}" r="${r * 0.62}" fill="#75ad68"/>`,
  )
  .join('')}
<path d="M0 336 Q160 312 300 332 T512 322 V384 H0 Z" fill="#6fa563"/>`,
);

// Chalk drawings for the menu: cups, a cake, a croissant, steam. No words: guests read pictures.
const chalk = 'fill="none" stroke="#f6efe0" stroke-width="1.6" stroke-linecap="round"';
const cup = (x, y, s, fill) => `<g transform="translate(${x} ${y}) scale(${s})" ${chalk}>
<path d="M-9 -6 H9 L7 8 Q6 11 2 11 H-2 Q-6 11 -7 8 Z" fill="${fill}"/><path d="M9 -4 Q16 -3 14 2
Q12 6 7.6 5"/>
<path d="M-13 14 H13"/><path d="M-4 -10 Q-6 -13 -4 -16 T-4 -22"/><path d="M4 -10 Q2 -13 4 -16 T4
-22"/></g>`;
const dots = (x, y, n) =>
  Array.from(
    { length: n },
    (_, i) => `<circle cx="${x + i * 5}" cy="${y}" r="1.5" fill="#e0a63c"/>`,
  ).join('');
const BOARD = '<rect width="100" height="100" fill="#2f3b38"/>';
const frame =
  '<rect x="5" y="4" width="90" height="92" rx="4" fill="none" stroke="#f6efe0" ' +
  'stroke-width="0.9" opacity="0.6"/>';

export const menuCups = `${BOARD}${frame}${[
  ['#7a4a2c', 1],
  ['#b98556', 2],
  ['#e8d2b0', 3],
]
  .map(([fill, n], i) => cup(28, 30 + i * 27, 0.8, fill) + dots(56, 31 + i * 27, n + 1))
  .join('')}`;
export const menuCakes = `${BOARD}${frame}
<g ${chalk}><path d="M16 38 L40 26 L46 38 Z" fill="#f0b7c0"/><path d="M16 38 V48 H46 V38"
fill="#e3b877"/>
<circle cx="38" cy="25" r="3" fill="#c8303a"/><path d="M15 78 Q18 60 32 60 Q46 60 49 78 Q40 70 32
71 Q24 70 15 78 Z"
 fill="#d1904a"/><path d="M26 61 L28 70 M32 60 V71 M39 61 L37 70"/></g>${dots(60, 42, 3)}${dots(60,
70, 2)}`;
export const bigCup = `${BOARD}${frame}${cup(48, 52, 2, '#b98556')}
<path d="M36 84 Q48 90 62 84" ${chalk}/><path d="M49 49 q-6 -6 -9 0 q0 5 9 10 q9 -5 9 -10 q-3 -6 -9
0"
 fill="#f6efe0"/>`;
export const beans = `<rect width="100" height="100" fill="#f3e7d2"/>${[
  [32, 34, 20],
  [66, 42, -30],
  [46, 70, 60],
  [76, 76, 10],
  [20, 78, -20],
]
  .map(
    ([x, y, r]) => `<g transform="translate(${x} ${y}) rotate(${r})">
<ellipse rx="15" ry="10" fill="#7a4a2c"/><path d="M-14 0 Q-5 -5 0 0 T14 0" fill="none"
stroke="#f3e7d2"
 stroke-width="2"/></g>`,
  )
  .join('')}`;

export const streetView = svg(
  512,
  384,
  `<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="#8cc8f2"/><stop offset="1"
stop-color="#fbeed4"/></linearGradient></defs>
<rect width="512" height="384" fill="url(#s)"/>
${[
  [0, 120, 96, '#e2b48c'],
  [96, 90, 84, '#d98f78'],
  [180, 130, 100, '#f0d3a4'],
  [280, 80, 90, '#a9bfae'],
  [370, 112, 142, '#e6c0a2'],
]
  .map(
    ([x, y, w, c]) => `<rect x="${x}" y="${y}" width="${w}" height="300" fill="${c}"/>
<path d="M${x - 4} ${y} L${x + w / 2} ${y - 38} L${x + w + 4} ${y} Z" fill="#b5614a"/>
${[0, 1, 2]
  .map((r) =>
    [0.2, 0.62]
      .map(
        (k) => `<rect x="${x + w * k}" y="${y + 24 + r * 52}" width="${w * 0.2}"
 height="30" rx="2" fill="#fdf6e4"/><rect x="${x + w * k + 2}" y="${y + 26 + r * 52}" width="${w *
0.2 - 4}"
 height="26" fill="#7fa9bf"/>`,
      )
      .join(''),
  )
  .join('')}`,
  )
  .join('')}
<rect y="320" width="512" height="64" fill="#cbb9a3"/><rect y="312" width="512" height="12"
fill="#e6dac6"/>
${[
  [70, 286, 34],
  [330, 282, 38],
]
  .map(
    ([x, y, r]) => `<rect x="${x - 4}" y="${y}" width="8" height="44" fill="#7a5a40"/>
<circle cx="${x}" cy="${y - 14}" r="${r}" fill="#6fa563"/><circle cx="${x - 10}" cy="${y - 24}"
r="${r * 0.6}"
 fill="#86b878"/>`,
  )
  .join('')}`,
);
