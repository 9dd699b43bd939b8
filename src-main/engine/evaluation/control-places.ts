import { randomFrom } from "../../../shared/statistics/sample.ts";
import { loosen, mirror, putDown, type LooseStamp, type PixelBox, type Stamp } from "./stamp.ts";

export interface PlaceRequest {
  /** Size of the input. */
  readonly width: number;
  readonly height: number;
  /** Where the picture lies on it. */
  readonly visible: PixelBox;
  readonly region: Stamp;
  /** Coverage of the input by evidence, `[height, width]`; null without any. */
  readonly evidence: Float32Array | null;
  /** Positive heat of the map, spread evenly over each of its cells, `[height, width]`; null without a map. */
  readonly heat: Float32Array | null;
  readonly count: number;
  readonly seed: number;
}

/** A place of the region's shape, perhaps mirrored: its box's left upper corner, and its pixels. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly stamp: Stamp;
}

/** As a place, not yet put down. */
interface Candidate {
  readonly left: number;
  readonly top: number;
  readonly shape: LooseStamp;
}

/** Places tried at most, on a lattice whose offset the seed draws. */
const mostTried = 4096;
/** How far two places lie apart in x or y, in sides of the region's box: as far as there is room, then nearer. */
const distances = [1, 1 / 2, 1 / 4] as const;

/**
 * Regions of the same shape elsewhere: inside what the model saw of the picture, touching neither the region nor evidence,
 * with at most the median heat of all such places. Fewer than asked for where there is no room for more.
 */
export function controlPlaces(request: PlaceRequest): Place[] {
  const { region, width, visible, count, heat } = request;
  const shape = loosen(region, width);
  const free = freePlaces(request, shape);
  const energies = heat && free.map((place) => energyOf(place, heat, width));
  const limit = energies ? medianOf(energies) : Infinity;
  const cool = free.filter((_, i) => !energies || energies[i] <= limit);
  let chosen: Candidate[] = [];
  for (const distance of distances) {
    chosen = spread(
      cool,
      Math.max(1, shape.width * distance),
      Math.max(1, shape.height * distance),
      count,
    );
    if (chosen.length >= count) break;
  }
  return chosen.map(({ left, top, shape: put }) => ({
    left,
    top,
    stamp: putDown(put, left, top, width),
  }));

  function freePlaces({ seed }: PlaceRequest, loose: LooseStamp): Candidate[] {
    const random = randomFrom(seed);
    const across = visible.right - visible.left - loose.width + 1;
    const down = visible.bottom - visible.top - loose.height + 1;
    if (across <= 0 || down <= 0) return [];
    const step = Math.max(1, Math.ceil(Math.sqrt((across * down) / mostTried)));
    const isTaken = takenPixels(request);
    const offsetX = Math.floor(random() * Math.min(step, across));
    const offsetY = Math.floor(random() * Math.min(step, down));
    const mirrored = [false, true].flatMap((acrossX) =>
      [false, true].map((acrossY) => mirror(loose, { acrossX, acrossY })),
    );
    const places: Candidate[] = [];
    for (let y = offsetY; y < down; y += step)
      for (let x = offsetX; x < across; x += step) {
        const turned = mirrored[Math.floor(random() * mirrored.length)];
        const [left, top] = [visible.left + x, visible.top + y];
        if (isFree(turned, left, top)) places.push({ left, top, shape: turned });
      }
    for (let i = places.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [places[i], places[j]] = [places[j], places[i]];
    }
    return places;

    function isFree({ rows, columns }: LooseStamp, left: number, top: number): boolean {
      for (let i = 0; i < rows.length; i++)
        if (isTaken[(top + rows[i]) * width + left + columns[i]]) return false;
      return true;
    }
  }
}

/** Region and evidence, widened by the pixel around them: a place on it would touch. */
function takenPixels({ width, height, region, evidence }: PlaceRequest): Uint8Array {
  const taken = new Uint8Array(width * height);
  const take = (pixel: number) => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    for (let dy = Math.max(0, y - 1); dy <= Math.min(height - 1, y + 1); dy++)
      for (let dx = Math.max(0, x - 1); dx <= Math.min(width - 1, x + 1); dx++)
        taken[dy * width + dx] = 1;
  };
  region.pixels.forEach(take);
  evidence?.forEach((share, pixel) => {
    if (share > 0) take(pixel);
  });
  return taken;
}

function energyOf({ left, top, shape }: Candidate, heat: Float32Array, width: number): number {
  const { rows, columns, cover } = shape;
  let sum = 0;
  for (let i = 0; i < rows.length; i++)
    sum += cover[i] * heat[(top + rows[i]) * width + left + columns[i]];
  return sum;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The first places, in drawn order, that lie at least so far from all taken before, in x or in y. */
function spread(places: readonly Candidate[], dx: number, dy: number, count: number): Candidate[] {
  const taken: Candidate[] = [];
  for (const place of places) {
    if (taken.length >= count) break;
    const isNear = taken.some(
      ({ left, top }) => Math.abs(left - place.left) < dx && Math.abs(top - place.top) < dy,
    );
    if (!isNear) taken.push(place);
  }
  return taken;
}
