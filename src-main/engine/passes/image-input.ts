import type { Dim, ElementType, Graph, ValueInfo } from "../onnx/graph.ts";

/** The one input that takes pictures. */
export interface ImageInput {
  readonly name: string;
  readonly type: ElementType;
  /** As the file states it. */
  readonly dims: readonly Dim[];
  readonly layout: "NCHW" | "NHWC";
  readonly channels: number;
  /** null: free. */
  readonly heightPx: number | null;
  readonly widthPx: number | null;
  readonly fixedBatch: number | null;
}

const colourCounts: readonly Dim[] = [1, 3, 4];

/** Finds the image input: of rank 4, with 1, 3 or 4 channels in second or last place. Undefined when there is none. */
export function findImageInput(graph: Graph): ImageInput | undefined {
  for (const input of graph.inputs) {
    const found = imageInput(input);
    if (found) return found;
  }
  return undefined;
}

function imageInput({ name, type, dims }: ValueInfo): ImageInput | undefined {
  if (!type || type === "string" || type === "bool" || dims?.length !== 4) return undefined;
  const [batch, second, third, last] = dims;
  const isLast = !isColours(second) && isColours(last);
  if (!isLast && typeof second === "number" && !isColours(second) && second > 16) return undefined;
  const channels = isLast ? last : second;
  const [height, width] = isLast ? [second, third] : [third, last];
  const sized = (dim: Dim | undefined) => (typeof dim === "number" && dim > 0 ? dim : null);
  return {
    name,
    type,
    dims,
    layout: isLast ? "NHWC" : "NCHW",
    channels: sized(channels) ?? 3,
    heightPx: sized(height),
    widthPx: sized(width),
    fixedBatch: sized(batch),
  };
}

function isColours(dim: Dim | undefined): boolean {
  return dim !== undefined && colourCounts.includes(dim);
}

/** Dims of one picture, without the batch, where the free ones are these. */
export function pictureDims(input: ImageInput, heightPx: number, widthPx: number): number[] {
  const { channels, layout } = input;
  return layout === "NCHW" ? [channels, heightPx, widthPx] : [heightPx, widthPx, channels];
}
