// Pictures of what there is to choose, made at build: a sheet a slot, fetched when somebody looks into it.
import { useEffect, useState } from "preact/hooks";
import { assetJson, assetUrl, hasAsset } from "../../lib/assets.ts";

const LIST = "wardrobe/pictures.json";

interface Sheets {
  columns: number;
  sheets: Record<string, string[]>;
}

/** Says where pictures lie; null until it is known, and where there are none. */
export function useSheets(): Sheets | null {
  const [sheets, setSheets] = useState<Sheets | null>(null);
  useEffect(() => {
    if (hasAsset(LIST)) assetJson<Sheets>(LIST).then(setSheets, () => undefined);
  }, []);
  return sheets;
}

/** The picture of one; an empty place where there is none (yet). Its name stands beside it. */
export function Picture({ of, sheet, id }: { of: Sheets | null; sheet: string; id: string }) {
  const ids = of?.sheets[sheet];
  const at = ids?.indexOf(id) ?? -1;
  const file = `wardrobe/${sheet}.webp`;
  if (!of || !ids || at < 0 || !hasAsset(file)) return <span class="look-pic" aria-hidden="true" />;
  const columns = Math.min(of.columns, ids.length);
  const rows = Math.ceil(ids.length / columns);
  const part = (n: number, count: number) => (count > 1 ? `${(n / (count - 1)) * 100}%` : "0%");
  return (
    <span
      class="look-pic"
      aria-hidden="true"
      style={{
        backgroundImage: `url(${assetUrl(file)})`,
        backgroundSize: `${columns * 100}% ${rows * 100}%`,
        backgroundPosition: `${part(at % columns, columns)} ${part(Math.floor(at / columns), rows)}`,
      }}
    />
  );
}
