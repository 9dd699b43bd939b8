/** A connected patch of pixels: its box, its size, and the length of its outline in pixel sides. */
export interface Component {
  readonly left: number;
  readonly top: number;
  /** Exclusive. */
  readonly right: number;
  readonly bottom: number;
  readonly area: number;
  readonly perimeter: number;
}

/**
 * Finds connected patches of a picture at any level. It keeps its memory between levels: text is sought at a dozen of
 * them, on every picture of a run.
 */
export class ComponentFinder {
  readonly #rowSize: number;
  /** The picture in a frame of zeros, so that no neighbour needs a bounds check. */
  readonly #framed: Uint8Array;
  readonly #seenAt: Uint8Array;
  readonly #queue: Int32Array;
  /** Positions at or above the lowest level asked for. */
  #candidates: Int32Array;
  #round = 0;

  constructor(values: Uint8Array, width: number, height: number, lowest: number) {
    this.#rowSize = width + 2;
    this.#framed = new Uint8Array(this.#rowSize * (height + 2));
    for (let y = 0; y < height; y++)
      this.#framed.set(values.subarray(y * width, (y + 1) * width), (y + 1) * this.#rowSize + 1);
    this.#seenAt = new Uint8Array(this.#framed.length);
    const positions = new Int32Array(values.length);
    let count = 0;
    for (let p = 0; p < this.#framed.length; p++)
      if (this.#framed[p] >= lowest) positions[count++] = p;
    this.#candidates = positions.subarray(0, count);
    this.#queue = new Int32Array(count);
  }

  /** Patches of pixels `>= level`, joined over sides and corners; at most 255 levels a picture. */
  at(level: number, minArea = 1): Component[] {
    const values = this.#framed;
    const seen = this.#seenAt;
    const queue = this.#queue;
    const row = this.#rowSize;
    const round = ++this.#round;
    const found: Component[] = [];
    for (const start of this.#candidates) {
      if (values[start] < level || seen[start] === round) continue;
      let [left, right, top, bottom, perimeter] = [row, 0, values.length, 0, 0];
      let end = 1;
      queue[0] = start;
      seen[start] = round;
      for (let at = 0; at < end; at++) {
        const p = queue[at];
        const y = Math.trunc(p / row);
        const x = p - y * row;
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
        for (let from = p - row - 1; from <= p + row - 1; from += row)
          for (let q = from; q < from + 3; q++) {
            if (values[q] >= level) {
              if (seen[q] !== round) {
                seen[q] = round;
                queue[end++] = q;
              }
            } else if (q === p - 1 || q === p + 1 || q === p - row || q === p + row) perimeter++;
          }
      }
      if (end >= minArea)
        found.push({ left: left - 1, top: top - 1, right, bottom, area: end, perimeter });
    }
    return found;
  }
}
