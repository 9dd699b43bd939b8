/** Lets one through at a time, in the order of asking: the runs that share a map engine. */
export class Lane {
  #tail: Promise<void> = Promise.resolve();

  /** Resolves, when it is the caller's turn, to the function that gives the lane back. */
  async enter(): Promise<() => void> {
    const before = this.#tail;
    let leave: () => void = () => undefined;
    this.#tail = new Promise((resolve) => (leave = resolve));
    await before;
    return leave;
  }
}
