/** Sizes of the Grid's cells and rows, and where they lie while scrolling. Pure. */
export const cellSizes = [96, 128, 160, 224, 320] as const;
export type CellSize = (typeof cellSizes)[number];

/** Browsers stop measuring scroll areas exactly somewhere above this. */
export const maxScrollHeightPx = 8_000_000;

const captionPx: Readonly<Record<CellSize, number>> = {
  96: 20,
  128: 38,
  160: 38,
  224: 56,
  320: 56,
};
export const cellPaddingPx = 4;
export const cellGapPx = 4;
const stretchPx = 20;

export interface GridLayout {
  readonly columns: number;
  /** Edge of the picture: the nominal size plus its share of the free width. */
  readonly picturePx: number;
  readonly captionPx: number;
  readonly cellWidthPx: number;
  readonly rowHeightPx: number;
  readonly rows: number;
}

/** Free width of a row goes into the pictures up to +20 each, then into one more column. */
export function gridLayout(items: number, widthPx: number, size: CellSize): GridLayout {
  const outer = (picture: number) => picture + 2 * cellPaddingPx;
  const fits = (columns: number) => (widthPx - (columns - 1) * cellGapPx) / columns;
  let columns = Math.max(1, Math.floor((widthPx + cellGapPx) / (outer(size) + cellGapPx)));
  // A row that would stretch its pictures further takes one more column of slightly smaller pictures.
  if (
    columns > 1 &&
    fits(columns) - outer(size) > stretchPx &&
    fits(columns + 1) >= outer(size) - 8
  )
    columns++;
  const free = Math.floor(fits(columns)) - outer(size);
  const picturePx = Math.max(48, size + Math.min(stretchPx, free));
  return {
    columns,
    picturePx,
    captionPx: captionPx[size],
    cellWidthPx: outer(picturePx),
    rowHeightPx: outer(picturePx) + captionPx[size] + cellGapPx,
    rows: Math.ceil(items / columns),
  };
}

/**
 * Maps between the place in the list (`top`, in pixels as if the whole list were laid out) and the scroll bar, whose
 * range is cut at `maxScrollHeightPx` (RX-80). Below that height the two are the same.
 */
export interface ScrollMap {
  readonly listPx: number;
  readonly scrollPx: number;
  toTop(scrollTop: number): number;
  toScroll(top: number): number;
}

export function scrollMap(rows: number, rowHeightPx: number, viewPx: number): ScrollMap {
  const listPx = rows * rowHeightPx;
  const scrollPx = Math.min(listPx, maxScrollHeightPx);
  const listRange = Math.max(0, listPx - viewPx);
  const scrollRange = Math.max(0, scrollPx - viewPx);
  const ratio = scrollRange > 0 ? listRange / scrollRange : 1;
  return {
    listPx,
    scrollPx,
    toTop: (scrollTop) => Math.min(listRange, Math.max(0, scrollTop * ratio)),
    toScroll: (top) => Math.min(scrollRange, Math.max(0, top / ratio)),
  };
}

/** Rows in view and `spare` more on each side. */
export function rowsInView(
  top: number,
  viewPx: number,
  rowHeightPx: number,
  rows: number,
  spare: number,
): { first: number; last: number } {
  const first = Math.max(0, Math.floor(top / rowHeightPx) - spare);
  const last = Math.min(rows - 1, Math.floor((top + viewPx) / rowHeightPx) + spare);
  return { first, last };
}

/** The least movement that brings a row wholly into view. */
export function topToShow(row: number, top: number, viewPx: number, rowHeightPx: number): number {
  const start = row * rowHeightPx;
  if (start < top) return start;
  const end = start + rowHeightPx;
  return end > top + viewPx ? end - viewPx : top;
}
