/**
 * One failure a person can act on. `message` is "Cannot <do the thing>: <what we found>", `safe` what is unharmed,
 * `hint` what to try next: the window and the command line show the three in this order.
 */
export interface CatalogueEntry {
  readonly status: number;
  // Each entry types its own details; `fail` pairs them with the code.
  readonly message: (details: never) => string;
  readonly safe: string;
  readonly hint: string;
}
