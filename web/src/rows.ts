// What a part brings to the client: rows in files below parts/<name>/, gathered by web/parts.mjs. Nothing
// that lists parts is written by hand. `place`s sort: a row between two others takes a number between.
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentType, VNode } from "preact";
import type { Power, ReportKind } from "./gen/wants.ts";
import type { Person } from "./lib/person.ts";
import type { SeenBy } from "./lib/seen.ts";
import type { Me } from "./lib/session.ts";
import type { IconName } from "./kit/icons.tsx";

export type PageProps = { params: Record<string, string> };
/** Everybody, members, or those of the staff who have a power (src/call/roles.h). */
export type Who = "all" | "member" | Power;

/** Of pages that fit an address the one that names more of it is shown. */
export interface PageRow {
  path: string;
  who: Who;
  /** Fills the window: no footer, no scrolling page. */
  full?: boolean;
  /** What a first visit needs is there at once, all else is loaded when it is opened. */
  page?: ComponentType<PageProps>;
  load?: () => Promise<ComponentType<PageProps>>;
}

export interface NavRow {
  place: number;
  href: string;
  icon: IconName;
  text: string;
  who: Who;
  /** How many new things wait there, and `<text>_news`: that in words. */
  news?: () => number;
}

/** A window over any page of a member's, there while `of` has a value; it comes with the first one. */
export interface WindowRow<T = unknown> {
  of: ReadonlySignal<T | null>;
  close: () => void;
  load: () => Promise<(props: { what: T }) => VNode>;
}
/** Keeps the types of a row's own together, which a list of rows forgets. */
export const windowRow = <T>(row: WindowRow<T>) => row as unknown as WindowRow;

export interface PagesOf {
  pages?: PageRow[];
  nav?: NavRow[];
  windows?: WindowRow[];
  /** Runs once the member is known, before the channel starts. */
  start?: () => void;
}

/** One address of the settings. */
export interface SettingsPart {
  name: string;
  place: number;
  icon: IconName;
  /** Its name; with `_line` at the end, what is in it. */
  text: string;
}
export interface SettingsSection {
  part: string;
  place: number;
  section: ComponentType;
}
export interface SettingsOf {
  settings?: SettingsPart[];
  sections?: SettingsSection[];
}

export interface PersonAction {
  place: number;
  /** A key of the catalogue; `{name}` is filled in. */
  text: string;
  icon: IconName;
  when: (person: Person) => boolean;
  /** What it throws is said in a toast. */
  act: (person: Person) => void | Promise<unknown>;
  /** Stands above what can be done while this is among it. */
  Caution?: ComponentType;
  /** Does not stand on the person's own page: it leads there. */
  card?: boolean;
}
export interface PersonOf {
  actions: PersonAction[];
}

/** One address of the administration; the first in place that is theirs is /admin itself. */
export interface AdminPart {
  name: string;
  place: number;
  text: string;
  /** For whom of the staff. */
  may: Power;
  Part: ComponentType;
}
export interface AdminOf {
  admin: AdminPart[];
}

/** A section of the page that says what somebody of a kind sees of oneself. */
export interface SeenRow {
  place: number;
  when: (by: SeenBy) => boolean;
  Seen: ComponentType<{ by: SeenBy }>;
}
export interface SeenOf {
  seen: SeenRow[];
}

/**
 * How officers are shown what was reported of one kind. Its words are `reports.kind_<kind>`,
 * `reports.entry_<kind>` and, where the last of what is shown is the thing itself, `reports.it_<kind>`.
 */
export interface ReportRow {
  kind: ReportKind;
  /** What a field of it is called, where that is not `reports.<name>`, and what it says. */
  field?: (name: string, text: string) => { name: string; text: string };
  /** What a piece of it is called, where it has some. */
  block?: (name: string) => string;
}
export interface ReportsOf {
  reports: ReportRow[];
}

/** Something to do soon, said above the list of rooms until it is done or put off. */
export interface Reminder {
  name: string;
  place: number;
  icon: IconName;
  when: (member: Me) => boolean;
  /** `later` is the button that puts it off. */
  load: () => Promise<ComponentType<{ later: VNode }>>;
}
export interface RemindersOf {
  reminders: Reminder[];
}

export const inPlace = <T extends { place: number }>(rows: T[]): T[] =>
  rows.sort((a, b) => a.place - b.place);
