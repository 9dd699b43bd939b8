import { enlargeBlocky, enlargeSmooth } from "../../../shared/heatmap/enlarge.ts";
import { extent } from "../kernels/maps.ts";

/** A part of the picture, in its pixels. */
export interface Crop {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** What looks at whole inputs. */
export interface Eye {
  readonly colours: number;
  /** Of an input; crops are stretched to it. */
  readonly height: number;
  readonly width: number;
  /** Of a map. */
  readonly grid: readonly [height: number, width: number];
  /** How each crop is shown: as it is, and mirrored. */
  readonly views: readonly ("plain" | "mirrored")[];
  /** Of inputs `[colours,height,width]` the maps of the present classes, `[view][class]`, nowhere negative. */
  see(views: readonly Float32Array[]): Promise<readonly (readonly Float32Array[])[]>;
}

/** When places are hidden, and when it is enough. */
export interface Erasing {
  /** A place with this response in any class is hidden in the next round. */
  readonly threshold: number;
  readonly mostRounds: number;
  /** The newly hidden share of a crop below which it is done. */
  readonly least: number;
  /** Whether the mask turns with a mirrored view; the published code leaves it as it was. */
  readonly mask: "turned" | "as published";
}

/** As published, but for the mask, which lies wrong on a mirrored view there. */
export const erasing: Erasing = { threshold: 0.7, mostRounds: 5, least: 0.02, mask: "turned" };

/** What one crop came to. */
export interface Explored {
  readonly crop: Crop;
  /** Greatest response of each class at each pixel of the crop, in 0 … 1. */
  readonly responses: readonly Float32Array[];
  readonly rounds: number;
  /** Share of the crop that was hidden in the end. */
  readonly erased: number;
}

const smallest = 1e-5;

interface Open {
  readonly crop: Crop;
  readonly views: readonly Float32Array[];
  responses: readonly Float32Array[];
  /** 1 where there is still something to find. */
  left: Uint8Array;
  rounds: number;
  isDone: boolean;
}

/**
 * Each crop is looked at, what responds is hidden under the mean colour, and it is looked at again, until little is newly
 * hidden. Responses are the greatest of all rounds; each round is one batch of all crops that still go on.
 */
export async function explore(
  picture: Float32Array,
  crops: readonly Crop[],
  eye: Eye,
  how: Erasing,
): Promise<readonly Explored[]> {
  const all = crops.map((crop): Open => ({
    crop,
    views: viewsOf(picture, crop, eye),
    responses: [],
    left: new Uint8Array(crop.height * crop.width).fill(1),
    rounds: 0,
    isDone: false,
  }));
  for (let round = 0; round < how.mostRounds; round++) {
    const live = all.filter(({ isDone }) => !isDone);
    if (live.length === 0) break;
    const shown = live.flatMap((one) => one.views.map((view, i) => hidden(view, one, i, eye, how)));
    const seen = await eye.see(shown);
    live.forEach((one, i) => {
      const maps = seen.slice(i * eye.views.length, (i + 1) * eye.views.length);
      advance(one, fused(maps, one.crop, eye), how);
    });
  }
  return all.map(({ crop, responses, left, rounds }) => ({
    crop,
    responses,
    rounds,
    erased: 1 - countOf(left) / left.length,
  }));
}

function advance(one: Open, found: readonly Float32Array[], { threshold, least }: Erasing): void {
  one.responses = found.map((map, k) => {
    const before = one.responses[k];
    return before ? map.map((value, p) => Math.max(value, before[p])) : map;
  });
  const left = new Uint8Array(one.left.length);
  for (let p = 0; p < left.length; p++)
    left[p] = Number(one.responses.every((response) => response[p] < threshold));
  const newlyHidden = (countOf(one.left) - countOf(left)) / left.length;
  one.left = left;
  one.rounds++;
  one.isDone = newlyHidden < least;
}

/** Maps of all views at the crop's size, turned back, summed, and divided by each class's greatest value. */
function fused(
  seen: readonly (readonly Float32Array[])[],
  { height, width }: Crop,
  { grid: [h, w], views }: Eye,
): Float32Array[] {
  const [first] = seen;
  return first.map((_, k) => {
    const sum = new Float32Array(height * width);
    views.forEach((view, v) => {
      const large = enlargeSmooth(seen[v][k], h, w, height, width);
      const turned = view === "mirrored" ? mirrored(large, width) : large;
      for (let p = 0; p < sum.length; p++) sum[p] += turned[p];
    });
    const [, max] = extent(sum);
    return sum.map((value) => value / (max + smallest));
  });
}

/** The crop stretched to the input, once for each view. */
function viewsOf(picture: Float32Array, crop: Crop, eye: Eye): Float32Array[] {
  const { colours, height, width, views } = eye;
  const plain = new Float32Array(colours * height * width);
  for (let colour = 0; colour < colours; colour++) {
    const cut = new Float32Array(crop.height * crop.width);
    for (let y = 0; y < crop.height; y++) {
      const from = (colour * height + crop.top + y) * width + crop.left;
      cut.set(picture.subarray(from, from + crop.width), y * crop.width);
    }
    plain.set(enlargeSmooth(cut, crop.height, crop.width, height, width), colour * height * width);
  }
  return views.map((view) => (view === "mirrored" ? mirrored(plain, width) : plain));
}

/** A view with what was found under its own mean colour. */
function hidden(
  view: Float32Array,
  { left, crop, rounds }: Open,
  index: number,
  { colours, height, width, views }: Eye,
  { mask }: Erasing,
): Float32Array {
  if (rounds === 0) return view;
  const stretched = enlargeBlocky(left, crop.height, crop.width, height, width);
  const isTurned = views[index] === "mirrored" && mask === "turned";
  const shown = isTurned ? mirrored(stretched, width) : stretched;
  const out = view.slice();
  const pixels = height * width;
  for (let colour = 0; colour < colours; colour++) {
    const own = out.subarray(colour * pixels, (colour + 1) * pixels);
    const mean = own.reduce((sum, value) => sum + value, 0) / pixels;
    for (let p = 0; p < pixels; p++) if (!shown[p]) own[p] = mean;
  }
  return out;
}

/** Rows of `width` in reverse. */
function mirrored(values: Float32Array, width: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += width)
    for (let x = 0; x < width; x++) out[row + x] = values[row + width - 1 - x];
  return out;
}

function countOf(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Centre of mass of a map `[h,w]`, cut to whole pixels; the middle of an empty one. */
export function centreOf(map: Float32Array, h: number, w: number): [y: number, x: number] {
  let [mass, down, across] = [0, 0, 0];
  map.forEach((value, p) => {
    mass += value;
    down += value * Math.floor(p / w);
    across += value * (p % w);
  });
  if (!(mass > 0)) return [Math.floor(h / 2), Math.floor(w / 2)];
  return [Math.trunc(down / mass), Math.trunc(across / mass)];
}

/**
 * Four crops that overlap in a cross about the centres, each wide enough to hold them all and `buffer` pixels more; the whole
 * picture, once, of three classes and more. `clamp`: a crop that would begin before the picture begins with it; the published
 * code counts such a beginning from the far end.
 */
export function cropsAbout(
  centres: readonly (readonly [y: number, x: number])[],
  [h, w]: readonly [height: number, width: number],
  buffer: number,
  beginning: "clamp" | "as published" = "clamp",
): Crop[] {
  if (centres.length > 2) return [{ top: 0, left: 0, height: h, width: w }];
  const [ys, xs] = [centres.map(([y]) => y), centres.map(([, x]) => x)];
  const begin = (at: number, size: number) => {
    if (at >= 0) return at;
    return beginning === "clamp" ? 0 : Math.max(0, at + size);
  };
  const [bottom, right] = [
    Math.min(h, Math.max(...ys) + buffer),
    Math.min(w, Math.max(...xs) + buffer),
  ];
  const [top, left] = [begin(Math.min(...ys) - buffer, h), begin(Math.min(...xs) - buffer, w)];
  const rows = [
    { top: 0, height: bottom },
    { top, height: h - top },
  ];
  const columns = [
    { left: 0, width: right },
    { left, width: w - left },
  ];
  return rows.flatMap((row) => columns.map((column) => ({ ...row, ...column })));
}
