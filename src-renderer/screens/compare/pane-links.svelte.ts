import { SvelteMap } from "svelte/reactivity";
import type { BenchMapId } from "../../../shared/domain/bench.ts";
import {
  actualView,
  panBy,
  resolveView,
  zoomAt,
  type Point,
  type Size,
  type View,
  type ViewChoice,
} from "../../heatmap/view.ts";

/** What panes share: zoom and pan, the pointer, the scale. Each link can be cut. */
export class PaneLinks {
  isZoomLinked = $state(true);
  isPointerLinked = $state(true);
  isScaleLocked = $state(true);
  /** Where the pointer is, in picture pixels, and over which pane. */
  pointer = $state.raw<(Point & { readonly over: BenchMapId }) | null>(null);
  /** Size of a pane, all are alike, and of the picture in it. */
  frame = $state.raw<{ readonly pane: Size; readonly picture: Size } | null>(null);
  #shared = $state.raw<ViewChoice>("fit");
  readonly #own = new SvelteMap<BenchMapId, ViewChoice>();

  viewOf(pane: BenchMapId): ViewChoice {
    return this.isZoomLinked ? this.#shared : (this.#own.get(pane) ?? this.#shared);
  }

  setView(pane: BenchMapId, view: ViewChoice): void {
    if (this.isZoomLinked) this.#shared = view;
    else this.#own.set(pane, view);
  }

  /** Every pane at once, as keys do. */
  setAll(view: ViewChoice): void {
    this.#shared = view;
    this.#own.clear();
  }

  zoom(factor: number): void {
    this.#moveAll((view, { pane }) =>
      zoomAt(view, pane, { x: pane.width / 2, y: pane.height / 2 }, factor),
    );
  }

  pan(dx: number, dy: number): void {
    this.#moveAll((view, { picture }) => panBy(view, picture, dx, dy));
  }

  actual(): void {
    this.#moveAll((view, { picture }) =>
      actualView(picture, devicePixelRatio, { x: view.cx, y: view.cy }),
    );
  }

  /** Keys move every pane, each from where it is. */
  #moveAll(move: (view: View, frame: { pane: Size; picture: Size }) => View): void {
    const { frame } = this;
    if (!frame) return;
    const moved = (choice: ViewChoice) =>
      move(resolveView(choice, frame.picture, frame.pane, devicePixelRatio), frame);
    this.#shared = moved(this.#shared);
    for (const [pane, choice] of this.#own) this.#own.set(pane, moved(choice));
  }

  /** Cut, each pane goes on from where it is; linked again, all follow the first. */
  toggleZoom(panes: readonly BenchMapId[]): void {
    const first = panes.at(0);
    if (!this.isZoomLinked && first !== undefined) this.#shared = this.viewOf(first);
    this.isZoomLinked = !this.isZoomLinked;
    this.#own.clear();
    if (!this.isZoomLinked) for (const pane of panes) this.#own.set(pane, this.#shared);
  }

  /** The pointer as a pane shows it: its own always, another's while linked. */
  pointerIn(pane: BenchMapId): (Point & { readonly isOwn: boolean }) | null {
    const { pointer } = this;
    if (!pointer || (pointer.over !== pane && !this.isPointerLinked)) return null;
    return { x: pointer.x, y: pointer.y, isOwn: pointer.over === pane };
  }
}
