import DatabaseBackup from "@lucide/svelte/icons/database-backup";
import Gauge from "@lucide/svelte/icons/gauge";
import Image from "@lucide/svelte/icons/image";
import Info from "@lucide/svelte/icons/info";
import Keyboard from "@lucide/svelte/icons/keyboard";
import ListChecks from "@lucide/svelte/icons/list-checks";
import Palette from "@lucide/svelte/icons/palette";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import SlidersHorizontal from "@lucide/svelte/icons/sliders-horizontal";
import UsersRound from "@lucide/svelte/icons/users-round";
import type { Component } from "svelte";
import type { MessageKey } from "../../../shared/messages/catalogue.ts";
import type { Icon } from "../../ui/icon.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import AboutPage from "./AboutPage.svelte";
import AppearancePage from "./AppearancePage.svelte";
import BackupPage from "./BackupPage.svelte";
import GeneralPage from "./GeneralPage.svelte";
import KeysPage from "./KeysPage.svelte";
import PeoplePage from "./PeoplePage.svelte";
import PicturePage from "./PicturePage.svelte";
import PrivacyPage from "./PrivacyPage.svelte";
import SpeedPage from "./SpeedPage.svelte";
import WorkPage from "./WorkPage.svelte";

/** One page of Settings: its place in the address, its name in the list, and what it shows. */
export type SettingsPage = {
  readonly id: string;
  readonly title: MessageKey;
  readonly icon: Icon;
} & (
  | { readonly page: Component }
  /** `audit`: the one that Settings was opened from; null where it was opened from none. */
  | { readonly auditPage: Component<{ audit: AuditState | null }> }
);

/** In the order of the list; a new page is a line here. */
export const settingsPages: readonly SettingsPage[] = [
  { id: "general", title: "settings.general", icon: SlidersHorizontal, page: GeneralPage },
  { id: "appearance", title: "settings.appearance", icon: Palette, page: AppearancePage },
  { id: "keys", title: "settings.keys", icon: Keyboard, page: KeysPage },
  { id: "picture", title: "settings.picture", icon: Image, auditPage: PicturePage },
  { id: "work", title: "settings.work", icon: ListChecks, page: WorkPage },
  { id: "speed", title: "settings.speed", icon: Gauge, page: SpeedPage },
  { id: "privacy", title: "settings.privacy", icon: ShieldCheck, auditPage: PrivacyPage },
  { id: "people", title: "people.page.title", icon: UsersRound, auditPage: PeoplePage },
  { id: "backup", title: "settings.backup", icon: DatabaseBackup, auditPage: BackupPage },
  { id: "about", title: "settings.about", icon: Info, page: AboutPage },
];
