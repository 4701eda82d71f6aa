import { ownLinks } from "../lib/own_links.ts";

/** What somebody wrote; addresses of rooms and people here lead there. */
export function Linked({ text, tabIndex }: { text: string; tabIndex?: number }) {
  return (
    <>
      {ownLinks(text, location.origin).map((piece) =>
        piece.path ? (
          <a href={piece.path} tabIndex={tabIndex}>
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </>
  );
}
