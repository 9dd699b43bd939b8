import {
  reasons as reasonKeys,
  verdicts,
  type Reason,
  type Verdict,
} from "../../../shared/domain/review.ts";
import type { ItemNo } from "../../../shared/domain/ids.ts";
import { colourMapIds } from "../../../shared/heatmap/colour-maps.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import type { Direction } from "../../review/undo.svelte.ts";
import type { AppCommand } from "../frame/commands.svelte.ts";
import type { GridState } from "./grid-state.svelte.ts";

/** What the screen does for commands that need it: focus, panels, dialogs. */
export interface GridHands {
  judge(verdict: Verdict | null): void;
  open(item: ItemNo): void;
  compare(item: ItemNo): void;
  closeReasons(): void;
  undo(direction: Direction): void;
  /** The focus goes back to the items. */
  back(): void;
  faults(): void;
  comment(item: ItemNo): void;
  sortMenu(): void;
  filters(): void;
  find(): void;
  goTo(): void;
  finding(how: "add" | "new"): void;
}

/** The commands of the Grid (8.2). While reasons are asked for, letters, Enter and Esc are theirs. */
export function gridCommands(grid: GridState, hands: GridHands): AppCommand[] {
  const { work, table } = grid;
  const { overlay } = work;
  const group = message("grid.group");
  const noTarget = grid.targets.length === 0 ? message("grid.nothingFocused") : null;
  const isReadOnly = work.audit.audit?.isReadOnly ?? false;
  const off = isReadOnly ? message("review.locked") : noTarget;
  const command = (
    id: string,
    title: string,
    keys: readonly string[],
    run: () => void,
    more: Partial<AppCommand> = {},
  ): AppCommand => ({ id: `grid-${id}`, group, title, keys, run, ...more });
  const shown = (id: string, title: string, keys: readonly string[]): AppCommand => ({
    id: `grid-${id}`,
    group,
    title,
    keys,
    kind: "keys-only",
  });
  const back = { kind: "unlisted" } as const;
  const colours = (step: 1 | -1) => {
    const at = colourMapIds.indexOf(overlay.colours) + step + colourMapIds.length;
    overlay.colours = colourMapIds[at % colourMapIds.length];
  };

  const moving = [
    shown("move", message("grid.key.move"), [
      ...["←", "→", "↑", "↓", "Home", "End", "PgUp", "PgDn", "Ctrl+Home", "Ctrl+End"],
    ]),
    shown("select", message("grid.key.select"), ["Space"]),
    shown("extend", message("grid.key.extend"), ["Shift+→"]),
    shown("toggle", message("grid.key.toggle"), ["Ctrl+Space"]),
    command("all", message("grid.key.all"), ["Ctrl+A"], () => grid.selectAll()),
    command("none", message("grid.key.nothing"), ["Esc"], () => grid.selection.clear()),
    command(
      "open",
      message("grid.key.open"),
      [],
      () => grid.focused !== null && hands.open(grid.focused),
      { off: noTarget },
    ),
    shown("open-key", message("grid.key.open"), ["Enter"]),
    command(
      "compare",
      message("compare.key.open"),
      ["Shift+Enter"],
      () => grid.focused !== null && hands.compare(grid.focused),
      { off: noTarget },
    ),
  ];
  const judging = [
    ...verdicts.map((verdict, at) =>
      command(
        `verdict-${verdict}`,
        message("grid.key.verdict", { verdict: message(`verdict.${verdict}`) }),
        [String(at + 1)],
        () => hands.judge(verdict),
        { off },
      ),
    ),
    command("clear", message("grid.key.clear"), ["0"], () => hands.judge(null), { off }),
    command("fault", message("grid.key.fault"), ["X"], hands.faults, { off }),
    command(
      "comment",
      message("grid.key.comment"),
      ["C"],
      () => grid.focused !== null && hands.comment(grid.focused),
      { off },
    ),
    command("finding", message("findings.key.add"), ["Q"], () => hands.finding("add"), { off }),
    command("finding-new", message("findings.key.new"), ["Shift+Q"], () => hands.finding("new"), {
      off,
    }),
    command("undo", message("grid.key.undo"), ["Ctrl+Z"], () => hands.undo("undo")),
    command("redo", message("grid.key.redo"), ["Ctrl+Shift+Z", "Ctrl+Y"], () => hands.undo("redo")),
  ];
  const looking = [
    command("overlay", message("grid.key.overlay"), ["O"], () => overlay.cycleGrid(1)),
    command("overlay-back", "", ["Shift+O"], () => overlay.cycleGrid(-1), back),
    command("map", message("grid.key.map"), ["H"], () => overlay.toggleGridMap()),
    command("colours", message("grid.key.colours"), ["K"], () => colours(1)),
    command("colours-back", "", ["Shift+K"], () => colours(-1), back),
    command("larger", message("grid.key.larger"), ["+", "="], () => grid.stepSize(1)),
    command("smaller", message("grid.key.smaller"), ["-", "−"], () => grid.stepSize(-1)),
    command("view", message("grid.key.view"), [], () => {
      grid.view = grid.view === "grid" ? "list" : "grid";
    }),
  ];
  const finding = [
    command("sort", message("grid.key.sort"), ["S"], hands.sortMenu),
    command("filters", message("grid.key.filters"), ["F"], hands.filters),
    command("find", message("grid.key.find"), ["Ctrl+F"], hands.find, { isForTyping: true }),
    command("go-to", message("grid.key.goTo"), ["Ctrl+G"], hands.goTo, { isForTyping: true }),
    command("refresh", message("grid.key.refresh"), [], () => table.refresh(), {
      off: table.changed === 0 ? message("grid.changed", { n: 0 }) : null,
    }),
  ];
  const reasons =
    grid.asked?.kind === "reasons"
      ? [
          ...Object.entries(reasonKeys).map(([letter, reason]) =>
            command(
              `reason-${reason}`,
              message("review.key.reason", { reason: message(`reason.${reason}`) }),
              [letter],
              () => grid.toggleReason(reason as Reason), // sound: the values of a const object
            ),
          ),
          command("reasons-done", message("review.key.reasonDone"), ["Enter"], hands.closeReasons),
          command(
            "reasons-back",
            "",
            ["Esc"],
            () => {
              grid.asked = null;
              hands.back();
            },
            back,
          ),
        ]
      : [];
  return [...moving, ...judging, ...looking, ...finding, ...reasons];
}
