/** A picture as colours 0..255, three a pixel, as the CRF reads it. */
export interface CrfPicture {
  readonly width: number;
  readonly height: number;
  /** `[height,width,3]` */
  readonly rgb: Uint8Array;
  /** Pixels of the full picture between two of these: distances are measured in the full picture. */
  readonly stepPx: number;
}

export interface CrfSettings {
  readonly smoothWeight: number;
  readonly smoothPx: number;
  readonly colourWeight: number;
  readonly colourPx: number;
  readonly colourLevels: number;
  readonly iterations: number;
}

/** From scores, as PSA and SEAM; from hard labels, as IRN and ReCAM. */
export const crfDefaults = {
  scores: {
    smoothWeight: 3,
    smoothPx: 3,
    colourWeight: 10,
    colourPx: 80,
    colourLevels: 13,
    iterations: 10,
  },
  labels: {
    smoothWeight: 3,
    smoothPx: 3,
    colourWeight: 10,
    colourPx: 50,
    colourLevels: 5,
    iterations: 10,
  },
} as const satisfies Readonly<Record<string, CrfSettings>>;

/** Longer side at most: every pair of pixels is summed, exactly, so cost grows with the fourth power of it. */
export const mostCrfSide = 128;

/** `−ln(clip(score, 1e-5, 1))` of planes `[n]`, used as they are. */
export function scoreUnary(planes: readonly Float32Array[]): Float64Array[] {
  return planes.map((plane) =>
    Float64Array.from(plane, (score) => -Math.log(Math.min(1, Math.max(1e-5, score)))),
  );
}

/** `−ln 0.7` for the label given, `−ln(0.3/(n−1))` for each of the n − 1 others. */
export function labelUnary(labels: ArrayLike<number>, count: number): Float64Array[] {
  const [own, other] = [-Math.log(0.7), -Math.log(0.3 / (count - 1))];
  return Array.from({ length: count }, (_, k) =>
    Float64Array.from(labels, (label) => (label === k ? own : other)),
  );
}

/**
 * Fully connected CRF, Krähenbühl and Koltun 2011, https://arxiv.org/abs/1210.5644: mean field over
 *
 *   E = Σ_p u_p(x_p) + Σ_{p<q} [x_p ≠ x_q] Σ_m w_m k_m(p, q) / √(n_m(p) n_m(q)),   n_m(p) = Σ_q k_m(p, q)
 *   Q_p(l) ∝ exp( −u_p(l) + Σ_m w_m Σ_{q≠p} k̃_m(p, q) Q_q(l) )
 *
 * with a kernel of places and one of places and colours. Every pair is summed: no lattice approximates it, so the picture must be
 * small (`mostCrfSide`). Returns Q, planes `[n]` that sum to 1 at each pixel.
 */
export function denseCrf(
  picture: CrfPicture,
  unary: readonly Float64Array[],
  settings: CrfSettings,
): Float64Array[] {
  const kernels = new PairKernels(picture, settings);
  let q = softmaxOf(unary.map((plane) => plane.map((u) => -u)));
  for (let step = 0; step < settings.iterations; step++) {
    const messages = kernels.messages(q);
    q = softmaxOf(unary.map((plane, l) => plane.map((u, p) => messages[l][p] - u)));
  }
  return q;
}

/** Pairs of a picture of 64 × 64: 67 MB of weights. */
const mostKeptPairs = (4096 * 4095) / 2;
const leastWeight = 1e-12;

/** Both kernels, normalised symmetrically and weighted, summed pair by pair. */
class PairKernels {
  readonly #picture: CrfPicture;
  readonly #settings: CrfSettings;
  /** exp of a place's distance along one axis, by its difference in pixels. */
  readonly #smooth: readonly [x: Float64Array, y: Float64Array];
  readonly #place: readonly [x: Float64Array, y: Float64Array];
  readonly #byLevels: Float64Array;
  /** `√w / √n` per pixel of either kernel. */
  readonly #smoothScale: Float64Array;
  readonly #colourScale: Float64Array;
  readonly #kept: Float64Array | null;

  constructor(picture: CrfPicture, settings: CrfSettings) {
    const { width, height, stepPx } = picture;
    this.#picture = picture;
    this.#settings = settings;
    const falloff = (size: number, sigma: number) =>
      Float64Array.from({ length: size }, (_, d) =>
        Math.exp(-((d * stepPx) ** 2) / (2 * sigma ** 2)),
      );
    this.#smooth = [falloff(width, settings.smoothPx), falloff(height, settings.smoothPx)];
    this.#place = [falloff(width, settings.colourPx), falloff(height, settings.colourPx)];
    this.#byLevels = Float64Array.from({ length: 3 * 255 ** 2 + 1 }, (_, d) =>
      Math.exp(-d / (2 * settings.colourLevels ** 2)),
    );
    const n = width * height;
    const [smooth, colour] = [new Float64Array(n).fill(1), new Float64Array(n).fill(1)]; // each pixel with itself
    this.#everyPair((p, q, s, c) => {
      smooth[p] += s;
      smooth[q] += s;
      colour[p] += c;
      colour[q] += c;
    });
    this.#smoothScale = smooth.map((sum) => Math.sqrt(settings.smoothWeight / sum));
    this.#colourScale = colour.map((sum) => Math.sqrt(settings.colourWeight / sum));
    this.#kept = this.#keep(n);
  }

  messages(q: readonly Float64Array[]): Float64Array[] {
    const out = q.map((plane) => new Float64Array(plane.length));
    const weights = this.#kept;
    if (!weights) {
      this.#everyWeight((a, b, weight) => spread(q, out, a, b, weight));
      return out;
    }
    const n = q[0]?.length ?? 0;
    for (let a = 0, at = 0; a < n; a++)
      for (let b = a + 1; b < n; b++, at++)
        if (weights[at] >= leastWeight) spread(q, out, a, b, weights[at]);
    return out;
  }

  /** The weight of every pair, in their order; null where they would take too much memory, and are found anew each time. */
  #keep(n: number): Float64Array | null {
    const pairs = (n * (n - 1)) / 2;
    if (pairs > mostKeptPairs) return null;
    const weights = new Float64Array(pairs);
    let at = 0;
    this.#everyWeight((_a, _b, weight) => (weights[at++] = weight));
    return weights;
  }

  #everyWeight(visit: (a: number, b: number, weight: number) => void): void {
    const [ofSmooth, ofColour] = [this.#smoothScale, this.#colourScale];
    this.#everyPair((a, b, s, c) => {
      visit(a, b, s * ofSmooth[a] * ofSmooth[b] + c * ofColour[a] * ofColour[b]);
    });
  }

  #everyPair(visit: (p: number, q: number, smooth: number, colour: number) => void): void {
    const { width, height, rgb } = this.#picture;
    if (this.#settings.smoothWeight === 0 && this.#settings.colourWeight === 0) return;
    for (let y = 0, p = 0; y < height; y++)
      for (let x = 0; x < width; x++, p++) {
        const [r, g, b] = [rgb[3 * p], rgb[3 * p + 1], rgb[3 * p + 2]];
        for (let row = y, q = p + 1; row < height; row++) {
          const smoothY = this.#smooth[1][row - y];
          const placeY = this.#place[1][row - y];
          for (let column = row === y ? x + 1 : 0; column < width; column++, q++) {
            const dx = column < x ? x - column : column - x;
            const levels =
              (rgb[3 * q] - r) ** 2 + (rgb[3 * q + 1] - g) ** 2 + (rgb[3 * q + 2] - b) ** 2;
            visit(
              p,
              q,
              smoothY * this.#smooth[0][dx],
              placeY * this.#place[0][dx] * this.#byLevels[levels],
            );
          }
        }
      }
  }
}

function spread(
  q: readonly Float64Array[],
  out: readonly Float64Array[],
  a: number,
  b: number,
  weight: number,
): void {
  for (let l = 0; l < out.length; l++) {
    out[l][a] += weight * q[l][b];
    out[l][b] += weight * q[l][a];
  }
}

/** Planes brought to a sum of 1 at each pixel. */
function softmaxOf(planes: readonly Float64Array[]): Float64Array[] {
  const n = planes[0]?.length ?? 0;
  const out = planes.map(() => new Float64Array(n));
  for (let p = 0; p < n; p++) {
    let most = -Infinity;
    for (const plane of planes) most = Math.max(most, plane[p]);
    let sum = 0;
    planes.forEach((plane, l) => (sum += out[l][p] = Math.exp(plane[p] - most)));
    for (const plane of out) plane[p] /= sum;
  }
  return out;
}
