/**
 * Small drawings, a few milliseconds' worth a frame: a screen full of thumbnails never blocks the keys. The latest
 * asked for is drawn first.
 */
export class PaintQueue {
  readonly #budgetMs: number;
  readonly #nextFrame: (run: () => void) => void;
  readonly #now: () => number;
  #waiting: { draw: () => void; isOff: boolean }[] = [];
  #isScheduled = false;

  constructor(
    options: {
      budgetMs?: number;
      nextFrame?: (run: () => void) => void;
      now?: () => number;
    } = {},
  ) {
    this.#budgetMs = options.budgetMs ?? 8;
    this.#nextFrame = options.nextFrame ?? ((run) => void requestAnimationFrame(run));
    this.#now = options.now ?? (() => performance.now());
  }

  /** Draws soon; returns how to call it off. */
  add(draw: () => void): () => void {
    const job = { draw, isOff: false };
    this.#waiting.push(job);
    this.#schedule();
    return () => (job.isOff = true);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#nextFrame(() => {
      this.#isScheduled = false;
      const end = this.#now() + this.#budgetMs;
      while (this.#waiting.length > 0 && this.#now() < end) {
        const job = this.#waiting.pop();
        if (job && !job.isOff) job.draw();
      }
      if (this.#waiting.length > 0) this.#schedule();
    });
  }
}
