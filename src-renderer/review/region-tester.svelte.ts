import type { RegionRow } from "../../shared/contract/audits.ts";
import type { ItemNo, TestId } from "../../shared/domain/ids.ts";
import { regionTestRules, type FillId, type RegionTest } from "../../shared/domain/region-test.ts";
import { toErrorJson, type ErrorJson } from "../../shared/errors/app-error.ts";
import { mutableShape } from "./region-shapes.ts";
import type { AuditState } from "../screens/frame/audit-state.svelte.ts";

/** Letters of the fills while they are asked for. */
export const fillKeys = {
  B: "blur",
  M: "mean",
  N: "noise",
  E: "neighbours",
} as const satisfies Record<string, FillId>;

interface TesterHands {
  /** When all that was done before is in the store: a region drawn just now is tested as it is drawn. */
  readonly settled: () => Promise<unknown>;
  /** The item has one more test. */
  readonly made: (item: ItemNo) => void;
}

/** Region tests of the item in view: which fill is asked for, what is under way, whose controls are drawn. */
export class RegionTester {
  readonly #audit: AuditState;
  /** The region whose fill is being chosen. */
  choosing = $state.raw<RegionRow | null>(null);
  /** The one being tested now. */
  running = $state.raw<{ readonly item: ItemNo; readonly fill: FillId } | null>(null);
  error = $state.raw<ErrorJson | null>(null);
  /** The test whose controls are drawn over the picture. */
  controlsOf = $state<TestId | null>(null);

  readonly #hands: TesterHands;

  constructor(audit: AuditState, hands: TesterHands) {
    this.#audit = audit;
    this.#hands = hands;
  }

  /** Asks what to cover the region with. */
  choose(region: RegionRow): void {
    this.error = null;
    this.choosing = region;
  }

  leave(): boolean {
    const wasOpen = this.choosing !== null;
    this.choosing = null;
    return wasOpen;
  }

  /** Another item comes into view. */
  reset(): void {
    this.choosing = null;
    this.error = null;
    this.controlsOf = null;
  }

  /** Covers the region that was asked about. */
  async run(fill: FillId, controls: number = regionTestRules.controls): Promise<void> {
    const region = this.choosing;
    this.choosing = null;
    if (region) await this.#test(region.item, whereOf(region), fill, controls);
  }

  /** The same test with more controls. */
  async again(test: RegionTest, controls: number): Promise<void> {
    await this.#test(test.item, { shape: mutableShape(test.shape) }, test.fill, controls);
  }

  toggleControls(test: TestId): void {
    this.controlsOf = this.controlsOf === test ? null : test;
  }

  async #test(
    item: ItemNo,
    where: Parameters<AuditState["api"]["tests"]["run"]>[0]["where"],
    fill: FillId,
    controls: number,
  ): Promise<void> {
    const { api, id: auditId, run } = this.#audit;
    if (!run || this.running) return;
    this.running = { item, fill };
    this.error = null;
    try {
      await this.#hands.settled();
      const test = await api.tests.run({ auditId, run: run.id, item, where, fill, controls });
      this.#hands.made(item);
      if (this.controlsOf !== null) this.controlsOf = test.id;
    } catch (cause) {
      this.error = toErrorJson(cause);
    } finally {
      this.running = null;
    }
  }
}

/** A region of a person by its id; one that came with the dataset has none in the store. */
function whereOf({ isImported, id, shape }: RegionRow) {
  return isImported ? { shape: mutableShape(shape) } : { region: id };
}
