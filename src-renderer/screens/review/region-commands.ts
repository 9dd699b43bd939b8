import { message, type MessageKey } from "../../../shared/messages/catalogue.ts";
import { fillKeys } from "../../review/region-tester.svelte.ts";
import type { AppCommand } from "../frame/commands.svelte.ts";
import type { ReviewHands } from "./review-commands.ts";
import type { ReviewState } from "./review-state.svelte.ts";

const arrows = [
  ["←", -1, 0],
  ["→", 1, 0],
  ["↑", 0, -1],
  ["↓", 0, 1],
] as const;

/**
 * Regions and their tests by key (8.3). Arrows belong to the shape being drawn, else to the selected region; what is further
 * down the list wins.
 */
export function regionCommands(review: ReviewState, hands: ReviewHands): AppCommand[] {
  const group = message("review.group");
  const { editor, tester } = review;
  const { drawing } = editor;
  const noItem = review.item === null ? message("review.empty") : null;
  const off = review.isReadOnly ? message("review.locked") : noItem;
  const size = { width: review.row?.width ?? 1, height: review.row?.height ?? 1 };
  const command = (
    id: string,
    key: MessageKey,
    keys: readonly string[],
    run: () => void,
    more: Partial<AppCommand> = {},
  ): AppCommand => ({ id: `review-${id}`, group, title: message(key), keys, run, off, ...more });
  const shown = (id: string, key: MessageKey, keys: readonly string[]): AppCommand => ({
    id: `review-${id}`,
    group,
    title: message(key),
    keys,
    kind: "keys-only",
  });
  const unlisted = (id: string, keys: readonly string[], run: () => void): AppCommand => ({
    id: `review-${id}`,
    group,
    title: id,
    keys,
    kind: "unlisted",
    run,
  });
  const byArrow = (id: string, key: string, act: (dx: number, dy: number, far: number) => void) =>
    arrows.flatMap(([arrow, x, y]) => [
      unlisted(`${id}-${arrow}`, [`${key}${arrow}`], () => act(x, y, 1)),
    ]);
  const toggle = (tool: "polygon" | "brush") => {
    drawing.suit(size);
    drawing.tool = drawing.tool === tool ? "select" : tool;
  };

  const regions = [
    command("rectangle", "review.key.rectangle", ["R"], () => hands.place("rect")),
    command("ellipse", "review.key.ellipse", ["E"], () => hands.place("ellipse")),
    command("polygon", "review.key.polygon", ["P"], () => toggle("polygon")),
    command("brush", "review.key.brush", ["B"], () => toggle("brush")),
    command("region-next", "review.key.regionNext", ["J"], () => editor.step(1), { off: noItem }),
    command("region-back", "review.key.regionBack", ["Shift+J"], () => editor.step(-1), {
      off: noItem,
    }),
    command("test", "review.key.test", ["T"], hands.test),
    command("test-controls", "review.key.testControls", ["Shift+T"], hands.controls, {
      off: noItem,
    }),
  ];

  const nudge = (dx: number, dy: number) => editor.moveBy(dx / size.width, dy / size.height);
  const resize = (dw: number, dh: number) =>
    editor.resizeBy(dw / size.width, dh / size.height, { w: 2 / size.width, h: 2 / size.height });
  const selected =
    editor.selected === null
      ? []
      : [
          shown("region-move", "review.key.regionMove", ["→", "Shift+→", "Alt+→"]),
          ...byArrow("region", "", (x, y) => nudge(x, y)),
          ...byArrow("region-far", "Shift+", (x, y) => nudge(10 * x, 10 * y)),
          ...byArrow("region-size", "Alt+", (x, y) => resize(x, y)),
          command("region-remove", "review.key.regionRemove", ["Del"], () => editor.remove()),
        ];

  const isPointed = drawing.tool === "polygon" || drawing.tool === "brush";
  const aim = (dx: number, dy: number) =>
    drawing.moveCursor(dx / size.width, dy / size.height, hands.middle());
  const pointed = isPointed
    ? [
        shown("shape-aim", "review.key.shapeAim", ["→", "Shift+→", "Alt+→"]),
        ...byArrow("aim", "", (x, y) => aim(x, y)),
        ...byArrow("aim-far", "Shift+", (x, y) => aim(10 * x, 10 * y)),
        ...byArrow("aim-farther", "Alt+", (x, y) => aim(50 * x, 50 * y)),
        command(
          "shape-press",
          drawing.tool === "brush" ? "review.key.brushPress" : "review.key.polygonPress",
          ["Space"],
          () => drawing.press(hands.middle()),
        ),
      ]
    : [];
  const brush =
    drawing.tool === "brush"
      ? [
          command("brush-larger", "review.key.brushLarger", ["PgUp"], () => {
            drawing.radiusPx = Math.max(drawing.radiusPx + 1, drawing.radiusPx * 1.2);
          }),
          command("brush-smaller", "review.key.brushSmaller", ["PgDn"], () => {
            drawing.radiusPx = Math.min(drawing.radiusPx - 1, drawing.radiusPx / 1.2);
          }),
        ]
      : [];
  const shape = drawing.isBegun
    ? [
        command("shape-close", "review.key.shapeClose", ["Enter"], () => editor.closeShape(size)),
        unlisted("shape-point-back", ["Backspace"], () => void drawing.takeBack()),
      ]
    : [];
  const fills = tester.choosing
    ? [
        ...Object.entries(fillKeys).map(([letter, fill]) => ({
          ...command(`test-${fill}`, "review.key.test", [letter], () => void tester.run(fill)),
          title: `${message("test.choose")}: ${message(`test.fill.${fill}`)}`,
        })),
        { ...unlisted("test-usual", ["Enter", "T"], () => void tester.run("blur")) },
      ]
    : [];
  return [...regions, ...selected, ...pointed, ...brush, ...shape, ...fills];
}
