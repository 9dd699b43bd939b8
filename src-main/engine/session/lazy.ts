/** Something that is opened when it is first asked for, and closed once. */
export class Lazy<T extends { close(): Promise<void> }> {
  readonly #open: () => Promise<T>;
  #value: Promise<T> | null = null;

  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  get(): Promise<T> {
    return (this.#value ??= this.#open());
  }

  async close(): Promise<void> {
    const value = this.#value;
    this.#value = null;
    if (!value) return;
    const opened = await value.catch(() => null); // who asked for it has been told
    await opened?.close();
  }
}
