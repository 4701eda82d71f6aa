// Only the pictures that are used, from lucide (ISC): each a small SVG put into the page.
import accessibility from "lucide-static/icons/accessibility.svg";
import alert from "lucide-static/icons/circle-alert.svg";
import armchair from "lucide-static/icons/armchair.svg";
import arrowDown from "lucide-static/icons/arrow-down.svg";
import arrowLeft from "lucide-static/icons/arrow-left.svg";
import arrowUp from "lucide-static/icons/arrow-up.svg";
import ban from "lucide-static/icons/ban.svg";
import bell from "lucide-static/icons/bell.svg";
import bellOff from "lucide-static/icons/bell-off.svg";
import book from "lucide-static/icons/book-open.svg";
import check from "lucide-static/icons/check.svg";
import chevronDown from "lucide-static/icons/chevron-down.svg";
import chevronRight from "lucide-static/icons/chevron-right.svg";
import close from "lucide-static/icons/x.svg";
import code from "lucide-static/icons/code-xml.svg";
import copy from "lucide-static/icons/copy.svg";
import doorOpen from "lucide-static/icons/door-open.svg";
import eye from "lucide-static/icons/eye.svg";
import eyeOff from "lucide-static/icons/eye-off.svg";
import flag from "lucide-static/icons/flag.svg";
import folder from "lucide-static/icons/folder-lock.svg";
import footprints from "lucide-static/icons/footprints.svg";
import gauge from "lucide-static/icons/gauge.svg";
import globe from "lucide-static/icons/globe.svg";
import house from "lucide-static/icons/house.svg";
import info from "lucide-static/icons/info.svg";
import key from "lucide-static/icons/key-round.svg";
import link from "lucide-static/icons/link.svg";
import lock from "lucide-static/icons/lock.svg";
import logOut from "lucide-static/icons/log-out.svg";
import mail from "lucide-static/icons/mail.svg";
import mapPin from "lucide-static/icons/map-pin.svg";
import message from "lucide-static/icons/message-circle.svg";
import minus from "lucide-static/icons/minus.svg";
import monitor from "lucide-static/icons/monitor-smartphone.svg";
import more from "lucide-static/icons/ellipsis.svg";
import palette from "lucide-static/icons/palette.svg";
import pencil from "lucide-static/icons/pencil.svg";
import plus from "lucide-static/icons/plus.svg";
import refresh from "lucide-static/icons/refresh-cw.svg";
import reply from "lucide-static/icons/reply.svg";
import scrollText from "lucide-static/icons/scroll-text.svg";
import search from "lucide-static/icons/search.svg";
import send from "lucide-static/icons/send.svg";
import settings from "lucide-static/icons/settings.svg";
import shield from "lucide-static/icons/shield-check.svg";
import shirt from "lucide-static/icons/shirt.svg";
import smile from "lucide-static/icons/smile.svg";
import sofa from "lucide-static/icons/sofa.svg";
import star from "lucide-static/icons/star.svg";
import stand from "lucide-static/icons/person-standing.svg";
import trash from "lucide-static/icons/trash-2.svg";
import user from "lucide-static/icons/user-round.svg";
import userMinus from "lucide-static/icons/user-minus.svg";
import userPlus from "lucide-static/icons/user-plus.svg";
import users from "lucide-static/icons/users.svg";
import wifiOff from "lucide-static/icons/wifi-off.svg";

const ICONS = {
  accessibility,
  alert,
  armchair,
  arrowDown,
  arrowLeft,
  arrowUp,
  ban,
  bell,
  bellOff,
  book,
  check,
  chevronDown,
  chevronRight,
  close,
  code,
  copy,
  doorOpen,
  eye,
  eyeOff,
  flag,
  folder,
  footprints,
  gauge,
  globe,
  house,
  info,
  key,
  link,
  lock,
  logOut,
  mail,
  mapPin,
  message,
  minus,
  monitor,
  more,
  palette,
  pencil,
  plus,
  refresh,
  reply,
  scrollText,
  search,
  send,
  settings,
  shield,
  shirt,
  smile,
  sofa,
  stand,
  star,
  trash,
  user,
  userMinus,
  userPlus,
  users,
  wifiOff,
};

/** One of these, or the picture that a part brings itself. */
export type IconName = keyof typeof ICONS | Svg;

/* The files carry a licence comment and their own attributes; only the shapes go into the page. */
const shapes = (svg: string) => svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, -7).trim();

/*
 * Seen by nobody. A browser that paints by graphics draws a page with more than a few such lines with
 * many samples a pixel, by programs of its own that it must compile first: a second on a phone. It
 * does not where anything has hard edges.
 */
const PLAIN =
  '<rect width="1" height="1" fill-opacity="0" fill="#000" stroke="none" shape-rendering="crispEdges"/>';

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      class="i"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: shapes of our own icon files
      dangerouslySetInnerHTML={{
        __html: PLAIN + shapes(name in ICONS ? ICONS[name as keyof typeof ICONS] : name),
      }}
    />
  );
}
