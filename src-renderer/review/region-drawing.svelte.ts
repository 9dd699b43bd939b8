import { z } from "zod";
import type { ItemNo } from "../../shared/domain/ids.ts";
import type { Shape } from "../../shared/domain/review.ts";
import type { Rect } from "../../shared/geometry/shape.ts";
import type { Size } from "../heatmap/view.ts";
import { outlinesOf, type Stroke } from "./brush-outline.ts";
import type { Drafts } from "./drafts.ts";
import { rectBetween } from "./region-shapes.ts";

export const drawingTools = ["rect", "ellipse", "polygon", "brush"] as const;
export type DrawingTool = (typeof drawingTools)[number];
export type Tool = "select" | DrawingTool;

const points = z.array(z.number());
const draftSchema = z.strictObject({
  tool: z.enum(drawingTools).default("polygon"),
  points,
  box: z
    .strictObject({
      kind: z.enum(["rect", "ellipse"]),
      x: z.number(),
      y: z.number(),
      w: z.number(),
      h: z.number(),
    })
    .nullable()
    .default(null),
  strokes: z.array(z.strictObject({ points, radiusPx: z.number().positive() })).default([]),
});

const brushPx = { least: 1, most: 500 } as const;

/**
 * The shape being drawn on one item: by pointer, or by keys that move a crosshair. It is a draft from its first point on,
 * so that it comes back after a restart; what is done with it is the editor's.
 */
export class RegionDrawing {
  readonly #drafts: Drafts;
  #item: ItemNo | null = null;
  #tool = $state<Tool>("select");
  /** Points of the polygon, x0, y0, x1, y1, … in picture fractions. */
  points = $state.raw<readonly number[]>([]);
  /** The rectangle or ellipse being dragged out. */
  box = $state.raw<({ readonly kind: "rect" | "ellipse" } & Rect) | null>(null);
  /** Pulls of the brush, the last one perhaps under way. */
  strokes = $state.raw<readonly Stroke[]>([]);
  /** Where keys draw, in picture fractions; null until a key moves it. */
  cursor = $state.raw<{ readonly x: number; readonly y: number } | null>(null);
  /** Whether moving the crosshair paints. */
  isPenDown = $state(false);
  #radiusPx = $state(0);

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  readonly isBegun = $derived(
    this.points.length > 0 || this.box !== null || this.strokes.length > 0,
  );

  get tool(): Tool {
    return this.#tool;
  }

  set tool(tool: Tool) {
    if (tool === this.#tool) return;
    this.#tool = tool;
    this.isPenDown = false;
    this.cursor = null;
  }

  /** Radius of the brush in pixels of the picture. */
  get radiusPx(): number {
    return this.#radiusPx;
  }

  set radiusPx(value: number) {
    if (Number.isFinite(value))
      this.#radiusPx = Math.round(Math.min(brushPx.most, Math.max(brushPx.least, value)));
  }

  /** A brush that suits the picture, unless one was chosen. */
  suit(size: Size): void {
    if (this.#radiusPx === 0) this.radiusPx = Math.max(size.width, size.height) / 40;
  }

  async enter(item: ItemNo): Promise<void> {
    this.#item = item;
    this.#clear();
    this.tool = "select";
    const draft = await this.#drafts.read(`region:${item}`, draftSchema);
    if (this.#item !== item || !draft) return;
    if (draft.points.length === 0 && !draft.box && draft.strokes.length === 0) return;
    this.tool = draft.tool;
    this.points = draft.points;
    this.box = draft.box;
    this.strokes = draft.strokes;
  }

  /** From corner to corner, while it is dragged. */
  drag(x0: number, y0: number, x1: number, y1: number): void {
    const kind = this.tool === "ellipse" ? "ellipse" : "rect";
    this.box = { kind, ...rectBetween(x0, y0, x1, y1) };
    this.#keep(false);
  }

  addPoint(x: number, y: number): void {
    this.points = [...this.points, held(x), held(y)];
    this.#keep(true);
  }

  /** The brush touches the picture. */
  beginStroke(x: number, y: number): void {
    this.strokes = [...this.strokes, { points: [held(x), held(y)], radiusPx: this.radiusPx }];
    this.#keep(true);
  }

  /** The brush goes on. */
  pull(x: number, y: number): void {
    const last = this.strokes.at(-1);
    if (!last) return;
    const way = { ...last, points: [...last.points, held(x), held(y)] };
    this.strokes = [...this.strokes.slice(0, -1), way];
    this.#keep(false);
  }

  /** Moves the crosshair; with the pen down the brush follows. `start` is where it begins. */
  moveCursor(dx: number, dy: number, start: { readonly x: number; readonly y: number }): void {
    const from = this.cursor ?? start;
    this.cursor = { x: held(from.x + dx), y: held(from.y + dy) };
    if (this.tool === "brush" && this.isPenDown) this.pull(this.cursor.x, this.cursor.y);
  }

  /** What Space does where the crosshair is: a corner of the polygon; the brush put down or lifted. */
  press(start: { readonly x: number; readonly y: number }): void {
    this.cursor ??= start;
    const { x, y } = this.cursor;
    if (this.tool === "polygon") this.addPoint(x, y);
    if (this.tool !== "brush") return;
    this.isPenDown = !this.isPenDown;
    if (this.isPenDown) this.beginStroke(x, y);
  }

  /** Takes the last point or pull back; true when there was one. */
  takeBack(): boolean {
    if (!this.isBegun) return false;
    this.isPenDown = false;
    if (this.strokes.length > 0) this.strokes = this.strokes.slice(0, -1);
    else if (this.points.length > 0) this.points = this.points.slice(0, -2);
    else this.box = null;
    if (this.isBegun) this.#keep(true);
    else this.drop();
    return true;
  }

  /** The finished shapes, none while there is too little of one; what was drawn is then no draft any more. */
  finish(size: Size, least: { readonly w: number; readonly h: number }): Shape[] {
    const shapes = this.#shapes(size, least);
    if (shapes.length > 0) this.drop();
    return shapes;
  }

  /** Forgets what was being drawn. */
  drop(): void {
    this.#clear();
    if (this.#item !== null) void this.#drafts.drop(`region:${this.#item}`);
  }

  #shapes(size: Size, least: { readonly w: number; readonly h: number }): Shape[] {
    const { box } = this;
    if (this.strokes.length > 0)
      return outlinesOf(this.strokes, size).map((polygon) => ({ kind: "polygon", ...polygon }));
    if (this.points.length >= 6) return [{ kind: "polygon", rings: [[...this.points]] }];
    return box && box.w >= least.w && box.h >= least.h ? [{ ...box }] : [];
  }

  #clear(): void {
    this.points = [];
    this.box = null;
    this.strokes = [];
    this.isPenDown = false;
  }

  /** `isPoint`: written at once, since every point of a shape is somebody's work. */
  #keep(isPoint: boolean): void {
    if (this.#item === null || this.tool === "select") return;
    const key = `region:${this.#item}`;
    this.#drafts.keep(key, {
      tool: this.tool,
      points: [...this.points],
      box: this.box && { ...this.box },
      strokes: this.strokes.map((one) => ({ ...one, points: [...one.points] })),
    });
    if (isPoint) void this.#drafts.flush(key);
  }
}

function held(value: number): number {
  return Math.min(1, Math.max(0, value));
}
