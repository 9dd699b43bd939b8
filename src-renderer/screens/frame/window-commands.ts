import CirclePlay from "@lucide/svelte/icons/circle-play";
import Columns2 from "@lucide/svelte/icons/columns-2";
import Contrast from "@lucide/svelte/icons/contrast";
import Flag from "@lucide/svelte/icons/flag";
import FileText from "@lucide/svelte/icons/file-text";
import FileOutput from "@lucide/svelte/icons/file-output";
import FolderOpen from "@lucide/svelte/icons/folder-open";
import Keyboard from "@lucide/svelte/icons/keyboard";
import LayoutDashboard from "@lucide/svelte/icons/layout-dashboard";
import LayoutGrid from "@lucide/svelte/icons/layout-grid";
import Library from "@lucide/svelte/icons/library";
import Lock from "@lucide/svelte/icons/lock";
import LogOut from "@lucide/svelte/icons/log-out";
import ListChecks from "@lucide/svelte/icons/list-checks";
import Plus from "@lucide/svelte/icons/plus";
import ScrollText from "@lucide/svelte/icons/scroll-text";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import ScanEye from "@lucide/svelte/icons/scan-eye";
import Settings from "@lucide/svelte/icons/settings";
import { message } from "../../../shared/messages/catalogue.ts";
import type { Icon } from "../../ui/icon.ts";
import { copyKey } from "../people/copy-key.ts";
import type { AuditState } from "./audit-state.svelte.ts";
import type { AppCommand } from "./commands.svelte.ts";
import type { Frame } from "./frame.svelte.ts";
import type { Panels } from "./panels.svelte.ts";
import { movePane } from "./panes.ts";
import type { AuditScreen } from "./route.ts";
import { saveStateOf } from "./save-state.ts";
import { themes } from "./theme.svelte.ts";

const screenKeys: readonly (readonly [AuditScreen, string[], Icon])[] = [
  ["overview", ["Ctrl+1"], LayoutDashboard],
  ["plan", [], ListChecks],
  ["runs", ["Ctrl+3"], CirclePlay],
  ["grid", ["Ctrl+4"], LayoutGrid],
  ["review", ["Ctrl+5"], ScanEye],
  ["compare", [], Columns2],
  ["findings", ["Ctrl+7"], Flag],
  ["report", ["Ctrl+8", "Ctrl+P"], FileText],
  ["record", [], ScrollText],
];

/** The commands that work everywhere (review-experience 8.1). */
export function windowCommands(window: {
  frame: Frame;
  audit: AuditState | null;
  panels: Panels;
}): AppCommand[] {
  const { frame, audit, panels } = window;
  const isDesktop = location.protocol === "app:";
  const everywhere = { group: message("frame.keys.everywhere"), isForTyping: true };
  const needsAudit = audit === null ? message("frame.command.needsAudit") : null;
  const needsPassphrase = frame.session.person?.hasPassphrase
    ? null
    : message("people.menu.needsPassphrase");

  return [
    {
      ...everywhere,
      id: "palette",
      title: message("frame.command.palette"),
      keys: ["Ctrl+K"],
      run: () => panels.show("palette"),
    },
    ...screenKeys.map(([screen, keys, icon]) => ({
      ...everywhere,
      id: `go-${screen}`,
      title: message("frame.command.screen", { screen: message(`frame.screen.${screen}`) }),
      keys,
      icon,
      off: needsAudit,
      run: () => {
        if (audit) frame.router.show(audit.id, screen);
      },
    })),
    {
      ...everywhere,
      id: "go-library",
      title: message("frame.command.library"),
      icon: Library,
      run: () => frame.router.go({ kind: "library" }),
    },
    {
      ...everywhere,
      id: "new",
      title: message("frame.command.new"),
      // A browser keeps Ctrl+N for itself.
      keys: isDesktop ? ["Ctrl+N"] : ["Ctrl+Alt+N"],
      icon: Plus,
      run: () => frame.router.go({ kind: "new" }),
    },
    {
      ...everywhere,
      id: "open",
      title: message("frame.command.open"),
      keys: ["Ctrl+O"],
      icon: FolderOpen,
      run: () => panels.show("open"),
    },
    {
      ...everywhere,
      id: "verify-folder",
      title: message("verify.folder"),
      icon: ShieldCheck,
      run: () => panels.show("verify"),
    },
    {
      ...everywhere,
      id: "export",
      title: message("export.command"),
      keys: ["Ctrl+E"],
      icon: FileOutput,
      off: needsAudit,
      run: () => panels.show("export"),
    },
    {
      ...everywhere,
      id: "merge",
      title: message("merge.action"),
      off: needsAudit,
      run: () => panels.show("merge"),
    },
    {
      ...everywhere,
      id: "checkpoint",
      title: message("frame.command.checkpoint"),
      keys: ["Ctrl+S"],
      run: () => frame.toasts.show({ words: savedWords(audit) }),
    },
    {
      ...everywhere,
      id: "jobs",
      title: message("frame.command.jobs"),
      keys: ["Ctrl+Shift+J"],
      run: () => panels.toggle("tray"),
    },
    {
      ...everywhere,
      id: "next-pane",
      title: message("frame.command.nextPane"),
      keys: ["F6"],
      run: () => movePane(1),
    },
    {
      ...everywhere,
      id: "previous-pane",
      title: message("frame.command.previousPane"),
      keys: ["Shift+F6"],
      run: () => movePane(-1),
    },
    {
      ...everywhere,
      id: "keys",
      title: message("frame.command.keys"),
      keys: ["F1"],
      icon: Keyboard,
      run: () => panels.show("keys"),
    },
    {
      ...everywhere,
      isForTyping: false,
      id: "keys-sign",
      title: message("frame.command.keys"),
      keys: ["?"],
      kind: "unlisted",
      run: () => panels.show("keys"),
    },
    // A browser has its own back and forward on the same keys.
    ...(isDesktop
      ? [
          {
            ...everywhere,
            id: "back",
            title: message("frame.command.goBack"),
            keys: ["Alt+←"],
            run: () => history.back(),
          },
          {
            ...everywhere,
            id: "forward",
            title: message("frame.command.goForward"),
            keys: ["Alt+→"],
            run: () => history.forward(),
          },
        ]
      : []),
    {
      ...everywhere,
      id: "full-screen",
      title: message("frame.command.fullScreen"),
      keys: ["F11"],
      run: () => void toggleFullScreen(),
    },
    {
      ...everywhere,
      id: "escape",
      title: message("frame.command.back"),
      keys: ["Esc"],
      kind: "keys-only",
    },
    {
      ...everywhere,
      id: "person",
      title: message("frame.command.person"),
      run: () => panels.show("person"),
    },
    {
      ...everywhere,
      id: "settings",
      title: message("people.command.settings"),
      keys: ["Ctrl+,"],
      icon: Settings,
      run: () => frame.router.go({ kind: "settings", page: "general", auditId: audit?.id ?? null }),
    },
    {
      ...everywhere,
      id: "lock",
      title: message("people.command.lock"),
      icon: Lock,
      off: needsPassphrase,
      run: () => frame.session.lock(),
    },
    {
      ...everywhere,
      id: "passphrase",
      title: message("people.command.passphrase"),
      run: () => panels.show("passphrase"),
    },
    {
      ...everywhere,
      id: "copy-key",
      title: message("people.command.copyKey"),
      off: needsPassphrase,
      run: () => void copyKey(frame),
    },
    {
      ...everywhere,
      id: "sign-out",
      title: message("people.command.signOut"),
      icon: LogOut,
      run: () => void frame.session.signOut(),
    },
    ...themes.map((theme) => ({
      ...everywhere,
      id: `theme-${theme}`,
      title: message("frame.command.theme", { theme: message(`frame.theme.${theme}`) }),
      icon: Contrast,
      run: () => frame.theme.choose(theme),
    })),
  ];
}

function savedWords(audit: AuditState | null): string {
  const state = saveStateOf(audit, Date.now());
  const waiting = audit?.saving.waiting ?? 0;
  return state.kind === "saved" && waiting === 0
    ? message("frame.save.checkpoint")
    : message("frame.save.notYet", { n: waiting });
}

async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}
