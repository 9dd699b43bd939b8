import { z } from "zod";
import type { RegionRow } from "../../shared/contract/audits.ts";
import type { ItemNo, RegionId } from "../../shared/domain/ids.ts";
import type { RegionKind, Shape } from "../../shared/domain/review.ts";
import type { AuditWork } from "./audit-work.svelte.ts";
import { boundsOfShape, fitShape, moveShape, rectBetween } from "./region-shapes.ts";

export type Tool = "select" | "rect" | "polygon";

const draftSchema = z.strictObject({ points: z.array(z.number()) });
const settleMs = 400;

/**
 * Drawing and changing the regions of the item in view. A shape half drawn is a draft, kept from its first point; a
 * region being moved is shown at once and becomes one command when it comes to rest.
 */
export class RegionEditor {
  readonly #work: AuditWork;
  tool = $state<Tool>("select");
  /** Kind of the next region drawn. */
  kind = $state<RegionKind>("shortcut");
  selected = $state<RegionId | null>(null);
  /** Points of the polygon being drawn, x0, y0, x1, y1, … in picture fractions. */
  points = $state.raw<readonly number[]>([]);
  /** The rectangle being dragged out. */
  dragged = $state.raw<Shape | null>(null);
  /** The selected region on its way: shown instead of what the store has. */
  moving = $state.raw<{ region: RegionRow; shape: Shape } | null>(null);

  #item: ItemNo | null = null;
  #regions: () => readonly RegionRow[];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(work: AuditWork, regions: () => readonly RegionRow[]) {
    this.#work = work;
    this.#regions = regions;
  }

  readonly isDrawing = $derived(this.points.length > 0 || this.dragged !== null);

  /** Another item comes into view: what was moving rests, a half-drawn shape of this one comes back. */
  async enter(item: ItemNo): Promise<void> {
    this.settle();
    this.#item = item;
    this.selected = null;
    this.dragged = null;
    this.points = [];
    this.tool = "select";
    const draft = await this.#work.drafts.read(`region:${item}`, draftSchema);
    if (this.#item !== item || !draft || draft.points.length === 0) return;
    this.points = draft.points;
    this.tool = "polygon";
  }

  /** The regions as they look now, the moving one where it is. */
  shown(): readonly RegionRow[] {
    const { moving } = this;
    if (!moving) return this.#regions();
    return this.#regions().map((region) =>
      region.id === moving.region.id ? { ...region, shape: mutable(moving.shape) } : region,
    );
  }

  #selectedRegion(): RegionRow | null {
    return this.shown().find((region) => region.id === this.selected) ?? null;
  }

  // Drawing

  /** A rectangle from corner to corner, while it is dragged. */
  drag(x0: number, y0: number, x1: number, y1: number): void {
    this.dragged = { kind: "rect", ...rectBetween(x0, y0, x1, y1) };
  }

  /** The dragged rectangle becomes a region, if it is more than a click. */
  drop(least: { w: number; h: number }): void {
    const { dragged } = this;
    this.dragged = null;
    if (dragged?.kind === "rect" && dragged.w >= least.w && dragged.h >= least.h)
      this.#add(dragged, this.kind);
  }

  /** A default shape, placed by key: a quarter of `view` (what is in sight, in picture fractions) in its middle. */
  place(view: { x: number; y: number; w: number; h: number }): void {
    const rect = rectBetween(
      view.x + view.w * 0.375,
      view.y + view.h * 0.375,
      view.x + view.w * 0.625,
      view.y + view.h * 0.625,
    );
    this.#add({ kind: "rect", ...rect }, this.kind);
  }

  addPoint(x: number, y: number): void {
    const held = (value: number) => Math.min(1, Math.max(0, value));
    this.points = [...this.points, held(x), held(y)];
    this.#keepDraft();
  }

  /** Takes the last point back; true when there was one. */
  removePoint(): boolean {
    if (this.points.length === 0) return false;
    this.points = this.points.slice(0, -2);
    this.#keepDraft();
    return true;
  }

  /** Closes the polygon; under three points it is still a draft. */
  closeShape(): void {
    if (this.points.length < 6) return;
    const ring = [...this.points];
    this.points = [];
    this.#dropDraft();
    this.#add({ kind: "polygon", rings: [ring] }, this.kind);
  }

  /** Leaves what is being drawn, else the selection, else the tool; true when there was something to leave. */
  cancel(): boolean {
    if (this.isDrawing) {
      this.points = [];
      this.dragged = null;
      this.#dropDraft();
      return true;
    }
    if (this.selected !== null || this.tool !== "select") {
      this.settle();
      this.selected = null;
      this.tool = "select";
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
    this.tool = "select";
  }

  #keepDraft(): void {
    if (this.#item === null) return;
    const key = `region:${this.#item}`;
    this.#work.drafts.keep(key, { points: [...this.points] });
    void this.#work.drafts.flush(key);
  }

  #dropDraft(): void {
    if (this.#item !== null) void this.#work.drafts.drop(`region:${this.#item}`);
  }
}

function mutable(shape: Shape): RegionRow["shape"] {
  if (shape.kind === "rect") return { ...shape };
  return { kind: "polygon", rings: shape.rings.map((ring) => [...ring]) };
}
