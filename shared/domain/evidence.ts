/**
 * Evidence of one item, as datasets found it: a mask file, or shapes in image fractions of the picture as it is shown.
 *
 * `rle` is COCO's run lengths: counts of 0, 1, 0, … down the first column, then the next, on a grid of width × height.
 * In a mask file every value but 0 and those in `ignore` is evidence; `ignore` belongs to neither side. Values of a
 * palette picture are its indices.
 */
export type EvidenceSource =
  | { readonly kind: "mask-file"; readonly path: string; readonly ignore: readonly number[] }
  | { readonly kind: "shapes"; readonly shapes: readonly EvidenceShape[] }
  | {
      readonly kind: "rle";
      readonly width: number;
      readonly height: number;
      readonly counts: readonly number[];
    };

/** A rectangle, or a polygon whose first ring is its outline and whose other rings are holes. */
export type EvidenceShape =
  | {
      readonly kind: "rect";
      readonly x: number;
      readonly y: number;
      readonly w: number;
      readonly h: number;
    }
  | { readonly kind: "polygon"; readonly rings: readonly (readonly number[])[] };
