import type { ComponentChildren, JSX } from "preact";
import { assetUrl, hasAsset } from "../lib/assets.ts";
import { t } from "../lib/text.ts";
import { Icon, type IconName } from "./icons.tsx";

type ButtonProps = JSX.IntrinsicElements["button"] & {
  kind?: string;
  icon?: IconName;
  busy?: boolean;
};

/** A button; while busy it keeps its place and its focus but does nothing. */
export function Button({ kind = "", icon, busy, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button ${kind}`}
      aria-disabled={busy ? "true" : undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {busy ? <span class="spin" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

type IconButtonProps = ButtonProps & { icon: IconName; label: string };

export function IconButton({ label, kind = "", ...rest }: IconButtonProps) {
  return <Button kind={`icon ${kind}`} aria-label={label} title={label} {...rest} />;
}

export function Notice({
  kind = "",
  icon = "info",
  children,
}: {
  kind?: "" | "bad" | "good";
  icon?: IconName;
  children: ComponentChildren;
}) {
  return (
    <div class={`notice ${kind}`}>
      <Icon name={kind === "bad" ? "alert" : icon} />
      <div class="stack tight">{children}</div>
    </div>
  );
}

export function Empty({
  icon,
  title,
  children,
}: {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What stands where something is being fetched: bones of the size of what will come. */
export function Loading({ rows = 3, height = "4.5rem" }: { rows?: number; height?: string }) {
  return (
    <div class="stack" role="status">
      <span class="unseen">{t("app.loading")}</span>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} class="bone" style={{ height }} />
      ))}
    </div>
  );
}

export function Failed({ retry }: { retry: () => void }) {
  return (
    <Empty icon="wifiOff" title={t("app.unreachable")}>
      <p class="mute">{t("app.unreachable_hint")}</p>
      <Button kind="line" icon="refresh" onClick={retry}>
        {t("app.retry")}
      </Button>
    </Empty>
  );
}

/** The picture of a furnished scene, or of a view of it; one without leaves its place in the house's colour. */
export function ScenePreview({
  scene,
  view = "",
  alt = "",
  kind = "",
}: {
  scene: string;
  view?: string;
  alt?: string;
  kind?: string;
}) {
  const own = `scenes/previews/${scene}-${view}.avif`;
  const picture = hasAsset(own) ? own : `scenes/previews/${scene}.avif`;
  if (!hasAsset(picture)) return <div class={`scene-preview ${kind}`} />;
  return (
    <img
      class={`scene-preview ${kind}`}
      src={assetUrl(picture)}
      alt={alt}
      width="640"
      height="400"
      loading={alt ? "eager" : "lazy"}
    />
  );
}
