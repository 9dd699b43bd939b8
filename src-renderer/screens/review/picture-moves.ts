import {
  actualView,
  panBy,
  resolveView,
  toPicture,
  zoomAt,
  type Size,
} from "../../heatmap/view.ts";
import type { ReviewState } from "./review-state.svelte.ts";

/** What keys do to the picture in view: zoom, pan, a region where one looks. `pane` is the picture's pane now. */
export function pictureMoves(review: ReviewState, pane: () => Size, focusPicture: () => void) {
  const size = () => ({ width: review.row?.width ?? 1, height: review.row?.height ?? 1 });
  const view = () => resolveView(review.choice, size(), pane(), devicePixelRatio);
  /** What is in sight, in picture fractions. */
  const inSight = () => {
    const { width, height } = size();
    const from = toPicture(view(), pane(), { x: 0, y: 0 });
    const to = toPicture(view(), pane(), { x: pane().width, y: pane().height });
    const held = (value: number) => Math.min(1, Math.max(0, value));
    const [x, y] = [held(from.x / width), held(from.y / height)];
    return { x, y, w: held(to.x / width) - x, h: held(to.y / height) - y };
  };
  return {
    zoom: (factor: number) => {
      const { width, height } = pane();
      review.choice = zoomAt(view(), pane(), { x: width / 2, y: height / 2 }, factor);
    },
    pan: (dx: number, dy: number) => (review.choice = panBy(view(), size(), dx, dy)),
    fit: () => (review.choice = "fit"),
    actual: () => {
      const { cx, cy } = view();
      review.choice = actualView(size(), devicePixelRatio, { x: cx, y: cy });
    },
    place: (kind: "rect" | "ellipse") => {
      review.stopAdvance();
      review.editor.place(kind, inSight());
      focusPicture();
    },
    middle: () => {
      const { x, y, w, h } = inSight();
      return { x: x + w / 2, y: y + h / 2 };
    },
  };
}
