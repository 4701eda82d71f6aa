import { useEffect, useState } from "preact/hooks";

/* Light border of four modules, as the standard wants. */
const BORDER = 4;

/** A QR code as one path, dark on light in every theme: cameras do not read the other way. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [drawn, setDrawn] = useState({ size: 1, path: "" });
  useEffect(() => {
    let current = true;
    void import("uqr").then(({ encode }) => {
      const { data, size } = encode(text, { ecc: "M", border: BORDER });
      const path = data
        .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
        .join("");
      if (current) setDrawn({ size, path });
    });
    return () => {
      current = false;
    };
  }, [text]);
  const { size, path } = drawn;
  return (
    <svg class="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path class="light" d={`M0 0h${size}v${size}h-${size}z`} />
      <path class="dark" d={path} />
    </svg>
  );
}
