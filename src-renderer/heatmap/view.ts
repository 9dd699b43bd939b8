/** What part of a picture a pane shows: `zoom` pane pixels per picture pixel, the picture point at the pane's centre. */
export interface View {
  readonly zoom: number;
  readonly cx: number;
  readonly cy: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Fit and actual pixels are kept by name, so that they hold in another pane and for the next picture. */
export type ViewChoice = "fit" | "actual" | View;

const zoomLimits = { low: 0.02, high: 64 } as const;

/** The whole picture, centred; a margin keeps its edges visible. */
export function fitView(picture: Size, pane: Size, marginPx = 8): View {
  const wide = Math.max(1, pane.width - 2 * marginPx) / Math.max(1, picture.width);
  const high = Math.max(1, pane.height - 2 * marginPx) / Math.max(1, picture.height);
  return { zoom: Math.min(wide, high), cx: picture.width / 2, cy: picture.height / 2 };
}

/** One picture pixel on one device pixel, around the same point or the middle. */
export function actualView(picture: Size, devicePixelRatio: number, at?: Point): View {
  const { x, y } = at ?? { x: picture.width / 2, y: picture.height / 2 };
  return { zoom: 1 / devicePixelRatio, cx: x, cy: y };
}

export function resolveView(
  choice: ViewChoice,
  picture: Size,
  pane: Size,
  devicePixelRatio: number,
): View {
  if (choice === "fit") return fitView(picture, pane);
  if (choice === "actual") return actualView(picture, devicePixelRatio);
  return choice;
}

export function toPicture(view: View, pane: Size, point: Point): Point {
  return {
    x: view.cx + (point.x - pane.width / 2) / view.zoom,
    y: view.cy + (point.y - pane.height / 2) / view.zoom,
  };
}

export function toPane(view: View, pane: Size, point: Point): Point {
  return {
    x: (point.x - view.cx) * view.zoom + pane.width / 2,
    y: (point.y - view.cy) * view.zoom + pane.height / 2,
  };
}

/** Zooms by `factor` so that the picture point under `at` (pane pixels) stays under it. */
export function zoomAt(view: View, pane: Size, at: Point, factor: number): View {
  const zoom = Math.min(zoomLimits.high, Math.max(zoomLimits.low, view.zoom * factor));
  const fixed = toPicture(view, pane, at);
  return {
    zoom,
    cx: fixed.x - (at.x - pane.width / 2) / zoom,
    cy: fixed.y - (at.y - pane.height / 2) / zoom,
  };
}

/** Moves by pane pixels, never so far that the picture leaves the pane. */
export function panBy(view: View, picture: Size, dx: number, dy: number): View {
  const cx = view.cx - dx / view.zoom;
  const cy = view.cy - dy / view.zoom;
  return {
    ...view,
    cx: Math.min(picture.width, Math.max(0, cx)),
    cy: Math.min(picture.height, Math.max(0, cy)),
  };
}
