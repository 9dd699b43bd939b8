import { expect, it, onTestFinished } from "vitest";
import { ann, ben, command, sampleAudit, sampleOutcome } from "../../test/support/sample-audit.ts";
import { Sight } from "./sight.ts";

function blindOf(items: number, hidden: readonly number[]) {
  const made = sampleAudit({ items });
  const { folder, store, run } = made;
  store.commitBatch(
    run,
    Array.from({ length: items }, (_, no) => sampleOutcome(no)),
  );
  const sight = new Sight({ folder, facts: store.facts, readerId: ben, isReadOnly: false });
  onTestFinished(() => sight.close());
  let shown = 0;
  const show = (which = hidden) => sight.show(`${++shown}`, shown, () => new Set(which));
  show();
  return { ...made, sight, show };
}

const spurious = (items: readonly number[]) =>
  ({
    kind: "verdict.set",
    items,
    run: null,
    verdict: "spurious",
    reasons: ["marker"],
    view: null,
  }) as const;

it("reads the store as it is, less what others said of hidden items", () => {
  const { store, sight, show, run } = blindOf(6, [1, 2]);
  store.apply(command(spurious([0, 1])));
  store.apply(command(spurious([2]), { readerId: ben }));
  show();
  expect(sight.rows(run, [0, 1, 2]).map(({ verdict }) => verdict)).toEqual([
    "spurious",
    null,
    "spurious",
  ]);
  expect(store.rows(run, [1])[0].verdict).toBe("spurious");
  // An entry on a hidden item is left out whole, though it was about others too.
  const entries = sight.record(1, 100).filter(({ action }) => action === "verdict.set");
  expect(entries.map(({ readerId }) => readerId)).toEqual([ben]);
  expect(sight.judgedCount()).toBe(2);
});

it("follows the writer, and what is hidden", () => {
  const { store, sight, show, run } = blindOf(6, [1]);
  const verdictsOf = () => sight.rows(run, [1, 3]).map(({ verdict }) => verdict);
  store.apply(command(spurious([1, 3])));
  show();
  expect(verdictsOf()).toEqual([null, "spurious"]);
  const revision = sight.column(null, "comment")?.revision ?? 0;
  show([]);
  expect(verdictsOf()).toEqual(["spurious", "spurious"]);
  expect(sight.column(null, "comment")?.revision).toBeGreaterThan(revision);
});

it("brings its views up to date while something is read through it row by row", () => {
  const { store, sight, show } = blindOf(6, [1]);
  for (const item of [0, 1, 2]) store.apply(command(spurious([item])));
  show();
  const read = sight.allJudgements();
  const first = read.next().value;
  show([0, 1, 2]);
  show([1]);
  expect([first, ...read].map((one) => one?.item)).toContain(2);
});

it("shows nothing of another's region, however it is asked for", () => {
  const { store, sight, show } = blindOf(4, [2]);
  const region = { kind: "region.add", region: "r" as never, item: 2 } as const;
  const shape = { kind: "rect", x: 0.1, y: 0.1, w: 0.2, h: 0.2 } as const;
  store.apply(command({ ...region, regionKind: "shortcut", shape, note: "" }));
  show();
  expect(sight.regions(2)).toEqual([]);
  expect([...sight.allRegions()]).toEqual([]);
  expect(store.regions(2).map(({ readerId }) => readerId)).toEqual([ann]);
});
