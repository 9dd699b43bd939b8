/** Lets one through at a time, in the order of asking: the runs that share a map engine. */
export class Lane {
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** Whether somebody waits for its turn. */
  get isWanted(): boolean {
    return this.#waiting > 0;
  }

  /** Resolves, when it is the caller's turn, to the function that gives the lane back. */
  async enter(): Promise<() => void> {
    const before = this.#tail;
    let leave: () => void = () => undefined;
    this.#tail = new Promise((resolve) => (leave = resolve));
    this.#waiting += 1;
    await before;
    this.#waiting -= 1;
    return leave;
  }
}
