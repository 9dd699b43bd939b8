import type { ItemNo } from "../../../shared/domain/ids.ts";
import { colourMapIds } from "../../../shared/heatmap/colour-maps.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import type { AppCommand } from "../frame/commands.svelte.ts";
import { paneModes, type CompareState } from "./compare-state.svelte.ts";

/** What the screen does for commands that need it. */
export interface CompareHands {
  review(item: ItemNo): void;
  openForm(): void;
  zoom(factor: number): void;
  pan(dx: number, dy: number): void;
  fit(): void;
  actual(): void;
}

/** The commands of Compare: a picture's keys are those of Review (8.3), as far as they mean something here. */
export function compareCommands(compare: CompareState, hands: CompareHands): AppCommand[] {
  const group = message("compare.group");
  const { links, work, shownItem } = compare;
  const { overlay } = work;
  const noItem = shownItem === null ? message("compare.empty.noItems") : null;
  const noBench = compare.bench === null ? message("compare.none") : null;
  const command = (
    id: string,
    title: string,
    keys: readonly string[],
    run: () => void,
    more: Partial<AppCommand> = {},
  ): AppCommand => ({ id: `compare-${id}`, group, title, keys, run, off: noItem, ...more });
  const colours = (step: 1 | -1) => {
    const at = colourMapIds.indexOf(overlay.colours) + step + colourMapIds.length;
    overlay.colours = colourMapIds[at % colourMapIds.length];
  };
  const mode = (step: 1 | -1) => {
    const at = paneModes.indexOf(compare.mode) + step + paneModes.length;
    compare.mode = paneModes[at % paneModes.length];
  };
  const unlisted = { kind: "unlisted" } as const;
  const pan = message("review.key.pan");

  return [
    command("next", message("compare.key.next"), ["→"], () => compare.step(1)),
    command("previous", message("compare.key.previous"), ["←"], () => compare.step(-1)),
    command("first", message("compare.key.first"), ["Home"], () => compare.go(0)),
    command("last", message("compare.key.last"), ["End"], () =>
      compare.go(compare.items.length - 1),
    ),
    command(
      "order",
      message("compare.key.order"),
      ["S"],
      () => (compare.order = compare.order === "drawn" ? "disagreement" : "drawn"),
      { off: noBench },
    ),
    command("link", message("compare.key.link"), ["L"], () => links.toggleZoom(compare.shown)),
    command(
      "scale",
      message("compare.key.scale"),
      ["Shift+L"],
      () => (links.isScaleLocked = !links.isScaleLocked),
    ),
    command(
      "pointer",
      message("compare.key.pointer"),
      [],
      () => (links.isPointerLinked = !links.isPointerLinked),
    ),
    { ...command("bare", message("compare.key.bare"), ["Space"], () => {}), kind: "keys-only" },
    command("mode", message("compare.key.mode"), ["O"], () => mode(1)),
    command("mode-back", message("compare.key.mode"), ["Shift+O"], () => mode(-1), unlisted),
    command(
      "fold",
      message("compare.key.fold"),
      ["T"],
      () => (compare.isTableFolded = !compare.isTableFolded),
      { off: noBench },
    ),
    command(
      "map",
      message("compare.key.map"),
      ["H"],
      () => (compare.isMapShown = !compare.isMapShown),
    ),
    command("opacity-up", message("review.key.opacityUp"), ["PgUp"], () =>
      overlay.setOpacity(overlay.opacity + 5),
    ),
    command("opacity-down", message("review.key.opacityDown"), ["PgDn"], () =>
      overlay.setOpacity(overlay.opacity - 5),
    ),
    command("threshold-up", message("review.key.thresholdUp"), ["Shift+PgUp"], () =>
      overlay.setThreshold(overlay.threshold + 5),
    ),
    command("threshold-down", message("review.key.thresholdDown"), ["Shift+PgDn"], () =>
      overlay.setThreshold(overlay.threshold - 5),
    ),
    command("colours", message("review.key.colours"), ["K"], () => colours(1)),
    command("colours-back", message("review.key.coloursBack"), ["Shift+K"], () => colours(-1)),
    command("zoom-in", message("review.key.zoomIn"), ["+", "="], () => hands.zoom(1.25)),
    command("zoom-out", message("review.key.zoomOut"), ["-", "−"], () => hands.zoom(0.8)),
    command("fit", message("review.key.fit"), ["F"], () => hands.fit()),
    command("actual", message("review.key.actual"), ["Shift+F"], () => hands.actual()),
    command("pan", pan, ["Ctrl+→"], () => hands.pan(-60, 0)),
    command("pan-left", pan, ["Ctrl+←"], () => hands.pan(60, 0), unlisted),
    command("pan-up", pan, ["Ctrl+↑"], () => hands.pan(0, 60), unlisted),
    command("pan-down", pan, ["Ctrl+↓"], () => hands.pan(0, -60), unlisted),
    command("review", message("compare.key.review"), [], () => {
      if (shownItem !== null) hands.review(shownItem);
    }),
    {
      ...command("review-key", message("compare.key.review"), ["Enter"], () => {}),
      kind: "keys-only",
    },
    command("new", message("compare.newOpen"), [], () => hands.openForm(), { off: null }),
  ];
}
