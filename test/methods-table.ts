/**
 * `npm run methods`: runs every method on every small network that is at hand and writes `docs/methods.md`. Errors are against maps
 * computed elsewhere in double precision, or against another exact way to the same map; what has neither says so.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { methodIds, type MethodId } from "../shared/domain/method-id.ts";
import { methods } from "../shared/domain/methods.ts";
import { message } from "../shared/messages/catalogue.ts";
import { explainBatch } from "../src-main/engine/cam/explain.ts";
import { methodById } from "../src-main/engine/cam/registry.ts";
import type { TapSession } from "../shared/domain/engine.ts";
import { openModel } from "../src-main/engine/session/open-model.ts";
import { generalPath } from "./support/general-path.ts";
import { goldenMapsOf, smallModels, smallPicture } from "./support/small-models.ts";

/** Methods with a closed form on pooled linear heads, and the method whose map is theirs by passes, times a power of n. */
const byPasses: Partial<Record<MethodId, readonly [like: MethodId, timesCells: number]>> = {
  cam: ["hirescam", 1],
  "grad-cam-elementwise": ["grad-cam-elementwise", 0],
  "xgrad-cam": ["xgrad-cam", 0],
  "ablation-cam": ["ablation-cam", 0],
  "recipro-cam": ["recipro-cam", 0],
  "finer-cam": ["finer-cam", 0],
  "shapley-cam": ["shapley-cam", 0],
  "fd-cam": ["fd-cam", 0],
  "eigen-grad-cam": ["eigen-grad-cam", 0],
};

interface Row {
  readonly id: MethodId;
  ran: number;
  readonly refused: Map<string, number>;
  readonly forwards: number[];
  error: number | null;
  reference: string;
}

const rows = new Map<MethodId, Row>(
  methodIds.map((id) => [
    id,
    { id, ran: 0, refused: new Map(), forwards: [], error: null, reference: "" },
  ]),
);

for (const small of smallModels) {
  const model = await openModel(small.path);
  const session = await model.open(null);
  const { layout } = session.description.input;
  const golden = goldenMapsOf(small);
  for (const support of session.methods) {
    const row = rowOf(support.method);
    if (!support.supported) {
      const code = support.refusal?.code ?? "";
      row.refused.set(code, (row.refused.get(code) ?? 0) + 1);
      continue;
    }
    row.forwards.push(support.forwards);
    if (methods[support.method].isFitted) continue;
    const reference = golden.get(support.method);
    const images = await smallPicture(small);
    const explain = (id: MethodId, index: number | null, on: TapSession = session) =>
      explainBatch({
        session: on,
        methods: [methodById(id)],
        images,
        layout,
        target: index === null ? { kind: "predicted" } : { kind: "class", index },
        labels: [null],
        batch: 16,
      });
    const [made] = await explain(support.method, null);
    const { map, flags } = made.maps[0];
    if (!map) throw new Error(`${small.name}: ${support.method} made no map: ${flags.join()}`);
    row.ran += 1;
    if (reference && !(support.method === "hirescam" && session.tap.isScaleFree)) {
      for (const { index, values } of reference) {
        const [one] = await explain(support.method, index);
        note(row, apart(one.maps[0].map, values), "double precision, elsewhere");
      }
    }
    const passes = byPasses[support.method];
    if (passes && session.head.kind === "pooled-linear") {
      const [like, timesCells] = passes;
      const [passed] = await explain(like, null, generalPath(session));
      const [, h, w] = session.tap.grid;
      const expected = passed.maps[0].map?.map((value) => value * (h * w) ** timesCells) ?? [];
      note(row, apart(map, expected), "closed form against passes");
    }
  }
  await session.close();
  await model.close();
  console.log(small.name);
}

const lines = methodIds.map((id) => {
  const { label, paper, status, zero } = methods[id];
  const { ran, refused, forwards, error, reference } = rowOf(id);
  const why = [...refused].map(([code, count]) => `${count} × \`${code}\``).join(", ");
  return [
    label,
    paper,
    message(`method.status.${status}`),
    zero,
    methods[id].isFitted ? "after its fit" : `${ran} of ${smallModels.length}`,
    why || "–",
    error === null ? "hand-worked cases" : `${error.toExponential(1)} (${reference})`,
    forwards.length === 0 ? "–" : rangeOf(forwards),
  ];
});
const head = [
  "Method",
  "Paper",
  "Status",
  "Zero",
  "Ran on",
  "Refused",
  "Largest error",
  "Forwards",
];
const table = [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`);
const intro = readFileSync(join(import.meta.dirname, "support/methods-intro.md"), "utf8");
const names = smallModels.map(({ name }) => name).join(", ");
const text = `${intro.trim()}\n\n${table.join("\n")}\n\nNetworks: ${names}.\n`;
const file = join(import.meta.dirname, "../docs/methods.md");
writeFileSync(file, await format(text, { parser: "markdown", printWidth: 100 }));

function rowOf(id: MethodId): Row {
  const row = rows.get(id);
  if (!row) throw new RangeError(id);
  return row;
}

function note(row: Row, error: number, reference: string): void {
  if (row.error !== null && row.error >= error) return;
  row.error = error;
  row.reference = reference;
}

/** Largest difference over the reference's largest magnitude. */
function apart(given: Float32Array | null, reference: ArrayLike<number>): number {
  let [most, largest] = [0, 0];
  for (let i = 0; i < reference.length; i++) {
    most = Math.max(most, Math.abs(reference[i] - (given?.[i] ?? NaN)));
    largest = Math.max(largest, Math.abs(reference[i]));
  }
  return most / largest;
}

function rangeOf(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? String(low) : `${low} to ${high}`;
}
