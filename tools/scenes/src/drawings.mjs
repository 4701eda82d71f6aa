// Small drawings for frames, boards, rugs and window views, laid out on one sheet a scene.
const svg = (w, h, body) => `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" `
  + `viewBox="0 0 ${w} ${h}">${body}</svg>`;

// entries: {name: [x, y, w, h, body drawn in a 100 x 100 box]}.
export function sheet(w, h, entries) {
  const parts = Object.values(entries).map(([x, y, ew, eh, body]) =>
    `<svg x="${x}" y="${y}" width="${ew}" height="${eh}" viewBox="0 0 100 100" `
    + `preserveAspectRatio="none">${body}</svg>`);
  const rect = (name) => {
    const [x, y, ew, eh] = entries[name];
    return [(x + 1) / w, (y + 1) / h, (x + ew - 1) / w, (y + eh - 1) / h];
  };
  return { svg: svg(w, h, parts.join('')), rect };
}

const hills = (y, amp, colour, seed) => {
  let d = `M0 100 L0 ${y}`;
  for (let x = 0; x <= 100; x += 4) d += ` L${x} ${y - amp * Math.sin(x / 13 + seed)
    - amp * 0.5 * Math.sin(x / 5.3 + seed * 2)}`;
  return `<path d="${d} L100 100 Z" fill="${colour}"/>`;
};

export const landscape = `<rect width="100" height="100" fill="#f6d9b0"/>
<circle cx="68" cy="34" r="15" fill="#ef8a5a"/>${hills(58, 7, '#d98a6a', 0.4)}
${hills(70, 6, '#7fa08a', 2.2)}${hills(84, 5, '#3f6f68', 4.1)}`;

export const leaves = `<rect width="100" height="100" fill="#f7efdf"/>
<g fill="none" stroke="#2f5d50" stroke-width="2.2"><path d="M50 92 C50 60 50 40 52 12"/></g>
${[0, 1, 2, 3, 4].map((i) => `<ellipse cx="${66 - i * 1.5}" cy="${74 - i * 14}" rx="17" ry="6.5"
 transform="rotate(${-32 - i * 3} ${66 - i * 1.5} ${74 - i * 14})" fill="${i % 2 ? '#5f9a7c' : '#3f7d68'}"/>
<ellipse cx="${35 + i * 1.5}" cy="${68 - i * 14}" rx="17" ry="6.5"
 transform="rotate(${32 + i * 3} ${35 + i * 1.5} ${68 - i * 14})" fill="${i % 2 ? '#3f7d68' : '#7fb394'}"/>`)
    .join('')}`;

export const shapes = `<rect width="100" height="100" fill="#efe2cf"/>
<circle cx="38" cy="42" r="24" fill="#c8553d"/><path d="M30 88 A28 28 0 0 1 86 88 Z" fill="#e0a63c"/>
<rect x="58" y="16" width="22" height="40" rx="11" fill="#3f7d78"/>
<path d="M14 74 Q34 60 50 78 T88 70" fill="none" stroke="#44566e" stroke-width="3.4"/>`;

// A woven rug: borders and a field of diamonds.
export function rugArt(ground, ink, warm) {
  let field = '';
  for (let r = 0; r < 5; r++) {
    for (let c = 0; c < 8; c++) {
      const [x, y] = [17 + c * 9.45, 18 + r * 16];
      const fill = (r + c) % 2 ? warm : ink;
      field += `<path d="M${x} ${y - 6.4} L${x + 3.7} ${y} L${x} ${y + 6.4} L${x - 3.7} ${y} Z" fill="${fill}"
 opacity="0.85"/><path d="M${x} ${y - 2.6} L${x + 1.5} ${y} L${x} ${y + 2.6} L${x - 1.5} ${y} Z"
 fill="${ground}"/>`;
    }
  }
  const border = (i, w, colour) => `<rect x="${i}" y="${i * 1.4}" width="${100 - 2 * i}"
 height="${100 - 2.8 * i}" fill="none" stroke="${colour}" stroke-width="${w}"/>`;
  return `<rect width="100" height="100" fill="${ground}"/>${border(2.6, 2.4, ink)}
${border(5.4, 0.8, warm)}${border(7.6, 0.6, ink)}${field}`;
}

export const dayView = svg(512, 384, `<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="#74bdf5"/><stop offset="0.62" stop-color="#d5eefc"/>
<stop offset="1" stop-color="#fdf3dc"/></linearGradient></defs>
<rect width="512" height="384" fill="url(#s)"/>
${[[90, 80, 1], [300, 55, 0.8], [430, 120, 0.6], [210, 140, 0.5]].map(([x, y, s]) =>
    `<g fill="#fff" opacity="0.95" transform="translate(${x} ${y}) scale(${s})">
<ellipse cx="0" cy="0" rx="58" ry="17"/><circle cx="-22" cy="-12" r="20"/><circle cx="8" cy="-20" r="26"/>
<circle cx="34" cy="-8" r="17"/></g>`).join('')}
<path d="M0 262 Q90 214 190 248 T380 236 T512 250 V384 H0 Z" fill="#a9cf9a"/>
<path d="M0 300 Q120 262 260 292 T512 284 V384 H0 Z" fill="#86b878"/>
${[[60, 290, 26], [110, 300, 18], [330, 284, 24], [452, 292, 30], [404, 300, 16]].map(([x, y, r]) =>
    `<rect x="${x - 3}" y="${y}" width="6" height="34" fill="#7a5a40"/>
<circle cx="${x}" cy="${y - 8}" r="${r}" fill="#5f9a5a"/>
<circle cx="${x - r * 0.3}" cy="${y - 8 - r * 0.3}" r="${r * 0.62}" fill="#75ad68"/>`).join('')}
<path d="M0 336 Q160 312 300 332 T512 322 V384 H0 Z" fill="#6fa563"/>`);
