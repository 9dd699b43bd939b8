import UsersRound from "@lucide/svelte/icons/users-round";
import type { Component } from "svelte";
import type { MessageKey } from "../../../shared/messages/catalogue.ts";
import type { Icon } from "../../ui/icon.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import PeoplePage from "./PeoplePage.svelte";

/** One page of Settings: its place in the address, its name in the list, and what it shows. */
export interface SettingsPage {
  readonly id: string;
  readonly title: MessageKey;
  readonly icon: Icon;
  /** `audit`: the one that Settings was opened from; null where it was opened from none. */
  readonly page: Component<{ audit: AuditState | null }>;
}

/** In the order of the list; a new page is a line here. */
export const settingsPages: readonly SettingsPage[] = [
  { id: "people", title: "people.page.title", icon: UsersRound, page: PeoplePage },
];
