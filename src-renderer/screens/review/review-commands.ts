import {
  reasons as reasonKeys,
  verdicts,
  type Certainty,
  type Reason,
} from "../../../shared/domain/review.ts";
import { colourMapIds } from "../../../shared/heatmap/colour-maps.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import type { Direction } from "../../review/undo.svelte.ts";
import type { AppCommand } from "../frame/commands.svelte.ts";
import { regionCommands } from "./region-commands.ts";
import type { ReviewState } from "./review-state.svelte.ts";

/** What the screen does for commands that need it: focus, view, dialogs. */
export interface ReviewHands {
  comment(): void;
  picture(): void;
  undo(direction: Direction): void;
  faultMenu(): void;
  finding(how: "add" | "new"): void;
  meeting(): void;
  zoom(factor: number): void;
  pan(dx: number, dy: number): void;
  fit(): void;
  actual(): void;
  /** Of a rectangle or an ellipse, where one looks. */
  place(kind: "rect" | "ellipse"): void;
  /** Where keys begin to draw: the middle of what is in sight, in picture fractions. */
  middle(): { readonly x: number; readonly y: number };
  /** Asks what to cover the selected region with. */
  test(): void;
  /** Shows or hides the controls of the test that is looked at. */
  controls(): void;
  back(): void;
}

/** The commands of Review (8.3, Standard profile). Who owns letters and arrows is decided here: picker, shape, region. */
export function reviewCommands(review: ReviewState, hands: ReviewHands): AppCommand[] {
  const group = message("review.group");
  const { work } = review;
  const { overlay, audit } = work;
  const noItem = review.item === null ? message("review.empty") : null;
  const off = review.isReadOnly ? message("review.locked") : noItem;
  const noVerdict = off ?? (review.stage === "image" ? message("review.stage.first") : null);
  const command = (
    id: string,
    title: string,
    keys: readonly string[],
    run: () => void,
    more: Partial<AppCommand> = {},
  ): AppCommand => ({ id: `review-${id}`, group, title, keys, run, off: noItem, ...more });
  const shown = (id: string, title: string, keys: readonly string[]): AppCommand => ({
    id: `review-${id}`,
    group,
    title,
    keys,
    kind: "keys-only",
  });

  const colours = (step: 1 | -1) => {
    const at = colourMapIds.indexOf(overlay.colours) + step + colourMapIds.length;
    overlay.colours = colourMapIds[at % colourMapIds.length];
  };
  const run = (step: 1 | -1) => {
    const { runs } = audit;
    const at = runs.findIndex((one) => one.id === audit.run?.id);
    if (runs.length > 0) audit.chosenRun = runs[(at + step + runs.length) % runs.length].id;
  };
  const walking = [
    command("next", message("review.key.next"), ["→"], () => review.step(1)),
    command("previous", message("review.key.previous"), ["←"], () => review.step(-1)),
    command("next-open", message("review.key.nextOpen"), ["N"], () => review.stepOpen(1)),
    command("previous-open", message("review.key.previousOpen"), ["Shift+N"], () =>
      review.stepOpen(-1),
    ),
    command("first", message("review.key.first"), ["Home"], () => review.goAt(0)),
    command("last", message("review.key.last"), ["End"], () =>
      review.goAt(review.items.length - 1),
    ),
  ];
  const judging = [
    ...verdicts.map((verdict, at) =>
      command(
        `verdict-${verdict}`,
        message("review.key.verdict", { verdict: message(`verdict.${verdict}`) }),
        [String(at + 1)],
        () => review.judge(verdict),
        { off: noVerdict },
      ),
    ),
    command("clear", message("review.key.clear"), ["0"], () => review.clear(), { off }),
    ...([1, 2, 3] as const).map((level: Certainty) =>
      command(
        `certainty-${level}`,
        message("review.key.certainty", { certainty: message(`review.certainty.${level}`) }),
        [`Alt+${level}`],
        () => review.setCertainty(level),
        { off },
      ),
    ),
    command("comment", message("review.key.comment"), ["C"], hands.comment, { off }),
    shown("comment-done", message("review.key.commentDone"), ["Ctrl+Enter"]),
    command("fault", message("review.key.fault"), ["X"], hands.faultMenu, { off }),
    command("finding", message("findings.key.add"), ["Q"], () => hands.finding("add"), { off }),
    command("finding-new", message("findings.key.new"), ["Shift+Q"], () => hands.finding("new"), {
      off,
    }),
    command("meeting", message("meeting.key.open"), [], hands.meeting, { off: null }),
    command("discuss", message("review.key.discuss"), ["M"], () => review.toggleDiscuss(), { off }),
    command("undo", message("review.key.undo"), ["Ctrl+Z"], () => hands.undo("undo"), {
      off: null,
    }),
    command(
      "redo",
      message("review.key.redo"),
      ["Ctrl+Shift+Z", "Ctrl+Y"],
      () => hands.undo("redo"),
      { off: null },
    ),
  ];
  const looking = [
    shown("bare", message("review.key.bare"), ["Space"]),
    command("map", message("review.key.map"), ["H"], () => overlay.toggleMap()),
    command("mode", message("review.key.mode"), ["O"], () => overlay.cycle(1)),
    command("mode-back", message("review.key.modeBack"), ["Shift+O"], () => overlay.cycle(-1)),
    command("swipe", message("review.key.swipe"), ["V"], () => {
      overlay.mode = overlay.mode === "swipe" ? "overlay" : "swipe";
    }),
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
    command("run-back", message("review.key.runBack"), [","], () => run(-1)),
    command("run-next", message("review.key.runNext"), ["."], () => run(1)),
    command("colours", message("review.key.colours"), ["K"], () => colours(1)),
    command("colours-back", message("review.key.coloursBack"), ["Shift+K"], () => colours(-1)),
    command("zoom-in", message("review.key.zoomIn"), ["+", "="], () => hands.zoom(1.25)),
    command("zoom-out", message("review.key.zoomOut"), ["-", "−"], () => hands.zoom(0.8)),
    command("fit", message("review.key.fit"), ["F"], hands.fit),
    command("actual", message("review.key.actual"), ["Shift+F"], hands.actual),
    ...panKeys(command, hands),
    command("details", message("review.key.details"), ["D"], () => {
      review.showDetails(!review.areDetailsShown);
    }),
  ];
  const stage =
    review.stage === null || review.stage === "answer"
      ? []
      : [
          command("stage", message(`review.stage.${review.stage}.more`), ["Enter"], () =>
            review.showMore(),
          ),
        ];
  const picker = review.picker
    ? [
        ...Object.entries(reasonKeys).map(([letter, reason]) =>
          command(
            `reason-${reason}`,
            message("review.key.reason", { reason: message(`reason.${reason}`) }),
            [letter],
            () => review.toggleReason(reason as Reason), // sound: the values of a const object
          ),
        ),
        command("reason-done", message("review.key.reasonDone"), ["Enter"], () => {
          if (!review.closePicker()) hands.comment();
        }),
      ]
    : [];
  return [
    ...walking,
    ...judging,
    ...looking,
    command("back", message("review.key.back"), ["Esc"], hands.back, { off: null }),
    ...stage,
    ...regionCommands(review, hands),
    ...picker,
  ];
}

function panKeys(
  command: (
    id: string,
    title: string,
    keys: readonly string[],
    run: () => void,
    more?: Partial<AppCommand>,
  ) => AppCommand,
  hands: ReviewHands,
): AppCommand[] {
  const title = message("review.key.pan");
  const step = 60;
  return [
    command("pan", title, ["Ctrl+→"], () => hands.pan(-step, 0)),
    command("pan-left", title, ["Ctrl+←"], () => hands.pan(step, 0), { kind: "unlisted" }),
    command("pan-up", title, ["Ctrl+↑"], () => hands.pan(0, step), { kind: "unlisted" }),
    command("pan-down", title, ["Ctrl+↓"], () => hands.pan(0, -step), { kind: "unlisted" }),
  ];
}
