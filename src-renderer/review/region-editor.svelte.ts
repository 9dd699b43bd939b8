import type { RegionRow } from "../../shared/contract/audits.ts";
import type { ItemNo, RegionId } from "../../shared/domain/ids.ts";
import type { RegionKind, Shape } from "../../shared/domain/review.ts";
import type { AuditWork } from "./audit-work.svelte.ts";
import type { Control } from "../../shared/domain/region-test.ts";
import type { Size } from "../heatmap/view.ts";
import { RegionDrawing } from "./region-drawing.svelte.ts";
import { boundsOfShape, fitShape, moveShape, mutableShape, rectBetween } from "./region-shapes.ts";

const settleMs = 400;

/**
 * The regions of the item in view: a shape that is finished becomes one, a selected one is moved, resized, retyped or
 * taken away. A region being moved is shown at once and becomes one command when it comes to rest.
 */
export class RegionEditor {
  readonly #work: AuditWork;
  readonly drawing: RegionDrawing;
  /** Kind of the next region drawn. */
  kind = $state<RegionKind>("shortcut");
  selected = $state<RegionId | null>(null);
  /** The selected region on its way: shown instead of what the store has. */
  moving = $state.raw<{ region: RegionRow; shape: Shape } | null>(null);

  #item: ItemNo | null = null;
  #regions: () => readonly RegionRow[];
  /** Same-size areas of the region test that is looked at, drawn over the picture. */
  readonly controls: () => readonly Control[];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    work: AuditWork,
    regions: () => readonly RegionRow[],
    controls: () => readonly Control[] = () => [],
  ) {
    this.#work = work;
    this.#regions = regions;
    this.controls = controls;
    this.drawing = new RegionDrawing(work.drafts);
  }

  /** Another item comes into view: what was moving rests, a half-drawn shape of this one comes back. */
  async enter(item: ItemNo): Promise<void> {
    this.settle();
    this.#item = item;
    this.selected = null;
    await this.drawing.enter(item);
  }

  /** The regions as they look now, the moving one where it is. */
  shown(): readonly RegionRow[] {
    const { moving } = this;
    if (!moving) return this.#regions();
    return this.#regions().map((region) =>
      region.id === moving.region.id ? { ...region, shape: mutableShape(moving.shape) } : region,
    );
  }

  #selectedRegion(): RegionRow | null {
    return this.shown().find((region) => region.id === this.selected) ?? null;
  }

  // Drawing

  /** A default shape, placed by key: a quarter of `view` (what is in sight, in picture fractions) in its middle. */
  place(kind: "rect" | "ellipse", view: { x: number; y: number; w: number; h: number }): void {
    const rect = rectBetween(
      view.x + view.w * 0.375,
      view.y + view.h * 0.375,
      view.x + view.w * 0.625,
      view.y + view.h * 0.625,
    );
    this.#add({ kind, ...rect }, this.kind);
  }

  /** What was drawn becomes a region (several, where a brush painted apart); too little of a shape is still a draft. */
  closeShape(size: Size): void {
    const least = { w: 3 / size.width, h: 3 / size.height };
    for (const shape of this.drawing.finish(size, least)) this.#add(shape, this.kind);
  }

  /** Leaves what is being drawn, else the selection, else the tool; true when there was something to leave. */
  cancel(): boolean {
    if (this.drawing.isBegun) {
      this.drawing.drop();
      return true;
    }
    if (this.selected !== null || this.drawing.tool !== "select") {
      this.settle();
      this.selected = null;
      this.drawing.tool = "select";
      return true;
    }
    return false;
  }

  // Changing

  select(id: RegionId | null): void {
    if (this.selected === id) return;
    this.settle();
    this.selected = id;
  }

  /** The next region of the item, or the one before. */
  step(by: 1 | -1): void {
    const regions = this.#regions();
    if (regions.length === 0) return;
    const at = regions.findIndex((region) => region.id === this.selected);
    const next = at < 0 ? (by === 1 ? 0 : regions.length - 1) : at + by;
    this.select(regions[(next + regions.length) % regions.length].id);
  }

  moveBy(dx: number, dy: number): void {
    this.#change((shape) => moveShape(shape, dx, dy));
  }

  /** Moves the right and the lower edge. */
  resizeBy(dw: number, dh: number, least: { w: number; h: number }): void {
    this.#change((shape) => {
      const { x, y, w, h } = boundsOfShape(shape);
      return fitShape(shape, { x, y, w: w + dw, h: h + dh }, least);
    });
  }

  /** Into a rectangle of picture fractions: typed numbers, dragged corners. */
  setBounds(
    to: { x: number; y: number; w: number; h: number },
    least: { w: number; h: number },
  ): void {
    this.#change((shape) => fitShape(shape, to, least));
  }

  setKind(kind: RegionKind): void {
    const region = this.#selectedRegion();
    this.kind = kind;
    if (!region || region.isImported) return;
    const { id, shape, note } = region;
    this.#work.put({ kind: "region.change", region: id, regionKind: kind, shape, note }, "here");
  }

  remove(): void {
    const region = this.#selectedRegion();
    if (!region || region.isImported) return;
    this.moving = null;
    this.selected = null;
    this.#work.put({ kind: "region.remove", region: region.id }, "here");
  }

  /** What was moving comes to rest now: one command. */
  settle(): void {
    clearTimeout(this.#timer);
    const { moving } = this;
    this.moving = null;
    if (!moving) return;
    const { id, kind, note } = moving.region;
    const { shape } = moving;
    this.#work.put({ kind: "region.change", region: id, regionKind: kind, shape, note }, "here");
  }

  #change(change: (shape: Shape) => Shape): void {
    const region = this.#selectedRegion();
    if (!region) return;
    const shape = change(region.shape);
    if (region.isImported) {
      this.#add(shape, region.kind); // what came with the dataset stays: the change is a copy
      return;
    }
    this.moving = { region, shape };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.settle(), settleMs);
  }

  #add(shape: Shape, regionKind: RegionKind): void {
    if (this.#item === null) return;
    const region = crypto.randomUUID() as RegionId; // sound: a fresh id is what the brand stands for
    this.#work.put(
      { kind: "region.add", region, item: this.#item, regionKind, shape, note: "" },
      "here",
    );
    this.selected = region;
    this.drawing.tool = "select";
  }
}
