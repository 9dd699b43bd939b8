import { onDestroy } from "svelte";

/**
 * What living components have given, in the order they came. Read reactively through `all`. The list itself is plain:
 * in a component's teardown Svelte reads state as it was before, and what the next screen gave would be lost.
 */
export class Given<T> {
  #plain: readonly T[] = [];
  all = $state.raw<readonly T[]>([]);

  /** Gives `one` while the calling component lives. Call it in a component's script. */
  give(one: T): void {
    this.all = this.#plain = [...this.#plain, one];
    onDestroy(() => {
      this.all = this.#plain = this.#plain.filter((other) => other !== one);
    });
  }
}
