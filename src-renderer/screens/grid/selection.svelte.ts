import type { ItemNo } from "../../../shared/domain/ids.ts";

/**
 * Selected items: one bit each, so that a million can be selected. It survives filter, sort and screen changes; what
 * the filter hides stays selected and is counted (RX-82).
 */
export class Selection {
  /** Changes whenever the selection does. */
  revision = $state(0);
  count = $state(0);
  #is: Uint8Array;

  constructor(items: number) {
    this.#is = new Uint8Array(items);
  }

  has(item: ItemNo): boolean {
    void this.revision;
    return this.#is[item] === 1;
  }

  /** Selected items in order of item number. */
  items(): ItemNo[] {
    void this.revision;
    const found: ItemNo[] = [];
    for (let item = 0; item < this.#is.length; item++) if (this.#is[item] === 1) found.push(item);
    return found;
  }

  /** How many of `order` are selected; the rest of `count` is hidden by the filter. */
  countIn(order: Uint32Array): number {
    void this.revision;
    let n = 0;
    for (const item of order) n += this.#is[item] ?? 0;
    return n;
  }

  toggle(item: ItemNo): void {
    this.#set([item], !this.has(item));
  }

  only(items: Iterable<ItemNo>): void {
    this.#is.fill(0);
    this.count = 0;
    this.#set(items, true);
  }

  add(items: Iterable<ItemNo>): void {
    this.#set(items, true);
  }

  clear(): void {
    this.only([]);
  }

  /** Items listed since: keeps what is selected. */
  grow(items: number): void {
    if (items <= this.#is.length) return;
    const grown = new Uint8Array(items);
    grown.set(this.#is);
    this.#is = grown;
  }

  #set(items: Iterable<ItemNo>, isSelected: boolean): void {
    for (const item of items) {
      if (this.#is[item] === (isSelected ? 1 : 0) || item >= this.#is.length) continue;
      this.#is[item] = isSelected ? 1 : 0;
      this.count += isSelected ? 1 : -1;
    }
    this.revision++;
  }
}
