const FOLDED = "hansight.rail-folded";

export type PanelName =
  | "palette"
  | "keys"
  | "tray"
  | "open"
  | "person"
  | "passphrase"
  | "fix"
  | "reopen"
  | "merge"
  | "verify"
  | "export";

/** Which of the frame's own panels is open: one at a time. */
export class Panels {
  shown = $state<PanelName | null>(null);
  isRailFolded = $state(localStorage.getItem(FOLDED) === "yes");

  show(panel: PanelName): void {
    this.shown = panel;
  }

  toggle(panel: PanelName): void {
    this.shown = this.shown === panel ? null : panel;
  }

  close(): void {
    this.shown = null;
  }

  foldRail(): void {
    this.isRailFolded = !this.isRailFolded;
    localStorage.setItem(FOLDED, this.isRailFolded ? "yes" : "no");
  }
}
